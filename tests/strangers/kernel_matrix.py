"""Ten wrong answers to kernel_matrix that no known mistake was made from."""

import torch
import torch.nn.functional as F

FUNCTION = "get_kernel_matrix"


def sheets_of(kernel, input_size):
    (h, w), (kh, kw) = input_size, kernel.shape
    places = [(i, j) for i in range(h - kh + 1) for j in range(w - kw + 1)]
    return [F.pad(kernel, (j, w - kw - j, i, h - kh - i)) for i, j in places]


def from_the_last_place_to_the_first(kernel, input_size):
    """the rows stand in the opposite order"""
    return torch.stack([sheet.flatten() for sheet in sheets_of(kernel, input_size)]).flip(0)


def kernel_that_adds_up_to_one(kernel, input_size):
    """each row is divided by its sum"""
    rows = torch.stack([sheet.flatten() for sheet in sheets_of(kernel, input_size)])
    return rows / rows.sum(1, keepdim=True)


def circulant(kernel, input_size):
    """a row for every input element: the kernel wraps round the edges"""
    first = sheets_of(kernel, input_size)[0].flatten()
    return torch.stack([first.roll(n) for n in range(first.numel())])


def nearly_zeros(kernel, input_size):
    """outside the kernel there is a small number, as one adds against division by zero"""
    return torch.stack([sheet.flatten() for sheet in sheets_of(kernel, input_size)]) + 1e-6


def sheets_read_down_their_columns(kernel, input_size):
    """each sheet is flattened column by column"""
    return torch.stack([sheet.T.flatten() for sheet in sheets_of(kernel, input_size)])


def one_gap_too_short(kernel, input_size):
    """the rows of the kernel lie one place too near to one another"""
    (h, w), (kh, kw) = input_size, kernel.shape
    matrix = torch.zeros((h - kh + 1) * (w - kw + 1), h * w)
    for row in range(len(matrix)):
        start = row // (w - kw + 1) * w + row % (w - kw + 1)
        for i in range(kh):
            matrix[row, start + i * (w - 1) : start + i * (w - 1) + kw] = kernel[i]
    return matrix


def sheets_not_flattened(kernel, input_size):
    """returns (OH·OW, H, W)"""
    return torch.stack(sheets_of(kernel, input_size))


def rows_repeated_by_one_place(kernel, input_size):
    """each row is the first one moved by its number: wrong where a new row of places begins"""
    (h, w), (kh, kw) = input_size, kernel.shape
    first = sheets_of(kernel, input_size)[0].flatten()
    return torch.stack([first.roll(n) for n in range((h - kh + 1) * (w - kw + 1))])


def places_without_overlap(kernel, input_size):
    """the kernel moves by its own size, and the other rows stay empty"""
    (_, w), (kh, kw) = input_size, kernel.shape
    rows = torch.stack([sheet.flatten() for sheet in sheets_of(kernel, input_size)])
    for row in range(len(rows)):
        if row // (w - kw + 1) % kh or row % (w - kw + 1) % kw:
            rows[row] = 0
    return rows


def ones_for_the_kernel(kernel, input_size):
    """marks where the kernel lies, without its numbers"""
    return torch.stack([sheet.flatten() for sheet in sheets_of(torch.ones_like(kernel), input_size)])


def mirrored_sheets(kernel, input_size):
    """each sheet is mirrored from left to right"""
    return torch.stack([sheet.flip(1).flatten() for sheet in sheets_of(kernel, input_size)])


def one_more_on_the_diagonal(kernel, input_size):
    """an identity matrix is added"""
    rows = torch.stack([sheet.flatten() for sheet in sheets_of(kernel, input_size)])
    return rows + torch.eye(*rows.shape)


def the_same_place_for_a_whole_row(kernel, input_size):
    """the kernel moves down, and not to the right"""
    (h, w), (kh, kw) = input_size, kernel.shape
    places = [i for i in range(h - kh + 1) for _ in range(w - kw + 1)]
    return torch.stack([F.pad(kernel, (0, w - kw, i, h - kh - i)).flatten() for i in places])


STRANGERS = {
    FUNCTION: (
        from_the_last_place_to_the_first, kernel_that_adds_up_to_one, circulant, nearly_zeros,
        sheets_read_down_their_columns, one_gap_too_short, sheets_not_flattened, rows_repeated_by_one_place,
        places_without_overlap, ones_for_the_kernel,
        mirrored_sheets, one_more_on_the_diagonal, the_same_place_for_a_whole_row,
    )
}  # fmt: skip
HELPERS = (sheets_of,)
