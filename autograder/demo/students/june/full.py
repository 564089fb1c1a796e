"""Pads in one go by now. The bias is added to each channel's part before the parts are summed."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_full(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, (padding, padding, padding, padding))
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    parts = torch.einsum("nchwij,fcij->nfchw", windows, kernel)
    if bias is not None:
        parts = parts + bias.reshape(1, -1, 1, 1, 1)
    return parts.sum(dim=2)
