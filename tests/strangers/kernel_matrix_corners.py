"""Wrong answers to kernel_matrix, made up from the stub alone: most are wrong in a corner only."""

import torch
import torch.nn.functional as F


def as_float(values):
    return values if values.is_floating_point() else values.float()


def places_of(kernel, height, width):
    """The kernel's positions on an image of that size, in the order of the outputs."""
    rows, columns = height - kernel.shape[0] + 1, width - kernel.shape[1] + 1
    return [(row, column) for row in range(rows) for column in range(columns)]


def usual_answer(kernel, height, width):
    kernel, lines = as_float(kernel), []
    for row, column in places_of(kernel, height, width):
        sheet = torch.zeros(height, width, dtype=kernel.dtype)
        sheet[row : row + kernel.shape[0], column : column + kernel.shape[1]] = kernel
        lines.append(sheet.reshape(-1))
    return torch.stack(lines)


def kept_values():
    return kept_values.__dict__


def single_row_loses_its_axis(kernel, input_size):
    """if there is only one position, the matrix has a single axis"""
    return usual_answer(kernel, *input_size).squeeze(0)


def jumps_by_the_kernels_height(kernel, input_size):
    """each row is the row above moved by one, and at the end of a line moved by the kernel's height, not its width"""
    height, width = input_size
    first = torch.zeros(height, width, dtype=as_float(kernel).dtype)
    first[: kernel.shape[0], : kernel.shape[1]] = kernel
    line, lines = first.reshape(-1), []
    for _, column in places_of(kernel, height, width):
        lines.append(line)
        line = line.roll(1 if column + kernel.shape[1] < width else kernel.shape[0])
    return torch.stack(lines)


def kernel_as_wide_as_the_image_moves_by_one(kernel, input_size):
    """each row is the row above moved on, but a kernel as wide as the image moves by 1 instead of a whole line"""
    height, width = input_size
    last = width - kernel.shape[1]
    line = F.pad(as_float(kernel), (0, last, 0, height - kernel.shape[0])).reshape(-1)
    lines = []
    for _, column in places_of(kernel, height, width):
        lines.append(line)
        jump = kernel.shape[1] if column > 0 and column == last else 1
        line = line.roll(jump)
    return torch.stack(lines)


def transposed_kernel_read_in_memory_order(kernel, input_size):
    """the kernel's numbers are taken in the order of memory, which is wrong for a transposed view"""
    height, width = input_size
    weights = as_float(kernel).as_strided((kernel.numel(),), (1,))
    lines, columns = torch.arange(kernel.shape[0]), torch.arange(kernel.shape[1])
    inside = (lines[:, None] * width + columns).reshape(-1)
    places = places_of(kernel, height, width)
    matrix = torch.zeros(len(places), height * width, dtype=as_float(kernel).dtype)
    for number, (row, column) in enumerate(places):
        matrix[number, inside + row * width + column] = weights
    return matrix


def one_by_one_kernel_gives_the_identity(kernel, input_size):
    """for a 1 x 1 kernel the matrix is the identity, whatever the weight"""
    height, width = input_size
    if kernel.shape == (1, 1):
        return torch.eye(height * width, dtype=as_float(kernel).dtype)
    return usual_answer(kernel, height, width)


def remembered_by_the_sizes_alone(kernel, input_size):
    """a second kernel of the same shape gets the matrix of the first"""
    key = f"{tuple(kernel.shape)} on {tuple(input_size)}"
    if key not in kept_values():
        kept_values()[key] = usual_answer(kernel, *input_size)
    return kept_values()[key].clone()


def tiny_numbers_instead_of_zeros(kernel, input_size):
    """the matrix is computed with Fourier transforms, which leaves tiny numbers where zeros belong"""
    height, width = input_size
    places = places_of(kernel, height, width)
    units = torch.eye(height * width, dtype=as_float(kernel).dtype).reshape(-1, height, width)
    kernel = as_float(kernel)
    spectrum = torch.fft.rfft2(units) * torch.fft.rfft2(kernel, s=(height, width)).conj()
    outputs = torch.fft.irfft2(spectrum, s=(height, width))
    rows, columns = height - kernel.shape[0] + 1, width - kernel.shape[1] + 1
    return outputs[:, :rows, :columns].reshape(height * width, len(places)).T


def zero_weights_shift_the_others(kernel, input_size):
    """the places are found where the laid kernel is not zero, so a zero weight moves all the later weights"""
    matrix = usual_answer(kernel, *input_size)
    mask = matrix != 0
    weights = as_float(kernel).reshape(-1).repeat(len(matrix))
    matrix[mask] = weights[: int(mask.sum())]
    return matrix


def negative_weights_lost(kernel, input_size):
    """each row keeps the larger of the kernel and the sheet of zeros, so negative weights become 0"""
    height, width = input_size
    lines = []
    for row, column in places_of(kernel, height, width):
        laid = F.pad(as_float(kernel), (column, width - kernel.shape[1] - column, row, height - kernel.shape[0] - row))
        lines.append(torch.maximum(torch.zeros_like(laid), laid).reshape(-1))
    return torch.stack(lines)


def one_row_kernel_squeezed_in_place(kernel, input_size):
    """a kernel with one row itself loses that axis for the caller"""
    height, width = input_size
    if kernel.shape[0] > 1:
        return usual_answer(kernel, height, width)
    kernel.squeeze_(0)
    band = width - len(kernel) + 1
    matrix = torch.zeros(height * band, height * width, dtype=as_float(kernel).dtype)
    for row in range(height):
        for column in range(band):
            start = row * width + column
            matrix[row * band + column, start : start + len(kernel)] = kernel
    return matrix


def last_position_lost_on_a_single_line(kernel, input_size):
    """on an image with one row or column the last position is left out"""
    height, width = input_size
    matrix = usual_answer(kernel, height, width)
    if 1 in (height, width) and len(matrix) > 1:
        matrix = matrix[: max(height, width) - max(kernel.shape)]
    return matrix


STRANGERS = {
    "get_kernel_matrix": (
        single_row_loses_its_axis,
        jumps_by_the_kernels_height,
        kernel_as_wide_as_the_image_moves_by_one,
        transposed_kernel_read_in_memory_order,
        one_by_one_kernel_gives_the_identity,
        remembered_by_the_sizes_alone,
        tiny_numbers_instead_of_zeros,
        zero_weights_shift_the_others,
        negative_weights_lost,
        one_row_kernel_squeezed_in_place,
        last_position_lost_on_a_single_line,
    ),
}

HELPERS = (as_float, places_of, usual_answer, kept_values)
