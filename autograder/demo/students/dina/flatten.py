"""Right, having learned from the step before."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_flatten(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding, padding, padding))
    kernel_height, kernel_width = kernel.shape
    output_height = (image.shape[0] - kernel_height) // stride + 1
    output_width = (image.shape[1] - kernel_width) // stride + 1
    matrix = torch.empty(output_height * output_width, kernel.numel())
    for i in range(output_height):
        for j in range(output_width):
            region = image[i * stride : i * stride + kernel_height, j * stride : j * stride + kernel_width]
            matrix[i * output_width + j] = region.reshape(-1)
    return torch.mm(matrix, kernel.reshape(-1, 1)).reshape(output_height, output_width) + bias
