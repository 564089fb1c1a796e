"""Right: the helper of the step before, and both ways."""

import torch
import torch.nn.functional as F


def get_kernel_matrix(kernel, input_size):
    height, width = input_size
    kernel_height, kernel_width = kernel.shape
    rows = []
    for above in range(height - kernel_height + 1):
        for before in range(width - kernel_width + 1):
            below = height - kernel_height - above
            after = width - kernel_width - before
            rows.append(F.pad(kernel, (before, after, above, below)).flatten())
    return torch.stack(rows)


def matrix_multiplication_for_conv_transpose2d(input, kernel):
    size = [length + window - 1 for length, window in zip(input.shape, kernel.shape, strict=True)]
    matrix = get_kernel_matrix(kernel, size)
    return torch.matmul(matrix.transpose(0, 1), input.reshape(-1)).reshape(size)


def conv_transpose2d_by_padding(input, kernel):
    kernel_height, kernel_width = kernel.shape
    height, width = input.shape
    padded = torch.zeros(height + 2 * (kernel_height - 1), width + 2 * (kernel_width - 1))
    padded[kernel_height - 1 : kernel_height - 1 + height, kernel_width - 1 : kernel_width - 1 + width] = input
    turned = torch.rot90(kernel, 2)
    output = torch.zeros(height + kernel_height - 1, width + kernel_width - 1)
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            output[row, column] = (padded[row : row + kernel_height, column : column + kernel_width] * turned).sum()
    return output
