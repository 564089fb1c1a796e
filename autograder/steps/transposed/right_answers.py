"""Right answers to transposed: three functions."""

# ruff: noqa: F821  (get_kernel_matrix is in a cell of the learner's)

import torch
import torch.nn.functional as F

from autograder.steps.kernel_matrix import right_answers
from autograder.suite.known_answers import right, shared

MATRIX = "matrix_multiplication_for_conv_transpose2d"
PADDING = "conv_transpose2d_by_padding"
AS_IN_KERNEL_MATRIX = shared(
    "transposed",
    "get_kernel_matrix",
    right_answers.by_slices,
    right_answers.by_padding,
    right_answers.by_list_comprehension_over_single_numbers,
    right_answers.by_blocks_in_bands,
    right_answers.by_as_strided,
    right_answers.by_recursion_over_the_rows,
)


@right(MATRIX)
def by_the_helper(input, kernel):
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel, size).T @ input.reshape(-1, 1)).reshape(size)


@right(MATRIX)
def row_times_matrix_without_the_helper(input, kernel):
    (h, w), (kh, kw) = input.shape, kernel.shape
    matrix = torch.zeros(h, w, h + kh - 1, w + kw - 1)
    for i in range(h):
        for j in range(w):
            matrix[i, j, i : i + kh, j : j + kw] = kernel
    return torch.einsum("ij,ijkl->kl", input, matrix)


@right(MATRIX)
def by_numpy_in_float64(input, kernel):
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    matrix = get_kernel_matrix(kernel, size).numpy().astype(float)
    return torch.from_numpy((matrix.T @ input.numpy().astype(float).ravel()).reshape(size))


@right(MATRIX)
def keyword_only_row_from_the_left(*, input, kernel):
    size = torch.Size(a + b - 1 for a, b in zip(input.shape, kernel.shape, strict=True))
    return (input.flatten() @ get_kernel_matrix(kernel, tuple(size))).view(size)


class Sizes:
    def __init__(self, input, kernel):
        self.height = input.shape[0] + kernel.shape[0] - 1
        self.width = input.shape[1] + kernel.shape[1] - 1

    def fold(self, column):
        return column.reshape(self.height, self.width)


@right(MATRIX, helpers=(Sizes,))
def by_a_class_in_another_cell(input, kernel):
    sizes = Sizes(input, kernel)
    matrix = get_kernel_matrix(kernel, [sizes.height, sizes.width])
    return sizes.fold(torch.matmul(matrix.t(), input.reshape(-1, 1)))


@right(MATRIX)
def column_by_column_as_a_sum(input, kernel):
    h, w = (a + b - 1 for a, b in zip(input.shape, kernel.shape, strict=True))
    rows = get_kernel_matrix(kernel, (h, w))
    return sum((value * row for value, row in zip(input.flatten(), rows, strict=True)), torch.zeros(h * w)).view(h, w)


@right(PADDING)
def padded_by_loops(input, kernel):
    (h, w), (kh, kw) = input.shape, kernel.shape
    padded = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1))
    turned = torch.rot90(kernel, 2)
    output = torch.zeros(h + kh - 1, w + kw - 1)
    for i in range(h + kh - 1):
        for j in range(w + kw - 1):
            output[i, j] = (padded[i : i + kh, j : j + kw] * turned).sum()
    return output


@right(PADDING)
def padded_by_tensor_unfold(input, kernel):
    kh, kw = kernel.shape
    windows = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)).unfold(0, kh, 1).unfold(1, kw, 1)
    return torch.einsum("ijkl,kl->ij", windows, kernel.flip(0, 1))


@right(PADDING)
def copies_of_the_kernel_added(input, kernel):
    (h, w), (kh, kw) = input.shape, kernel.shape
    output = torch.zeros(h + kh - 1, w + kw - 1)
    for i in range(h):
        for j in range(w):
            output[i : i + kh, j : j + kw] += input[i, j] * kernel
    return output


@right(PADDING)
def padded_by_numpy_windows(input, kernel):
    import numpy as np

    kh, kw = kernel.shape
    padded = np.pad(input.numpy().astype(float), ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw))
    return torch.from_numpy((windows * kernel.numpy()[::-1, ::-1]).sum((2, 3)))


def line_by_line(input, kernel, row):
    if row == kernel.shape[0]:
        return 0
    rest = line_by_line(input, kernel, row + 1)
    below = kernel.shape[0] - 1 - row
    line = sum(
        kernel[row, column] * F.pad(input, (column, kernel.shape[1] - 1 - column, row, below))
        for column in range(kernel.shape[1])
    )
    return line + rest


@right(PADDING, helpers=(line_by_line,))
def shifted_images_by_recursion(input, kernel):
    return line_by_line(input, kernel, 0)


@right(PADDING)
def padded_by_as_strided_keyword_only(*, input, kernel):
    kh, kw = kernel.shape
    # A 1×1 kernel adds no padding, so a transposed input would keep its strides.
    padded = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)).double().contiguous()
    h, w = padded.shape
    windows = padded.as_strided((h - kh + 1, w - kw + 1, kh, kw), (w, 1, w, 1)).flatten(2)
    return windows @ torch.flip(kernel, (0, 1)).double().flatten()
