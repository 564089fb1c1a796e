"""Answers to kernel_matrix."""

import torch
import torch.nn.functional as F

from answers import right, wrong

NAME = "get_kernel_matrix"


@right(NAME)
def by_slices(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    rows = []
    for top in range(h - kh + 1):
        for left in range(w - kw + 1):
            sheet = torch.zeros(h, w)
            sheet[top : top + kh, left : left + kw] = kernel
            rows.append(sheet.flatten())
    return torch.stack(rows)


@right(NAME)
def by_padding(kernel, input_size):
    h, w = input_size[0], input_size[1]
    kh, kw = kernel.shape
    oh, ow = h - kh + 1, w - kw + 1
    matrix = torch.zeros(oh * ow, h * w)
    row = 0
    for i in range(oh):
        for j in range(ow):
            matrix[row] = F.pad(kernel, (j, w - kw - j, i, h - kh - i)).reshape(-1)
            row += 1
    return matrix


@right(NAME)
def by_columns_of_unit_images(kernel, input_size):
    h, w = input_size
    units = torch.eye(h * w).reshape(h * w, h, w)
    windows = units.unfold(1, kernel.shape[0], 1).unfold(2, kernel.shape[1], 1)
    return torch.einsum("nijkl,kl->ijn", windows, kernel).reshape(-1, h * w)


@right(NAME)
def by_numpy_indices_in_float64(kernel, input_size):
    import numpy as np

    (h, w), values = input_size, kernel.numpy()
    (kh, kw) = values.shape
    oh, ow = h - kh + 1, w - kw + 1
    matrix = np.zeros((oh, ow, h, w))
    i, j, a, b = np.ogrid[:oh, :ow, :kh, :kw]
    matrix[i, j, i + a, j + b] = values
    return torch.from_numpy(matrix.reshape(oh * ow, h * w))


@wrong(NAME, fails=("shape", "size"))
def transposed(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions]).T


@wrong(NAME, fails=("shape", "size"), mistake=4, before="input = torch.ones(3, 3)")
def size_of_a_global_input(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input.shape
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions])


@wrong(NAME, fails=("shape", "size"), mistake=4)
def size_of_python_s_own_input(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input.shape
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions])


@wrong(NAME, fails="size")
def size_as_tuple_only(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    matrix = torch.zeros((h - kh + 1, w - kw + 1) + input_size)  # noqa: RUF005  (it is the mistake)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            matrix[i, j, i : i + kh, j : j + kw] = kernel
    return matrix.reshape(-1, h * w)


@wrong(NAME, fails="rows", mistake=1)
def row_number_is_i_plus_j(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    matrix = torch.zeros((h - kh + 1) * (w - kw + 1), h * w)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            matrix[i + j] = F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten()
    return matrix


@wrong(NAME, fails="rows", mistake=2)
def rows_and_columns_exchanged_in_pad(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (i, h - kh - i, j, w - kw - j)).flatten() for i, j in positions])


@wrong(NAME, fails="rows", mistake=12)
def kernel_flipped(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    turned = kernel.flip(0, 1)
    return torch.stack([F.pad(turned, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions])


@wrong(NAME, fails="rows", mistake=16)
def whole_numbers_only(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten() for i, j in positions]).long()


@wrong(NAME, fails="rectangles", mistake=3)
def kernel_height_for_its_width(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (j, w - kh - j, i, h - kw - i)).flatten() for i, j in positions])


@wrong(NAME, fails="rectangles", mistake=3)
def positions_down_first(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    oh, ow = h - kh + 1, w - kw + 1
    matrix = torch.zeros(oh * ow, h * w)
    for i in range(oh):
        for j in range(ow):
            matrix[i * oh + j] = F.pad(kernel, (j, w - kw - j, i, h - kh - i)).flatten()
    return matrix


@wrong(NAME, fails="zeros")
def tiny_numbers_for_zeros(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    positions = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    sheets = [F.pad(kernel, (j, w - kw - j, i, h - kh - i), value=1e-8) for i, j in positions]
    return torch.stack([sheet.flatten() for sheet in sheets])


@wrong(NAME, fails="product", mistake=16)
def contiguous_kernel_only(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    matrix = torch.zeros(h - kh + 1, w - kw + 1, h, w)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            for a in range(kh):
                matrix[i, j, i + a, j : j + kw] = kernel.view(-1)[a * kw : (a + 1) * kw]
    return matrix.reshape(-1, h * w)


@wrong(NAME, fails=("shape", "size"), mistake=15)
def library_convolution_of_unit_images(kernel, input_size):
    h, w = input_size
    return F.conv2d(torch.eye(h * w).reshape(h * w, 1, h, w), kernel[None, None]).reshape(h * w, -1).T
