"""Numbers the rows by i + j, so that positions share a row."""

import torch


def get_kernel_matrix(kernel, input_size):
    height, width = input_size
    output_height, output_width = height - kernel.shape[0] + 1, width - kernel.shape[1] + 1
    matrix = torch.zeros(output_height * output_width, height * width)
    for i in range(output_height):
        for j in range(output_width):
            sheet = torch.zeros(height, width)
            sheet[i : i + kernel.shape[0], j : j + kernel.shape[1]] = kernel
            matrix[i + j] = sheet.flatten()
    return matrix
