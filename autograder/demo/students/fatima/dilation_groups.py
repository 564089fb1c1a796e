"""Every group reads the first group's channels."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_final(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    if input.shape[1] % groups != 0 or kernel.shape[0] % groups != 0:
        raise ValueError("groups does not divide the channels")
    images = F.pad(input, (padding, padding, padding, padding))
    filters, channels, kernel_height, kernel_width = kernel.shape
    span_height = dilation * (kernel_height - 1) + 1
    span_width = dilation * (kernel_width - 1) + 1
    output_height = (images.shape[2] - span_height) // stride + 1
    output_width = (images.shape[3] - span_width) // stride + 1
    output = torch.zeros(input.shape[0], filters, output_height, output_width)
    for f in range(filters):
        for c in range(channels):
            for i in range(output_height):
                for j in range(output_width):
                    rows = slice(i * stride, i * stride + span_height, dilation)
                    columns = slice(j * stride, j * stride + span_width, dilation)
                    output[:, f, i, j] += (images[:, c, rows, columns] * kernel[f, c]).sum(dim=(1, 2))
        if bias is not None:
            output[:, f] += bias[f]
    return output
