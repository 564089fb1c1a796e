"""Right answers to api."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from autograder.suite.known_answers import right

CLASS, FUNCTION, SIZE, COUNT = "conv2d_by_class", "conv2d_by_function", "output_size", "parameter_count"


@right(CLASS)
def weight_copied_without_gradient(input, weight, bias=None, stride=1, padding=0):
    f, c, kh, kw = weight.shape
    layer = nn.Conv2d(c, f, (kh, kw), stride=stride, padding=padding, bias=bias is not None)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer(input)


@right(CLASS)
def new_parameters(input, weight, bias=None, stride=1, padding=0):
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], tuple(weight.shape[2:]), stride, padding, bias=False)
    layer.weight = nn.Parameter(weight)
    layer.bias = None if bias is None else nn.Parameter(bias)
    return layer(input)


@right(CLASS)
def data_replaced_and_detached(input, weight, bias=None, stride=1, padding=0):
    layer = nn.Conv2d(weight.size(1), weight.size(0), weight.shape[2:], stride, padding)
    layer.weight.data = weight
    layer.bias.data = torch.zeros(len(weight)) if bias is None else bias
    return layer(input).detach()


@right(CLASS)
def state_dict_loaded(input, weight, bias=None, stride=1, padding=0):
    values = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], stride, padding, bias="bias" in values)
    layer.load_state_dict(values)
    return layer(input)


class Fixed(nn.Module):
    """A layer whose weight is given."""

    def __init__(self, weight, bias, **options):
        super().__init__()
        self.layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], bias=bias is not None, **options)
        self.layer.weight = nn.Parameter(weight, requires_grad=False)
        if bias is not None:
            self.layer.bias = nn.Parameter(bias, requires_grad=False)

    def forward(self, input):
        return self.layer(input)


@right(CLASS, helpers=(Fixed,))
def module_of_ones_own(input, weight, bias=None, stride=1, padding=0):
    return Fixed(weight, bias, stride=stride, padding=padding)(input)


@right(FUNCTION)
def all_by_name(input, weight, bias=None, stride=1, padding=0):
    return F.conv2d(input, weight, bias=bias, stride=stride, padding=padding)


@right(FUNCTION)
def all_by_position(input, weight, bias=None, stride=1, padding=0):
    return torch.conv2d(input, weight, bias, stride, padding)


@right(FUNCTION)
def bias_and_padding_apart(input, weight, bias=None, stride=1, padding=0):
    output = F.conv2d(F.pad(input, [padding] * 4), weight, stride=stride)
    return output if bias is None else output + bias[:, None, None]


@right(SIZE)
def by_the_formula(size, kernel, stride=1, padding=0, dilation=1):
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@right(SIZE)
def by_counting_positions(size, kernel, stride=1, padding=0, dilation=1):
    span = dilation * (kernel - 1) + 1
    return len(range(0, size + 2 * padding - span + 1, stride))


@right(SIZE)
def by_floor(size, kernel, stride=1, padding=0, dilation=1):
    return math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1)


@right(SIZE)
def by_asking_a_layer(size, kernel, stride=1, padding=0, dilation=1):
    layer = nn.Conv1d(1, 1, kernel, stride, padding, dilation)
    return layer(torch.zeros(1, 1, size)).shape[-1]


@right(COUNT)
def by_product(in_channels, out_channels, kernel_size, groups=1, bias=True):
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return out_channels * (in_channels // groups) * height * width + (out_channels if bias else 0)


@right(COUNT)
def by_adding_up_groups(in_channels, out_channels, kernel_size, groups=1, bias=True):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    total = 0
    for _ in range(groups):
        total += (in_channels // groups) * (out_channels // groups) * height * width
    return total + out_channels * int(bias)


@right(COUNT)
def by_asking_the_layer(in_channels, out_channels, kernel_size, groups=1, bias=True):
    layer = nn.Conv2d(in_channels, out_channels, kernel_size, groups=groups, bias=bias)
    return sum(parameter.numel() for parameter in layer.parameters())
