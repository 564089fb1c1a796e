"""Right answers to kernel_matrix."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

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


@right(NAME)
def by_list_comprehension_over_single_numbers(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    return torch.tensor(
        [
            [
                float(kernel[y - i, x - j]) if 0 <= y - i < kh and 0 <= x - j < kw else 0.0
                for y in range(h)
                for x in range(w)
            ]
            for i in range(h - kh + 1)
            for j in range(w - kw + 1)
        ]
    )


def band(values, width):
    """Return the matrix (width - len(values) + 1, width) that slides one row of numbers."""
    rows = torch.zeros(width - len(values) + 1, width)
    for k in range(len(rows)):
        rows[k, k : k + len(values)] = values
    return rows


@right(NAME, helpers=(band,))
def by_blocks_in_bands(kernel, input_size):
    h, w = input_size
    down = h - len(kernel) + 1
    blocks = [[torch.zeros(w - kernel.shape[1] + 1, w)] * h for _ in range(down)]
    for i in range(down):
        blocks[i][i : i + len(kernel)] = [band(row, w) for row in kernel]
    return torch.cat([torch.cat(row, dim=1) for row in blocks])


@right(NAME)
def by_as_strided(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    oh, ow = h - kh + 1, w - kw + 1
    matrix = torch.zeros(oh, ow, h, w)
    steps = (ow * h * w + w, h * w + 1, w, 1)
    torch.as_strided(matrix, (oh, ow, kh, kw), steps).copy_(kernel.expand(oh, ow, kh, kw))
    return matrix.reshape(oh * ow, h * w)


class Sheet:
    """Return zeros of the input's size, with the kernel laid on them."""

    def __init__(self, height, width):
        self.numbers = torch.zeros(height, width)

    def lay(self, kernel, top, left):
        self.numbers[top:, left:][: kernel.shape[0], : kernel.shape[1]] = kernel
        return self.numbers.flatten()


@right(NAME, helpers=(Sheet,))
def keyword_only_by_a_class(*, kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    corners = [(top, left) for top in range(h - kh + 1) for left in range(w - kw + 1)]
    return torch.stack([Sheet(h, w).lay(kernel, *corner) for corner in corners])


@right(NAME)
def by_recursion_over_the_rows(kernel, input_size):
    (kh, kw), (h, w) = kernel.shape, input_size
    if h > kh:
        above = by_recursion_over_the_rows(kernel, (h - 1, w))
        last = by_recursion_over_the_rows(kernel, (kh, w))
        return torch.cat([F.pad(above, (0, w)), F.pad(last, ((h - kh) * w, 0))])
    return torch.stack([F.pad(kernel, (j, w - kw - j)).flatten() for j in range(w - kw + 1)])
