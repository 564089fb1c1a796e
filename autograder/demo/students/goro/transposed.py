"""The matrix way is right; the padding way was never begun."""

import torch


def get_kernel_matrix(kernel, input_size):
    rows = []
    for top in range(input_size[0] - kernel.shape[0] + 1):
        for left in range(input_size[1] - kernel.shape[1] + 1):
            sheet = torch.zeros(*input_size)
            sheet[top : top + kernel.shape[0], left : left + kernel.shape[1]] = kernel
            rows.append(sheet.reshape(-1))
    return torch.stack(rows)


def matrix_multiplication_for_conv_transpose2d(input, kernel):
    height = input.shape[0] + kernel.shape[0] - 1
    width = input.shape[1] + kernel.shape[1] - 1
    matrix = get_kernel_matrix(kernel, (height, width))
    return (matrix.T @ input.reshape(-1, 1)).reshape(height, width)
