"""Adds the bias inside the loop over the input channels: C times instead of once."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_full(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, (padding, padding, padding, padding))
    filters, channels, kernel_height, kernel_width = kernel.shape
    if bias is None:
        bias = torch.zeros(filters)
    output_height = (images.shape[2] - kernel_height) // stride + 1
    output_width = (images.shape[3] - kernel_width) // stride + 1
    output = torch.zeros(input.shape[0], filters, output_height, output_width)
    for f in range(filters):
        for c in range(channels):
            for i in range(output_height):
                for j in range(output_width):
                    top, left = i * stride, j * stride
                    window = images[:, c, top : top + kernel_height, left : left + kernel_width]
                    output[:, f, i, j] += (window * kernel[f, c]).sum(dim=(1, 2))
            output[:, f] += bias[f]
    return output
