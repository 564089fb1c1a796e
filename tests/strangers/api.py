"""Wrong answers to api that no known mistake was made from."""

import torch.nn as nn
import torch.nn.functional as F


def kept_layer(key):
    """a place that outlives the call"""
    return kept_layer.__dict__, key


def zero_bias_left_random(input, weight, bias=None, stride=1, padding=0):
    """a bias of zeros only is taken for no bias, but the layer was built with one, so its random bias stays"""
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], tuple(weight.shape[2:]), stride, padding, bias=bias is not None)
    layer.weight = nn.Parameter(weight)
    if bias is not None and bias.any():
        layer.bias = nn.Parameter(bias)
    return layer(input)


def layer_kept_between_calls(input, weight, bias=None, stride=1, padding=0):
    """the layer is kept for the next call with the same shapes, with the numbers of the first call"""
    store, key = kept_layer((tuple(weight.shape), stride, padding, bias is None))
    if key not in store:
        layer = nn.Conv2d(
            weight.shape[1], weight.shape[0], tuple(weight.shape[2:]), stride, padding, bias=bias is not None
        )
        layer.weight = nn.Parameter(weight.clone())
        if bias is not None:
            layer.bias = nn.Parameter(bias.clone())
        store[key] = layer
    return store[key](input)


def any_padding_keeps_the_size(input, weight, bias=None, stride=1, padding=0):
    """with stride 1 any padding above 0 is built as "same", right only where the padding is half of the kernel"""
    how = "same" if padding and stride == 1 else padding
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], tuple(weight.shape[2:]), stride, how, bias=bias is not None)
    layer.weight = nn.Parameter(weight)
    if bias is not None:
        layer.bias = nn.Parameter(bias)
    return layer(input)


def bias_added_along_the_width(input, weight, bias=None, stride=1, padding=0):
    """the bias is added afterwards along the last axis, right only for one kernel"""
    output = F.conv2d(input, weight, None, stride, padding)
    return output if bias is None else output + bias


def padding_spreads_the_kernel(input, weight, bias=None, stride=1, padding=0):
    """the padding is given as the dilation too, which shows from padding 2 on"""
    return F.conv2d(input, weight, bias, stride, padding, max(1, padding))


def padding_at_most_half_the_kernel(input, weight, bias=None, stride=1, padding=0):
    """padding beyond half of the kernel is cut down to half of it, as pooling demands"""
    height, width = weight.shape[2:]
    return F.conv2d(input, weight, bias, stride, (min(padding, height // 2), min(padding, width // 2)))


def rounded_to_the_nearest(size, kernel, stride=1, padding=0, dilation=1):
    """the division by the stride is rounded to the nearest whole number instead of down"""
    return round((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


def windows_of_padding_only_not_counted(size, kernel, stride=1, padding=0, dilation=1):
    """positions at which the whole kernel lies on the padding are not counted"""
    span = dilation * (kernel - 1) + 1
    starts = range(-padding, size + padding - span + 1, stride)
    return len([start for start in starts if start + span > 0 and start < size])


def biases_shared_by_the_group(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """the groups divide the number of biases too"""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return out_channels * (in_channels // groups) * height * width + (out_channels // groups if bias else 0)


def depthwise_counted_once_for_each_input(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """with a group for each input channel one kernel is counted for each input, even if there are more outputs"""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    kernels = in_channels if groups == in_channels and groups > 1 else out_channels * (in_channels // groups)
    return kernels * height * width + bool(bias) * out_channels


def a_float_with_groups(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """with groups the number of weights is divided with /, so that a float comes back"""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    count = in_channels * out_channels * height * width
    if groups > 1:
        count = count / groups
    return count + out_channels if bias else count


STRANGERS = {
    "conv2d_by_class": (
        zero_bias_left_random,
        layer_kept_between_calls,
        any_padding_keeps_the_size,
    ),
    "conv2d_by_function": (
        bias_added_along_the_width,
        padding_spreads_the_kernel,
        padding_at_most_half_the_kernel,
    ),
    "output_size": (
        rounded_to_the_nearest,
        windows_of_padding_only_not_counted,
    ),
    "parameter_count": (
        biases_shared_by_the_group,
        depthwise_counted_once_for_each_input,
        a_float_with_groups,
    ),
}
HELPERS = (kept_layer,)
