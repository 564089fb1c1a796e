"""Turns the kernel by 180 degrees, as the mathematicians' convolution does: wrong from the first check on."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding, padding, padding))
    turned = kernel.flip(0, 1)
    windows = image.unfold(0, turned.shape[0], stride).unfold(1, turned.shape[1], stride)
    return torch.einsum("hwij,ij->hw", windows, turned) + bias
