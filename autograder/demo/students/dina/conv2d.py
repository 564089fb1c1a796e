"""Takes `stride` and does nothing with it."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding, padding, padding))
    kernel_height, kernel_width = kernel.shape
    output = torch.zeros(image.shape[0] - kernel_height + 1, image.shape[1] - kernel_width + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            output[i, j] = torch.sum(image[i : i + kernel_height, j : j + kernel_width] * kernel) + bias
    return output
