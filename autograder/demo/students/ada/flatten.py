"""Right: the regions are collected in a list."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_flatten(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding,) * 4)
    kernel_height, kernel_width = kernel.shape
    tops = range(0, image.shape[0] - kernel_height + 1, stride)
    lefts = range(0, image.shape[1] - kernel_width + 1, stride)
    regions = [image[top : top + kernel_height, left : left + kernel_width].flatten() for top in tops for left in lefts]
    column = torch.matmul(torch.stack(regions), kernel.reshape(-1, 1))
    return column.reshape(len(tops), len(lefts)) + bias
