"""Right on squares only."""

import torch


def get_kernel_matrix(kernel, input_size):
    n, k = input_size[0], kernel.shape[0]
    size = n - k + 1
    matrix = torch.zeros(size * size, n * n)
    for i in range(size):
        for j in range(size):
            sheet = torch.zeros(n, n)
            sheet[i : i + k, j : j + k] = kernel
            matrix[i * size + j] = sheet.flatten()
    return matrix
