"""Right: one large tensor, filled kernel element by kernel element."""

import torch


def get_kernel_matrix(kernel, input_size):
    height, width = input_size
    output_height, output_width = height - kernel.shape[0] + 1, width - kernel.shape[1] + 1
    matrix = torch.zeros(output_height, output_width, height, width)
    tops, lefts = torch.arange(output_height)[:, None], torch.arange(output_width)[None, :]
    for down in range(kernel.shape[0]):
        for right in range(kernel.shape[1]):
            matrix[tops, lefts, tops + down, lefts + right] = kernel[down, right]
    return matrix.reshape(output_height * output_width, height * width)
