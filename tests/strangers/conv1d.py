"""Wrong answers to conv1d that no known mistake was made from."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def by_one_row(input, kernel, bias=None, stride=1, padding=0):
    """the convolution as it should be"""
    return F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, (1, stride), (0, padding)).squeeze(2)


def kept_layers():
    """the layers of earlier calls"""
    return kept_layers.__dict__


def lost_axes_put_back_in_front(input, kernel, bias=None, stride=1, padding=0):
    """all axes of length 1 are squeezed away, and what is missing is put back in front"""
    output = by_one_row(input, kernel, bias, stride, padding).squeeze()
    while output.dim() < 3:
        output = output.unsqueeze(0)
    return output


def middle_one_of_the_padded_rows(input, kernel, bias=None, stride=1, padding=0):
    """stride and padding go to both axes and the middle row is picked, which with both is no longer the signal"""
    output = F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, stride, padding)
    return output[:, :, output.shape[2] // 2]


def bias_keeps_a_new_axis(input, kernel, bias=None, stride=1, padding=0):
    """the bias is given its second axis in place, so that the caller's bias has another shape after the call"""
    output = by_one_row(input, kernel, None, stride, padding)
    return output if bias is None else output + bias.unsqueeze_(1)


def input_squeezed_too_far(input, kernel, bias=None, stride=1, padding=0):
    """the input gets its row in place and loses it again by a squeeze, together with every other axis of length 1"""
    output = F.conv2d(input.unsqueeze_(2), kernel.unsqueeze(2), bias, (1, stride), (0, padding)).squeeze(2)
    input.squeeze_()
    return output


def no_windows_of_padding_only(input, kernel, bias=None, stride=1, padding=0):
    """padding as long as the kernel or longer is cut down, so that every window touches the signal"""
    return by_one_row(input, kernel, bias, stride, min(padding, kernel.shape[2] - 1))


def kernels_repeated_in_the_wrong_order(input, kernel, bias=None, stride=1, padding=0):
    """the signals become groups, and each kernel is repeated for all signals before the next kernel comes"""
    count, length = len(input), input.shape[2]
    kernels = kernel.repeat_interleave(count, dim=0).unsqueeze(2)
    biases = None if bias is None else bias.repeat_interleave(count)
    rows = input.reshape(1, -1, 1, length)
    output = F.conv2d(rows, kernels, biases, (1, stride), (0, padding), groups=count)
    return output.reshape(count, len(kernel), -1)


def stride_no_longer_than_the_kernel(input, kernel, bias=None, stride=1, padding=0):
    """a stride beyond the kernel's length is cut down to it, so that no number is left out"""
    return by_one_row(input, kernel, bias, min(stride, kernel.shape[2]), padding)


def layer_kept_between_calls(input, kernel, bias=None, stride=1, padding=0):
    """the layer is kept for the next call with the same shapes, with the kernel of the first call"""
    layers, key = kept_layers(), (tuple(kernel.shape), stride, padding)
    if key not in layers:
        count, channels, length = kernel.shape
        layers[key] = nn.Conv2d(channels, count, (1, length), (1, stride), (0, padding), bias=False)
        layers[key].weight = nn.Parameter(kernel.clone().unsqueeze(2), requires_grad=False)
    output = layers[key](input.unsqueeze(2)).squeeze(2)
    return output if bias is None else output + bias[:, None]


def remainder_gets_a_window_of_its_own(input, kernel, bias=None, stride=1, padding=0):
    """numbers that remain at the end get another window, filled up with zeros"""
    padded = F.pad(input, (padding, padding))
    missing = -(padded.shape[2] - kernel.shape[2]) % stride
    return by_one_row(F.pad(padded, (0, missing)), kernel, bias, stride)


def kernel_of_one_number_only_scales(input, kernel, bias=None, stride=1, padding=0):
    """a kernel of length 1 is taken for a plain product of the channels, without stride and padding"""
    if kernel.shape[2] == 1:
        output = kernel[:, :, 0] @ input
        return output if bias is None else output + bias[:, None]
    return by_one_row(input, kernel, bias, stride, padding)


def kernel_as_long_as_the_signal_fits_once(input, kernel, bias=None, stride=1, padding=0):
    """for a kernel as long as the signal there is one output only, whatever the padding"""
    if kernel.shape[2] == input.shape[2]:
        output = torch.einsum("ncl,fcl->nf", input, kernel).unsqueeze(2)
        return output if bias is None else output + bias[:, None]
    return by_one_row(input, kernel, bias, stride, padding)


def all_zeros_go_in_front(input, kernel, bias=None, stride=1, padding=0):
    """the zeros of both ends are put in front of the signal, as in a causal convolution"""
    return by_one_row(F.pad(input, (2 * padding, 0)), kernel, bias, stride)


def stride_counted_from_the_first_number(input, kernel, bias=None, stride=1, padding=0):
    """with stride and padding the steps are counted from the first number of the signal, not from the padding"""
    return by_one_row(input, kernel, bias, 1, padding)[:, :, padding % stride :: stride]


STRANGERS = {
    "conv1d_by_conv2d": (
        lost_axes_put_back_in_front,
        middle_one_of_the_padded_rows,
        bias_keeps_a_new_axis,
        input_squeezed_too_far,
        no_windows_of_padding_only,
        kernels_repeated_in_the_wrong_order,
        stride_no_longer_than_the_kernel,
        layer_kept_between_calls,
        remainder_gets_a_window_of_its_own,
        kernel_of_one_number_only_scales,
        kernel_as_long_as_the_signal_fits_once,
        all_zeros_go_in_front,
        stride_counted_from_the_first_number,
    ),
}
HELPERS = (by_one_row, kept_layers)
