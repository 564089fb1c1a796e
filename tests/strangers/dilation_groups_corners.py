"""Wrong answers to dilation_groups, made up from the stub alone: most are wrong in a corner only."""

import torch
import torch.nn.functional as F


def as_float(values):
    return values if values.is_floating_point() else values.float()


def refuse_bad_groups(channels, number, groups):
    if channels % groups or number % groups:
        raise ValueError(f"{groups} groups do not divide {channels} and {number} channels")


def combed_windows(padded, height, width, stride, dilation):
    """Windows (N, C, OH, OW, KH, KW) of the pixels that a dilated kernel touches."""
    windows = padded.unfold(2, dilation * (height - 1) + 1, stride).unfold(3, dilation * (width - 1) + 1, stride)
    return windows[..., ::dilation, ::dilation]


def one_group(padded, kernel, stride, dilation):
    windows = combed_windows(padded, *kernel.shape[2:], stride, dilation)
    return torch.einsum("nchwij,fcij->nfhw", windows, as_float(kernel))


def usual_answer(images, kernel, bias, stride, padding, dilation, groups):
    padded = F.pad(as_float(images), (padding,) * 4)
    seen, made = images.shape[1] // groups, kernel.shape[0] // groups
    parts = []
    for group in range(groups):
        part, kernels = padded[:, group * seen : (group + 1) * seen], kernel[group * made : (group + 1) * made]
        parts.append(one_group(part, kernels, stride, dilation))
    result = torch.cat(parts, dim=1)
    return result if bias is None else result + bias.reshape(1, -1, 1, 1)


def kept_values():
    return kept_values.__dict__


def depthwise_ignores_the_dilation(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """with as many groups as channels the kernel has no gaps, whatever the dilation"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    if 1 < groups == input.shape[1]:
        windows = combed_windows(F.pad(as_float(input), (padding,) * 4), *kernel.shape[2:], stride, 1)
        windows = windows.repeat_interleave(kernel.shape[0] // groups, dim=1)
        result = (windows * kernel[:, 0][None, :, None, None]).sum((4, 5))
        return result if bias is None else result + bias.reshape(-1, 1, 1)
    return usual_answer(input, kernel, bias, stride, padding, dilation, groups)


def only_the_sum_of_the_channels_is_checked(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """groups that divide neither C nor F are accepted if they divide the sum of both"""
    if (input.shape[1] + kernel.shape[0]) % groups:
        raise ValueError("groups must divide the channels")
    return usual_answer(input, kernel, bias, stride, padding, dilation, groups)


def too_many_groups_reduced(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """more groups than input channels are taken for as many groups as channels instead of an error"""
    groups = min(groups, input.shape[1])
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    return usual_answer(input, kernel, bias, stride, padding, dilation, groups)


def error_returned_instead_of_raised(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """for groups that do not divide the channels the error is returned, not raised"""
    if input.shape[1] % groups != 0 or kernel.shape[0] % groups != 0:
        return ValueError("groups must divide the channels")
    return usual_answer(input, kernel, bias, stride, padding, dilation, groups)


def bias_cut_into_groups_in_place(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """with more than one group the caller's bias itself becomes a matrix with a row for each group"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    result = usual_answer(input, kernel, None, stride, padding, dilation, groups)
    if bias is None:
        return result
    if groups > 1:
        bias.resize_(groups, kernel.shape[0] // groups)
    return result + bias.reshape(1, -1, 1, 1)


def one_column_kernel_takes_dilation_columns(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a kernel with one column spans as many columns as the dilation, so the output is too narrow"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    if kernel.shape[3] == 1 and dilation > 1:
        columns = (input.shape[3] + 2 * padding - dilation) // stride + 1
        return usual_answer(input, kernel, bias, stride, padding, dilation, groups)[..., :columns]
    return usual_answer(input, kernel, bias, stride, padding, dilation, groups)


def permuted_kernel_refused(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """view is called on the kernel, which is an error if it is not contiguous"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    number, channels, height, width = kernel.shape
    matrix = as_float(kernel).view(groups, number // groups, channels * height * width)
    windows = combed_windows(F.pad(as_float(input), (padding,) * 4), height, width, stride, dilation)
    count, _, rows, columns = windows.shape[:4]
    windows = windows.reshape(count, groups, channels, rows, columns, height * width)
    regions = windows.permute(0, 1, 3, 4, 2, 5).reshape(count, groups, rows * columns, -1)
    result = (matrix @ regions.transpose(2, 3)).reshape(count, number, rows, columns)
    return result if bias is None else result + bias.reshape(-1, 1, 1)


def more_than_two_groups_read_as_depthwise(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """more than two groups are always taken for one channel in each group, so only that channel counts"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    if groups > 2:
        input, kernel = input[:, :: input.shape[1] // groups], kernel[:, :1]
    return usual_answer(input, kernel, bias, stride, padding, dilation, groups)


def output_of_one_column_loses_its_axis(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """an output with one column has only three axes"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    return usual_answer(input, kernel, bias, stride, padding, dilation, groups).squeeze(3)


def positions_remembered_without_the_dilation(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the touched pixels are kept for calls with the same sizes, stride and padding, even if the dilation differs"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    key = f"{tuple(input.shape)} {tuple(kernel.shape)} {stride} {padding}"
    if key not in kept_values():
        places = []
        for size, length in zip(input.shape[2:], kernel.shape[2:], strict=True):
            count = (size + 2 * padding - dilation * (length - 1) - 1) // stride + 1
            places.append(torch.arange(count)[:, None] * stride + torch.arange(length) * dilation)
        kept_values()[key] = places
    rows, columns = kept_values()[key]
    windows = F.pad(as_float(input), (padding,) * 4)[:, :, rows[:, None, :, None], columns[None, :, None, :]]
    seen, made = input.shape[1] // groups, kernel.shape[0] // groups
    parts = [
        torch.einsum("nchwij,fcij->nfhw", windows[:, g * seen :][:, :seen], as_float(kernel)[g * made :][:made])
        for g in range(groups)
    ]
    result = torch.cat(parts, dim=1)
    return result if bias is None else result + bias.reshape(-1, 1, 1)


def dilation_capped_at_the_kernel_size(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a dilation above the kernel's longer side is replaced by that side"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    dilation = min(dilation, max(kernel.shape[2:]))
    return usual_answer(input, kernel, bias, stride, padding, dilation, groups)


def single_weights_ignore_the_stride(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """kernels of 1 x 1 in several groups are done by a product over the channels, without the stride"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    if kernel.shape[2:] == (1, 1) and groups > 1:
        stride = 1
    return usual_answer(input, kernel, bias, stride, padding, dilation, groups)


def bias_with_a_zero_ignored_in_its_group(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """if one bias of a group is 0, none of that group's biases is added"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    result = usual_answer(input, kernel, None, stride, padding, dilation, groups)
    if bias is None:
        return result
    made, added = kernel.shape[0] // groups, []
    for group in range(groups):
        part = bias[group * made : (group + 1) * made]
        added.append(part if part.all() else torch.zeros_like(part))
    return result + torch.cat(added)[:, None, None]


def equal_stride_and_dilation_counted_once(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """if stride and dilation are equal, the images are first cut to a multiple of the stride, which loses positions"""
    refuse_bad_groups(input.shape[1], kernel.shape[0], groups)
    if stride > 1 and stride == dilation:
        padded = F.pad(as_float(input), (padding,) * 4)
        padded = padded[:, :, : padded.shape[2] // stride * stride, : padded.shape[3] // stride * stride]
        return usual_answer(padded[:, :, ::stride, ::stride], kernel, bias, 1, 0, 1, groups)
    return usual_answer(input, kernel, bias, stride, padding, dilation, groups)


STRANGERS = {
    "matrix_multiplication_for_conv2d_final": (
        depthwise_ignores_the_dilation,
        only_the_sum_of_the_channels_is_checked,
        too_many_groups_reduced,
        error_returned_instead_of_raised,
        bias_cut_into_groups_in_place,
        one_column_kernel_takes_dilation_columns,
        permuted_kernel_refused,
        more_than_two_groups_read_as_depthwise,
        output_of_one_column_loses_its_axis,
        positions_remembered_without_the_dilation,
        dilation_capped_at_the_kernel_size,
        single_weights_ignore_the_stride,
        bias_with_a_zero_ignored_in_its_group,
        equal_stride_and_dilation_counted_once,
    ),
}

HELPERS = (as_float, refuse_bad_groups, combed_windows, one_group, usual_answer, kept_values)
