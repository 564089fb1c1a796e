"""Wrong answers to full, made up from the stub alone: most are wrong in a corner only."""

import torch
import torch.nn.functional as F


def as_float(values):
    return values if values.is_floating_point() else values.float()


def windows_of(padded, height, width, stride):
    return padded.unfold(2, height, stride).unfold(3, width, stride)


def sums_without_bias(padded, kernel, stride):
    windows = windows_of(padded, *kernel.shape[2:], stride)
    return torch.einsum("nchwij,fcij->nfhw", windows, as_float(kernel))


def usual_answer(images, kernel, bias, stride, padding):
    result = sums_without_bias(F.pad(as_float(images), (padding,) * 4), kernel, stride)
    return result if bias is None else result + bias.reshape(1, -1, 1, 1)


def kept_values():
    return kept_values.__dict__


def bias_along_the_columns_where_it_fits(input, kernel, bias=None, stride=1, padding=0):
    """if the output has as many columns as there are kernels, each column gets a bias instead of each channel"""
    result = usual_answer(input, kernel, None, stride, padding)
    if bias is None:
        return result
    try:
        return result + bias
    except RuntimeError:
        return result + bias[None, :, None, None]


def bias_gets_axes_in_place(input, kernel, bias=None, stride=1, padding=0):
    """the caller's bias itself gets two more axes"""
    result = usual_answer(input, kernel, None, stride, padding)
    if bias is not None:
        while bias.dim() < 3:
            bias.unsqueeze_(-1)
        result = result + bias
    return result


def output_of_one_column_loses_its_axis(input, kernel, bias=None, stride=1, padding=0):
    """an output with one column has only three axes"""
    return usual_answer(input, kernel, bias, stride, padding).squeeze(-1)


def only_three_channels_counted(input, kernel, bias=None, stride=1, padding=0):
    """only the first three channels are added up, as if every image were in colour"""
    total = 0
    for channel in range(min(3, input.shape[1])):
        total = total + usual_answer(
            input[:, channel : channel + 1], kernel[:, channel : channel + 1], None, stride, padding
        )
    return total if bias is None else total + bias.reshape(-1, 1, 1)


def kernels_and_channels_swapped_if_equal(input, kernel, bias=None, stride=1, padding=0):
    """if the kernel's first axis is as long as the channels, it is taken for the channels and the axes are swapped"""
    if kernel.shape[0] == input.shape[1]:
        kernel = kernel.transpose(0, 1)
    return usual_answer(input, kernel, bias, stride, padding)


def permuted_view_read_in_memory_order(input, kernel, bias=None, stride=1, padding=0):
    """the steps in memory are worked out from the shape, which is wrong for a permuted view without padding"""
    padded = F.pad(as_float(input), (padding,) * 4) if padding else as_float(input)
    count, channels, tall, wide = padded.shape
    height, width = kernel.shape[2:]
    rows, columns = (tall - height) // stride + 1, (wide - width) // stride + 1
    steps = (channels * tall * wide, tall * wide, wide * stride, stride, wide, 1)
    windows = padded.as_strided((count, channels, rows, columns, height, width), steps)
    result = torch.einsum("nchwij,fcij->nfhw", windows, as_float(kernel))
    return result if bias is None else result + bias.reshape(1, -1, 1, 1)


def permuted_view_refused(input, kernel, bias=None, stride=1, padding=0):
    """view is called on the images, which is an error if they are not contiguous"""
    count, channels, tall, wide = input.shape
    planes = F.pad(as_float(input).view(count * channels, tall, wide), (padding,) * 4)
    padded = planes.reshape(count, channels, tall + 2 * padding, wide + 2 * padding)
    result = sums_without_bias(padded, kernel, stride)
    return result if bias is None else result + bias.view(1, -1, 1, 1)


def missing_bias_replaced_by_the_last_one(input, kernel, bias=None, stride=1, padding=0):
    """without a bias, the bias of the last call with as many kernels is added"""
    key = f"bias {len(kernel)}"
    if bias is None:
        bias = kept_values().get(key, torch.zeros(len(kernel), dtype=kernel.dtype))
    kept_values()[key] = bias.clone()
    return usual_answer(input, kernel, bias, stride, padding)


def padding_never_more_than_one(input, kernel, bias=None, stride=1, padding=0):
    """one row and column of zeros goes on each side, however large the padding"""
    if padding:
        beside = torch.zeros_like(input[:, :, :, :1])
        input = torch.cat([beside, input, beside], dim=3)
        above = torch.zeros_like(input[:, :, :1])
        input = torch.cat([above, input, above], dim=2)
    return usual_answer(input, kernel, bias, stride, 0)


def kernel_over_both_edges_cut_at_one(input, kernel, bias=None, stride=1, padding=0):
    """instead of padding, the kernel is cut where it hangs over, but only at the first of two opposite edges"""
    count, _, tall, wide = input.shape
    number, _, height, width = kernel.shape
    rows = (tall + 2 * padding - height) // stride + 1
    columns = (wide + 2 * padding - width) // stride + 1
    output = torch.zeros(count, number, rows, columns, dtype=as_float(input).dtype)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride - padding, column * stride - padding
            window = input[:, :, max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)]
            seen_rows, seen_columns = window.shape[2:]
            if seen_rows == 0 or seen_columns == 0:
                continue
            part = kernel[:, :, -seen_rows:] if top < 0 else kernel[:, :, :seen_rows]
            part = part[:, :, :, -seen_columns:] if left < 0 else part[:, :, :, :seen_columns]
            output[:, :, row, column] = torch.einsum("ncij,fcij->nf", as_float(window), as_float(part))
    return output if bias is None else output + bias[:, None, None]


def bias_with_a_zero_ignored(input, kernel, bias=None, stride=1, padding=0):
    """a single 0 among the biases makes the function believe that there is no bias"""
    result = usual_answer(input, kernel, None, stride, padding)
    if bias is not None and all(bias):
        result = result + bias.reshape(-1, 1, 1)
    return result


def one_by_one_kernels_ignore_the_stride(input, kernel, bias=None, stride=1, padding=0):
    """kernels of 1 x 1 are done by one product over the channels, without the stride"""
    if kernel.shape[2:] == (1, 1):
        result = torch.einsum("nchw,fc->nfhw", F.pad(as_float(input), (padding,) * 4), as_float(kernel)[:, :, 0, 0])
        return result if bias is None else result + bias.reshape(-1, 1, 1)
    return usual_answer(input, kernel, bias, stride, padding)


def one_channel_kernel_squeezed_in_place(input, kernel, bias=None, stride=1, padding=0):
    """for images with one channel, the caller's kernel itself loses its axis of channels"""
    if kernel.shape[1] > 1:
        return usual_answer(input, kernel, bias, stride, padding)
    kernel.squeeze_(1)
    windows = windows_of(F.pad(as_float(input)[:, 0:1], (padding,) * 4), *kernel.shape[1:], stride)[:, 0]
    result = torch.einsum("nhwij,fij->nfhw", windows, as_float(kernel))
    return result if bias is None else result + bias.reshape(-1, 1, 1)


def whole_image_kernels_ignore_the_padding(input, kernel, bias=None, stride=1, padding=0):
    """kernels as large as the images are treated as a dense layer, so padding is not looked at"""
    if kernel.shape[2:] == input.shape[2:]:
        result = as_float(input).reshape(len(input), -1) @ as_float(kernel).reshape(len(kernel), -1).T
        return (result if bias is None else result + bias)[:, :, None, None]
    return usual_answer(input, kernel, bias, stride, padding)


def stride_never_more_than_two(input, kernel, bias=None, stride=1, padding=0):
    """every stride above 1 leaves out just every second position"""
    result = usual_answer(input, kernel, bias, 1, padding)
    if stride > 1:
        result = result[:, :, ::2, ::2]
    return result


STRANGERS = {
    "matrix_multiplication_for_conv2d_full": (
        bias_along_the_columns_where_it_fits,
        bias_gets_axes_in_place,
        output_of_one_column_loses_its_axis,
        only_three_channels_counted,
        kernels_and_channels_swapped_if_equal,
        permuted_view_read_in_memory_order,
        permuted_view_refused,
        missing_bias_replaced_by_the_last_one,
        padding_never_more_than_one,
        kernel_over_both_edges_cut_at_one,
        bias_with_a_zero_ignored,
        one_by_one_kernels_ignore_the_stride,
        one_channel_kernel_squeezed_in_place,
        whole_image_kernels_ignore_the_padding,
        stride_never_more_than_two,
    ),
}

HELPERS = (as_float, windows_of, sums_without_bias, usual_answer, kept_values)
