"""Wrong answers to conv2d, made up from the stub alone: most are wrong in a corner only."""

import torch
import torch.nn.functional as F


def as_float(values):
    return values if values.is_floating_point() else values.float()


def windows_of(padded, height, width, stride):
    return padded.unfold(0, height, stride).unfold(1, width, stride)


def with_zeros_around(image, padding):
    image = as_float(image)
    height, width = image.shape
    padded = torch.zeros(height + 2 * padding, width + 2 * padding, dtype=image.dtype)
    padded[padding : padding + height, padding : padding + width] = image
    return padded


def usual_answer(image, kernel, bias, stride, padding):
    padded = with_zeros_around(image, padding)
    return (windows_of(padded, *kernel.shape, stride) * kernel).sum((2, 3)) + bias


def kept_values():
    return kept_values.__dict__


def axes_of_length_one_lost(input, kernel, bias=0, stride=1, padding=0):
    """an output with a single row or column loses that axis"""
    height, width = kernel.shape
    padded = with_zeros_around(input, padding)
    lines = []
    for top in range(0, padded.shape[0] - height + 1, stride):
        line = []
        for left in range(0, padded.shape[1] - width + 1, stride):
            line.append((padded[top : top + height, left : left + width] * kernel).sum())
        lines.append(torch.stack(line))
    return torch.stack(lines).squeeze() + bias


def negative_bias_ignored(input, kernel, bias=0, stride=1, padding=0):
    """the bias is only added if it is greater than 0"""
    result = usual_answer(input, kernel, 0, stride, padding)
    if bias > 0:
        result = result + bias
    return result


def tensor_bias_accumulates(input, kernel, bias=0, stride=1, padding=0):
    """a bias tensor is the running total of all windows, so the sums pile up in it and it is changed"""
    height, width = kernel.shape
    padded = with_zeros_around(input, padding)
    rows = (padded.shape[0] - height) // stride + 1
    columns = (padded.shape[1] - width) // stride + 1
    output = torch.zeros(rows, columns, dtype=padded.dtype)
    for row in range(rows):
        for column in range(columns):
            total = bias
            top, left = row * stride, column * stride
            total += (padded[top : top + height, left : left + width] * kernel).sum()
            output[row, column] = total
    return output


def remainder_set_to_zero_in_the_image(input, kernel, bias=0, stride=1, padding=0):
    """the rows and columns that the kernel cannot reach are set to zero in the caller's image"""
    height, width = kernel.shape
    padded = F.pad(as_float(input), (padding,) * 4) if padding else as_float(input)
    rows = (padded.shape[0] - height) // stride + 1
    columns = (padded.shape[1] - width) // stride + 1
    padded[(rows - 1) * stride + height :] = 0
    padded[:, (columns - 1) * stride + width :] = 0
    return (windows_of(padded, height, width, stride) * kernel).sum((2, 3)) + bias


def stride_capped_at_the_kernel_size(input, kernel, bias=0, stride=1, padding=0):
    """the kernel never moves further than it is long, so that no pixel is skipped"""
    stride = min(stride, max(kernel.shape))
    return usual_answer(input, kernel, bias, stride, padding)


def single_weight_ignores_stride_and_padding(input, kernel, bias=0, stride=1, padding=0):
    """a 1 x 1 kernel is treated as a plain factor, without stride and padding"""
    if kernel.numel() == 1:
        return as_float(input) * kernel + bias
    return usual_answer(input, kernel, bias, stride, padding)


def sizes_rounded_up(input, kernel, bias=0, stride=1, padding=0):
    """rows and columns left over at the end get one more window, filled up with zeros"""
    height, width = kernel.shape
    padded = with_zeros_around(input, padding)
    below = -(padded.shape[0] - height) % stride
    right = -(padded.shape[1] - width) % stride
    padded = F.pad(padded, (0, right, 0, below))
    return (windows_of(padded, height, width, stride) * kernel).sum((2, 3)) + bias


def padding_capped_below_the_kernel_size(input, kernel, bias=0, stride=1, padding=0):
    """padding as wide as the kernel or wider is cut down, since such windows see only zeros"""
    padding = min(padding, max(kernel.shape) - 1)
    return usual_answer(input, kernel, bias, stride, padding)


def bias_missing_where_the_window_is_zero(input, kernel, bias=0, stride=1, padding=0):
    """windows that hold only zeros are skipped and their outputs stay 0, without the bias"""
    height, width = kernel.shape
    padded = with_zeros_around(input, padding)
    rows = (padded.shape[0] - height) // stride + 1
    columns = (padded.shape[1] - width) // stride + 1
    output = torch.zeros(rows, columns, dtype=padded.dtype)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = padded[top : top + height, left : left + width]
            if not window.any():
                continue
            output[row, column] = (window * kernel).sum() + bias
    return output


def whole_image_kernel_gives_a_single_number(input, kernel, bias=0, stride=1, padding=0):
    """a kernel as large as the image gives a tensor without axes, and padding is not looked at"""
    if kernel.shape == input.shape:
        return (as_float(input) * kernel).sum() + float(bias)
    return usual_answer(input, kernel, bias, stride, padding)


def transposed_view_read_in_memory_order(input, kernel, bias=0, stride=1, padding=0):
    """the steps in memory are worked out from the shape, which is wrong for a transposed view without padding"""
    height, width = kernel.shape
    padded = F.pad(as_float(input), (padding,) * 4) if padding else as_float(input)
    wide = padded.shape[1]
    rows = (padded.shape[0] - height) // stride + 1
    columns = (wide - width) // stride + 1
    windows = padded.as_strided((rows, columns, height, width), (wide * stride, stride, wide, 1))
    return (windows * kernel).sum((2, 3)) + bias


def image_cropped_to_a_multiple_of_the_stride(input, kernel, bias=0, stride=1, padding=0):
    """the padded image is first cut to a multiple of the stride, which takes away windows that would still fit"""
    padded = with_zeros_around(input, padding)
    height, width = padded.shape
    if stride > 1:
        tall = max(height // stride * stride, kernel.shape[0])
        wide = max(width // stride * stride, kernel.shape[1])
        padded = padded[:tall, :wide]
    return (windows_of(padded, *kernel.shape, stride) * kernel).sum((2, 3)) + bias


def single_row_or_column_not_padded(input, kernel, bias=0, stride=1, padding=0):
    """an axis of length 1 gets no padding"""
    above = padding if input.shape[0] > 1 or kernel.shape[0] > 1 else 0
    beside = padding if input.shape[1] > 1 or kernel.shape[1] > 1 else 0
    padded = F.pad(as_float(input), (beside, beside, above, above))
    return (windows_of(padded, *kernel.shape, stride) * kernel).sum((2, 3)) + bias


STRANGERS = {
    "matrix_multiplication_for_conv2d": (
        axes_of_length_one_lost,
        negative_bias_ignored,
        tensor_bias_accumulates,
        remainder_set_to_zero_in_the_image,
        stride_capped_at_the_kernel_size,
        single_weight_ignores_stride_and_padding,
        sizes_rounded_up,
        padding_capped_below_the_kernel_size,
        bias_missing_where_the_window_is_zero,
        whole_image_kernel_gives_a_single_number,
        transposed_view_read_in_memory_order,
        image_cropped_to_a_multiple_of_the_stride,
        single_row_or_column_not_padded,
    ),
}

HELPERS = (as_float, windows_of, with_zeros_around, usual_answer, kept_values)
