"""Ten wrong answers to dilation_groups that no known mistake was made from."""

import torch
import torch.nn.functional as F

FUNCTION = "matrix_multiplication_for_conv2d_final"


def slid(images, kernel, stride, dilation, groups):
    """Right, for channels that the groups divide."""
    parts = []
    for channels, filters in zip(images.chunk(groups, 1), kernel.chunk(groups), strict=True):
        span = [dilation * (size - 1) + 1 for size in kernel.shape[2:]]
        windows = channels.unfold(2, span[0], stride).unfold(3, span[1], stride)[..., ::dilation, ::dilation]
        parts.append(torch.einsum("nchwij,fcij->nfhw", windows, filters))
    return torch.cat(parts, 1)


def checked(images, kernel, groups):
    assert images.shape[1] % groups == 0 and kernel.shape[0] % groups == 0


def with_bias(output, bias):
    return output if bias is None else output + bias.reshape(1, -1, 1, 1)


def one_pixel_more_between(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """dilation 2 leaves out two pixels, where it should leave out one"""
    checked(input, kernel, groups)
    apart = dilation if dilation == 1 else dilation + 1
    return with_bias(slid(F.pad(input, [padding] * 4), kernel, stride, apart, groups), bias)


def channels_dealt_out_to_the_groups(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """channel 0 goes to group 0, channel 1 to group 1, and so on in turn"""
    checked(input, kernel, groups)
    order = [channel for group in range(groups) for channel in range(group, input.shape[1], groups)]
    return with_bias(slid(F.pad(input[:, order], [padding] * 4), kernel, stride, dilation, groups), bias)


def outputs_of_the_groups_shuffled(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the output channels of the groups stand in turn"""
    checked(input, kernel, groups)
    output = slid(F.pad(input, [padding] * 4), kernel, stride, dilation, groups)
    return with_bias(output.unflatten(1, (groups, -1)).transpose(1, 2).flatten(1, 2), bias)


def only_the_input_channels_are_checked(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """kernels that the groups do not divide are let through"""
    assert input.shape[1] % groups == 0
    per_group = max(1, kernel.shape[0] // groups)
    kernels = kernel[: per_group * groups]
    return with_bias(slid(F.pad(input, [padding] * 4), kernels, stride, dilation, groups), bias)


def stops_with_another_error(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """raises RuntimeError, which is not what the lesson says"""
    if input.shape[1] % groups or kernel.shape[0] % groups:
        raise RuntimeError("groups must divide the channels")
    return with_bias(slid(F.pad(input, [padding] * 4), kernel, stride, dilation, groups), bias)


def stride_times_dilation(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the window moves by the dilation, too"""
    checked(input, kernel, groups)
    return with_bias(slid(F.pad(input, [padding] * 4), kernel, stride * dilation, dilation, groups), bias)


def padding_times_dilation(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the padding grows with the dilation"""
    checked(input, kernel, groups)
    return with_bias(slid(F.pad(input, [padding * dilation] * 4), kernel, stride, dilation, groups), bias)


def input_spread_instead(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """zeros are put between the pixels, not between the numbers of the kernel"""
    checked(input, kernel, groups)
    (n, c, h, w), image = input.shape, input
    image = torch.zeros(n, c, (h - 1) * dilation + 1, (w - 1) * dilation + 1)
    image[:, :, ::dilation, ::dilation] = input
    return with_bias(slid(F.pad(image, [padding] * 4), kernel, stride, 1, groups), bias)


def depthwise_whatever_the_groups(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """with more than one group, each kernel sees one channel only"""
    checked(input, kernel, groups)
    image = F.pad(input, [padding] * 4)
    if groups > 1:
        kernel = torch.cat([kernel[:, :1], torch.zeros_like(kernel[:, 1:])], 1)
    return with_bias(slid(image, kernel, stride, dilation, groups), bias)


def zeros_of_the_spread_kernel_are_ones(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """between the numbers of the spread kernel stand ones"""
    checked(input, kernel, groups)
    f, c, kh, kw = kernel.shape
    spread = torch.ones(f, c, dilation * (kh - 1) + 1, dilation * (kw - 1) + 1)
    spread[:, :, ::dilation, ::dilation] = kernel
    return with_bias(slid(F.pad(input, [padding] * 4), spread, stride, 1, groups), bias)


def kernels_of_the_next_group(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """each group uses the kernels of the group after it"""
    checked(input, kernel, groups)
    rolled = kernel.roll(len(kernel) // groups, 0) if groups > 1 else kernel
    return with_bias(slid(F.pad(input, [padding] * 4), rolled, stride, dilation, groups), bias)


def bias_for_each_group(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the bias is added once for every group"""
    checked(input, kernel, groups)
    output = slid(F.pad(input, [padding] * 4), kernel, stride, dilation, groups)
    return with_bias(output, None if bias is None else bias * groups)


def groups_averaged(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the outputs are divided by the number of groups"""
    checked(input, kernel, groups)
    return with_bias(slid(F.pad(input, [padding] * 4), kernel, stride, dilation, groups) / groups, bias)


def size_kept_by_more_padding(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a dilated kernel gets more padding, so that the output is as large as without"""
    checked(input, kernel, groups)
    more = [(dilation - 1) * (size - 1) for size in kernel.shape[2:]]
    sides = (padding, padding + more[1], padding, padding + more[0])
    return with_bias(slid(F.pad(input, sides), kernel, stride, dilation, groups), bias)


def every_second_weight_for_dilation(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """weights of the kernel are left out, not pixels"""
    checked(input, kernel, groups)
    thinned = torch.zeros_like(kernel)
    thinned[:, :, ::dilation, ::dilation] = kernel[:, :, ::dilation, ::dilation]
    return with_bias(slid(F.pad(input, [padding] * 4), thinned, stride, 1, groups), bias)


STRANGERS = {
    FUNCTION: (
        one_pixel_more_between, channels_dealt_out_to_the_groups, outputs_of_the_groups_shuffled,
        only_the_input_channels_are_checked, stops_with_another_error, stride_times_dilation, padding_times_dilation,
        input_spread_instead, depthwise_whatever_the_groups, zeros_of_the_spread_kernel_are_ones,
        kernels_of_the_next_group, bias_for_each_group, groups_averaged, size_kept_by_more_padding,
        every_second_weight_for_dilation,
    )
}  # fmt: skip
HELPERS = (slid, checked, with_bias)
