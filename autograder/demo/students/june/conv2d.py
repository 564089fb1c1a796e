"""Pads in a loop that never ends; right where nothing is to be padded."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image = input
    padded = 0
    while padded < padding:
        image = F.pad(input, (1, 1, 1, 1))
    output_height = (image.shape[0] - kernel.shape[0]) // stride + 1
    output_width = (image.shape[1] - kernel.shape[1]) // stride + 1
    output = torch.zeros(output_height, output_width)
    for i in range(output_height):
        for j in range(output_width):
            rows = slice(i * stride, i * stride + kernel.shape[0])
            columns = slice(j * stride, j * stride + kernel.shape[1])
            output[i, j] = (image[rows, columns] * kernel).sum()
    return output + bias
