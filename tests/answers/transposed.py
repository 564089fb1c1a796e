"""Answers to transposed: three functions."""

import torch
import torch.nn.functional as F

from answers import right, wrong

HELPER = "get_kernel_matrix"
MATRIX = "matrix_multiplication_for_conv_transpose2d"
PADDING = "conv_transpose2d_by_padding"


@right(HELPER)
def helper_by_slices(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    rows = []
    for top in range(h - kh + 1):
        for left in range(w - kw + 1):
            sheet = torch.zeros(h, w)
            sheet[top : top + kh, left : left + kw] = kernel
            rows.append(sheet.flatten())
    return torch.stack(rows)


@right(MATRIX)
def by_the_helper(input, kernel):
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel, size).T @ input.reshape(-1, 1)).reshape(size)  # noqa: F821


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
    matrix = get_kernel_matrix(kernel, size).numpy().astype(float)  # noqa: F821
    return torch.from_numpy((matrix.T @ input.numpy().astype(float).ravel()).reshape(size))


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
def kernels_stamped_on_the_output(input, kernel):
    (h, w), (kh, kw) = input.shape, kernel.shape
    output = torch.zeros(h + kh - 1, w + kw - 1)
    for i in range(h):
        for j in range(w):
            output[i : i + kh, j : j + kw] += input[i, j] * kernel
    return output


@wrong(HELPER, fails=("helper", "matrix"), mistake=2)
def helper_with_rows_and_columns_exchanged(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (i, h - kh - i, j, w - kw - j)).flatten() for i, j in positions])


@wrong(HELPER, fails=("helper", "matrix_rectangles"), mistake=3)
def helper_for_squares_only(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kh - j, i, h - kw - i)).flatten() for i, j in positions])


@wrong(MATRIX, fails="matrix", mistake=14)
def convolves_instead(input, kernel):
    matrix = get_kernel_matrix(kernel, input.shape)  # noqa: F821
    return (matrix @ input.reshape(-1, 1)).reshape(input.shape[0] - kernel.shape[0] + 1, -1)


@wrong(MATRIX, fails="matrix", mistake=14)
def convolves_the_padded_input(input, kernel):
    kh, kw = kernel.shape
    padded = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1))
    size = (input.shape[0] + kh - 1, input.shape[1] + kw - 1)
    return (get_kernel_matrix(kernel, padded.shape) @ padded.reshape(-1, 1)).reshape(size)  # noqa: F821


@wrong(MATRIX, fails="matrix_rectangles", mistake=3)
def kernel_width_in_the_height(input, kernel):
    size = (input.shape[0] + kernel.shape[1] - 1, input.shape[1] + kernel.shape[0] - 1)
    return (get_kernel_matrix(kernel, size).T @ input.reshape(-1, 1)).reshape(size)  # noqa: F821


@wrong(MATRIX, fails="matrix_rectangles", mistake=3)
def folded_back_with_height_and_width_exchanged(input, kernel):
    h, w = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel, (h, w)).T @ input.reshape(-1, 1)).reshape(w, h)  # noqa: F821


@wrong(PADDING, fails="padding", mistake=14)
def kernel_not_turned(input, kernel):
    kh, kw = kernel.shape
    windows = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)).unfold(0, kh, 1).unfold(1, kw, 1)
    return torch.einsum("ijkl,kl->ij", windows, kernel)


@wrong(PADDING, fails="padding", mistake=14)
def kernel_turned_upside_down_only(input, kernel):
    kh, kw = kernel.shape
    windows = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)).unfold(0, kh, 1).unfold(1, kw, 1)
    return torch.einsum("ijkl,kl->ij", windows, kernel.flip(0))


@wrong(PADDING, fails="padding", mistake=14)
def kernel_transposed(input, kernel):
    kh, kw = kernel.shape
    windows = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)).unfold(0, kh, 1).unfold(1, kw, 1)
    return torch.einsum("ijkl,lk->ij", windows, kernel)


@wrong(PADDING, fails="padding_rectangles", mistake=2)
def height_and_width_of_the_padding_exchanged(input, kernel):
    kh, kw = kernel.shape
    windows = F.pad(input, (kh - 1, kh - 1, kw - 1, kw - 1)).unfold(0, kh, 1).unfold(1, kw, 1)
    return torch.einsum("ijkl,kl->ij", windows, kernel.flip(0, 1))


@wrong(PADDING, fails="arguments", mistake=16)
def input_resized_in_place(input, kernel):
    kh, kw = kernel.shape
    padded = F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1))
    windows = padded.unfold(0, kh, 1).unfold(1, kw, 1)
    input.unsqueeze_(0)
    return torch.einsum("ijkl,kl->ij", windows, kernel.flip(0, 1))


@wrong(MATRIX, fails="arguments", mistake=16)
def contiguous_input_only(input, kernel):
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel, size).T @ input.view(-1, 1)).reshape(size)  # noqa: F821


@wrong(PADDING, fails="padding", mistake=15)
def library_transposed_convolution(input, kernel):
    return F.conv_transpose2d(input[None, None], kernel[None, None])[0, 0]
