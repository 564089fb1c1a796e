"""Right, with four plain loops."""

import torch


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    height, width = input.shape
    padded = torch.zeros(height + 2 * padding, width + 2 * padding)
    padded[padding : padding + height, padding : padding + width] = input
    kernel_height, kernel_width = kernel.shape
    output_height = (height + 2 * padding - kernel_height) // stride + 1
    output_width = (width + 2 * padding - kernel_width) // stride + 1
    output = torch.zeros(output_height, output_width)
    for row in range(output_height):
        for column in range(output_width):
            for down in range(kernel_height):
                for right in range(kernel_width):
                    pixel = padded[row * stride + down, column * stride + right]
                    output[row, column] += pixel * kernel[down, right]
    return output + bias
