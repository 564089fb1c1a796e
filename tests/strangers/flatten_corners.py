"""Wrong answers to flatten, made up from the stub alone: most are wrong in a corner only."""

import torch
import torch.nn.functional as F


def as_float(values):
    return values if values.is_floating_point() else values.float()


def output_size(shape, kernel, stride, padding):
    rows = (shape[0] + 2 * padding - kernel.shape[0]) // stride + 1
    columns = (shape[1] + 2 * padding - kernel.shape[1]) // stride + 1
    return rows, columns


def regions_of(padded, kernel, stride):
    height, width = kernel.shape
    rows, columns = output_size(padded.shape, kernel, stride, 0)
    regions = torch.zeros(rows * columns, height * width, dtype=padded.dtype)
    number = 0
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            regions[number] = padded[top : top + height, left : left + width].reshape(-1)
            number += 1
    return regions


def usual_answer(image, kernel, bias, stride, padding):
    regions = regions_of(F.pad(as_float(image), (padding,) * 4), kernel, stride)
    product = regions @ as_float(kernel).reshape(-1, 1)
    return product.reshape(output_size(image.shape, kernel, stride, padding)) + bias


def kept_values():
    return kept_values.__dict__


def kernel_read_in_memory_order(input, kernel, bias=0, stride=1, padding=0):
    """the kernel's column is read in the order of memory, which is wrong for a transposed view"""
    column = as_float(kernel).as_strided((kernel.numel(), 1), (1, 1))
    regions = regions_of(F.pad(as_float(input), (padding,) * 4), kernel, stride)
    return (regions @ column).reshape(output_size(input.shape, kernel, stride, padding)) + bias


def single_window_loses_its_axes(input, kernel, bias=0, stride=1, padding=0):
    """a single output comes as a tensor with one axis or none"""
    regions = regions_of(F.pad(as_float(input), (padding,) * 4), kernel, stride)
    result = (regions @ as_float(kernel).reshape(-1, 1)).squeeze()
    if result.dim() > 0:
        result = result.reshape(output_size(input.shape, kernel, stride, padding))
    return result + bias


def square_number_of_windows_folded_into_a_square(input, kernel, bias=0, stride=1, padding=0):
    """if the number of windows is a square, the outputs are folded into a square"""
    regions = regions_of(F.pad(as_float(input), (padding,) * 4), kernel, stride)
    product = regions @ as_float(kernel).reshape(-1, 1)
    side = round(len(product) ** 0.5)
    if side * side == len(product):
        return product.reshape(side, side) + bias
    return product.reshape(output_size(input.shape, kernel, stride, padding)) + bias


def kernel_made_a_column_in_place(input, kernel, bias=0, stride=1, padding=0):
    """the caller's kernel itself is turned into a column"""
    regions = regions_of(F.pad(as_float(input), (padding,) * 4), kernel, stride)
    size = output_size(input.shape, kernel, stride, padding)
    column = as_float(kernel.resize_(kernel.numel(), 1))
    return (regions @ column).reshape(size) + bias


def one_row_kernel_takes_every_row(input, kernel, bias=0, stride=1, padding=0):
    """a kernel with a single row moves by the stride only to the right, not down"""
    if kernel.shape[0] > 1:
        return usual_answer(input, kernel, bias, stride, padding)
    lines = F.pad(as_float(input), (padding,) * 4).unfold(1, kernel.shape[1], stride)
    regions = lines.reshape(-1, kernel.shape[1])
    return (regions @ as_float(kernel).reshape(-1, 1)).reshape(lines.shape[:2]) + bias


def whole_image_kernel_ignores_the_padding(input, kernel, bias=0, stride=1, padding=0):
    """a kernel of the image's shape gives a single output, even with padding"""
    if kernel.shape == input.shape:
        return as_float(input).reshape(1, -1) @ as_float(kernel).reshape(-1, 1) + bias
    return usual_answer(input, kernel, bias, stride, padding)


def line_length_without_the_padding(input, kernel, bias=0, stride=1, padding=0):
    """the places in the padded image are counted with the width of the image without padding"""
    flat = F.pad(as_float(input), (padding,) * 4).reshape(-1)
    rows, columns = output_size(input.shape, kernel, stride, padding)
    width = input.shape[1]
    starts = (torch.arange(rows)[:, None] * stride * width + torch.arange(columns) * stride).reshape(-1, 1)
    inside = (torch.arange(kernel.shape[0])[:, None] * width + torch.arange(kernel.shape[1])).reshape(1, -1)
    return (flat[starts + inside] @ as_float(kernel).reshape(-1, 1)).reshape(rows, columns) + bias


def region_matrix_in_half_precision(input, kernel, bias=0, stride=1, padding=0):
    """the region matrix is stored in 16 bits to save memory, so large numbers are rounded or become infinite"""
    regions = regions_of(F.pad(as_float(input), (padding,) * 4), kernel, stride).half()
    product = regions.to(as_float(kernel).dtype) @ as_float(kernel).reshape(-1, 1)
    return product.reshape(output_size(input.shape, kernel, stride, padding)) + bias


def stride_beyond_the_kernel_shortened(input, kernel, bias=0, stride=1, padding=0):
    """a stride larger than both sides of the kernel is replaced by the kernel's longer side"""
    if stride > kernel.shape[0] and stride > kernel.shape[1]:
        stride = max(kernel.shape)
    return usual_answer(input, kernel, bias, stride, padding)


def bias_tensor_scaled_in_place(input, kernel, bias=0, stride=1, padding=0):
    """the bias is spread over a column by dividing it in place, so a bias tensor is changed for the caller"""
    regions = regions_of(F.pad(as_float(input), (padding,) * 4), kernel, stride)
    length = kernel.numel()
    bias /= length
    column = torch.cat([as_float(kernel).reshape(-1, 1), torch.full((length, 1), float(bias), dtype=regions.dtype)])
    wider = torch.cat([regions, torch.ones_like(regions)], dim=1)
    return (wider @ column).reshape(output_size(input.shape, kernel, stride, padding))


def padding_above_one_only_at_the_end(input, kernel, bias=0, stride=1, padding=0):
    """with stride 1, padding beyond one row and column is put below and on the right only"""
    if stride == 1 and padding > 1:
        padded = F.pad(as_float(input), (1, 2 * padding - 1, 1, 2 * padding - 1))
    else:
        padded = F.pad(as_float(input), (padding,) * 4)
    product = regions_of(padded, kernel, stride) @ as_float(kernel).reshape(-1, 1)
    return product.reshape(output_size(input.shape, kernel, stride, padding)) + bias


def equal_windows_written_down_once(input, kernel, bias=0, stride=1, padding=0):
    """windows that occurred before are left out of the region matrix, and their outputs stay at the bias"""
    rows, columns = output_size(input.shape, kernel, stride, padding)
    every = regions_of(F.pad(as_float(input), (padding,) * 4), kernel, stride)
    new = [number for number, line in enumerate(every.tolist()) if line not in every[:number].tolist()]
    output = torch.zeros(rows * columns, 1, dtype=every.dtype)
    output[new] = every[new] @ as_float(kernel).reshape(-1, 1)
    return output.reshape(rows, columns) + bias


STRANGERS = {
    "matrix_multiplication_for_conv2d_flatten": (
        kernel_read_in_memory_order,
        single_window_loses_its_axes,
        square_number_of_windows_folded_into_a_square,
        kernel_made_a_column_in_place,
        one_row_kernel_takes_every_row,
        whole_image_kernel_ignores_the_padding,
        line_length_without_the_padding,
        region_matrix_in_half_precision,
        stride_beyond_the_kernel_shortened,
        bias_tensor_scaled_in_place,
        padding_above_one_only_at_the_end,
        equal_windows_written_down_once,
    ),
}

HELPERS = (as_float, output_size, regions_of, usual_answer, kept_values)
