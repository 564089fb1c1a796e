"""Right: one channel of one image at a time."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_full(input, kernel, bias=None, stride=1, padding=0):
    images, channels, height, width = input.shape
    filters, _, kernel_height, kernel_width = kernel.shape
    output_height = (height + 2 * padding - kernel_height) // stride + 1
    output_width = (width + 2 * padding - kernel_width) // stride + 1
    output = torch.zeros(images, filters, output_height, output_width)
    for n in range(images):
        for f in range(filters):
            for c in range(channels):
                image = F.pad(input[n, c], (padding, padding, padding, padding))
                for row in range(output_height):
                    for column in range(output_width):
                        top, left = row * stride, column * stride
                        window = image[top : top + kernel_height, left : left + kernel_width]
                        output[n, f, row, column] += (window * kernel[f, c]).sum()
            if bias is not None:
                output[n, f] += bias[f]
    return output
