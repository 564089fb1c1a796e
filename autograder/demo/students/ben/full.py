"""Right, without a loop."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_full(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, (padding, padding, padding, padding))
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("nchwij,fcij->nfhw", windows, kernel)
    return output if bias is None else output + bias[:, None, None]
