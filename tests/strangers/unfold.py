"""Wrong answers to unfold that no known mistake was made from."""

import torch
import torch.nn.functional as F


def right_columns(input, kernel_size, dilation=1, padding=0, stride=1):
    """the columns as they should be"""
    padded = F.pad(input, [padding] * 4)
    height, width = kernel_size
    windows = padded.unfold(2, dilation * (height - 1) + 1, stride).unfold(3, dilation * (width - 1) + 1, stride)
    windows = windows[..., ::dilation, ::dilation]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(len(input), input.shape[1] * height * width, -1)


def output_length(size, kernel, stride=1, padding=0):
    """the number of positions along one axis"""
    return (size + 2 * padding - kernel) // stride + 1


def kept_table(key, make):
    """a table that outlives the call"""
    store = kept_table.__dict__
    if key not in store:
        store[key] = make()
    return store[key]


def padding_grows_with_the_dilation(input, kernel_size, dilation=1, padding=0, stride=1):
    """the padding is multiplied by the dilation"""
    return right_columns(input, kernel_size, dilation, padding * dilation, stride)


def strides_of_a_contiguous_image(input, kernel_size, dilation=1, padding=0, stride=1):
    """the windows are laid with strides computed from the shape, wrong for a view that is not contiguous"""
    padded = F.pad(input, [padding] * 4) if padding else input
    count, channels, high, wide = padded.shape
    height, width = kernel_size
    down = output_length(high, dilation * (height - 1) + 1, stride)
    across = output_length(wide, dilation * (width - 1) + 1, stride)
    steps = (channels * high * wide, high * wide, dilation * wide, dilation, stride * wide, stride)
    windows = padded.as_strided((count, channels, height, width, down, across), steps)
    return windows.reshape(count, channels * height * width, down * across)


def one_by_one_is_the_image_itself(input, kernel_size, dilation=1, padding=0, stride=1):
    """for windows of 1 × 1 the flattened image is returned, whatever stride and padding are (and as a view of it)"""
    if tuple(kernel_size) == (1, 1):
        return input.flatten(2)
    return right_columns(input, kernel_size, dilation, padding, stride)


def remainder_gets_a_window_of_its_own(input, kernel_size, dilation=1, padding=0, stride=1):
    """rows and columns that remain at the end get another window, filled up with zeros"""
    padded = F.pad(input, [padding] * 4)
    spans = [dilation * (length - 1) + 1 for length in kernel_size]
    down, across = (-(size - span) % stride for size, span in zip(padded.shape[2:], spans, strict=True))
    return right_columns(F.pad(padded, (0, across, 0, down)), kernel_size, dilation, 0, stride)


def spread_width_counted_with_the_height(input, kernel_size, dilation=1, padding=0, stride=1):
    """with a dilation the number of columns of windows is counted with the window's height"""
    padded = F.pad(input, [padding] * 4)
    height, width = kernel_size
    down = output_length(padded.shape[2], dilation * (height - 1) + 1, stride)
    across = (padded.shape[3] - (dilation - 1) * (height - 1) - width) // stride + 1
    parts = []
    for i in range(height):
        for j in range(width):
            rows = padded[:, :, i * dilation :: stride][:, :, :down]
            part = rows[:, :, :, j * dilation :: stride][:, :, :, :across]
            parts.append(F.pad(part, (0, across - part.shape[3])))
    return torch.stack(parts, dim=2).reshape(len(input), -1, down * across)


def places_kept_between_calls(input, kernel_size, dilation=1, padding=0, stride=1):
    """the table of places is kept for the next call of the same sizes, but stride and dilation may differ"""
    padded = F.pad(input, [padding] * 4)
    high, wide = padded.shape[2:]

    def make():
        places = torch.arange(high * wide).reshape(1, 1, high, wide)
        return right_columns(places, kernel_size, dilation, 0, stride)[0]

    table = kept_table((high, wide, tuple(kernel_size)), make)
    return padded.flatten(2)[:, :, table].reshape(len(input), -1, table.shape[1])


def padding_at_most_half_the_window(input, kernel_size, dilation=1, padding=0, stride=1):
    """padding beyond half of the window's height is cut down to that, as pooling demands"""
    return right_columns(input, kernel_size, dilation, min(padding, kernel_size[0] // 2), stride)


def bias_keeps_a_new_axis(input, kernel, bias=None, stride=1, padding=0):
    """the bias is given its second axis in place, so that the caller's bias has another shape after the call"""
    columns = right_columns(input, kernel.shape[2:], 1, padding, stride)
    output = kernel.flatten(1) @ columns
    if bias is not None:
        output = output + bias.unsqueeze_(1)
    return output.reshape(
        len(input),
        len(kernel),
        output_length(input.shape[2], kernel.shape[2], stride, padding),
        output_length(input.shape[3], kernel.shape[3], stride, padding),
    )


def outputs_taken_for_a_square(input, kernel, bias=None, stride=1, padding=0):
    """the output is a square if the number of windows allows it, and else one row"""
    columns = right_columns(input, kernel.shape[2:], 1, padding, stride)
    output = kernel.flatten(1) @ columns
    if bias is not None:
        output = output + bias[:, None]
    side = round(columns.shape[2] ** 0.5)
    high = side if side * side == columns.shape[2] else 1
    return output.reshape(len(input), len(kernel), high, -1)


def images_mixed_with_kernels(input, kernel, bias=None, stride=1, padding=0):
    """the columns of all images stand side by side for the one product, and the result is reshaped without a permute"""
    columns = right_columns(input, kernel.shape[2:], 1, padding, stride)
    output = kernel.flatten(1) @ columns.transpose(0, 1).flatten(1)
    if bias is not None:
        output = output + bias[:, None]
    return output.reshape(
        len(input),
        len(kernel),
        output_length(input.shape[2], kernel.shape[2], stride, padding),
        output_length(input.shape[3], kernel.shape[3], stride, padding),
    )


def bias_added_along_the_positions(input, kernel, bias=None, stride=1, padding=0):
    """the bias is added along the positions instead of along the kernels, right only for one kernel"""
    output = kernel.flatten(1) @ right_columns(input, kernel.shape[2:], 1, padding, stride)
    if bias is not None:
        output = output + bias
    return output.reshape(
        len(input),
        len(kernel),
        output_length(input.shape[2], kernel.shape[2], stride, padding),
        output_length(input.shape[3], kernel.shape[3], stride, padding),
    )


def kernel_must_be_contiguous(input, kernel, bias=None, stride=1, padding=0):
    """the kernels are flattened with view, which fails for kernels that are a transposed view"""
    output = kernel.view(len(kernel), -1) @ right_columns(input, kernel.shape[2:], 1, padding, stride)
    if bias is not None:
        output = output + bias[:, None]
    return output.reshape(
        len(input),
        len(kernel),
        output_length(input.shape[2], kernel.shape[2], stride, padding),
        output_length(input.shape[3], kernel.shape[3], stride, padding),
    )


STRANGERS = {
    "unfold": (
        padding_grows_with_the_dilation,
        strides_of_a_contiguous_image,
        one_by_one_is_the_image_itself,
        remainder_gets_a_window_of_its_own,
        spread_width_counted_with_the_height,
        places_kept_between_calls,
        padding_at_most_half_the_window,
    ),
    "conv2d_by_unfold": (
        bias_keeps_a_new_axis,
        outputs_taken_for_a_square,
        images_mixed_with_kernels,
        bias_added_along_the_positions,
        kernel_must_be_contiguous,
    ),
}
HELPERS = (right_columns, output_length, kept_table)
