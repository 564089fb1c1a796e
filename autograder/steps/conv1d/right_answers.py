"""Right answers to conv1d."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from autograder.suite.known_answers import right

NAME = "conv1d_by_conv2d"


@right(NAME)
def images_of_one_row(input, kernel, bias=None, stride=1, padding=0):
    output = F.conv2d(input.unsqueeze(2), kernel.unsqueeze(2), bias, stride=(1, stride), padding=(0, padding))
    return output.squeeze(2)


@right(NAME)
def images_of_one_column(input, kernel, bias=None, stride=1, padding=0):
    output = F.conv2d(input[..., None], kernel[..., None], bias, (stride, 1), (padding, 0))
    return output[..., 0]


@right(NAME)
def channels_as_rows_of_one_image(input, kernel, bias=None, stride=1, padding=0):
    signals = F.pad(input, (padding, padding))
    return F.conv2d(signals[:, None], kernel[:, None], bias, stride).squeeze(2)


@right(NAME)
def by_a_layer(input, kernel, bias=None, stride=1, padding=0):
    f, c, k = kernel.shape
    layer = nn.Conv2d(c, f, (1, k), (1, stride), (0, padding), bias=bias is not None)
    with torch.no_grad():
        layer.weight.copy_(kernel[:, :, None])
        if bias is not None:
            layer.bias.copy_(bias)
        return layer(input[:, :, None])[:, :, 0]


@right(NAME)
def padded_on_both_axes_and_middle_row_taken(input, kernel, bias=None, stride=1, padding=0):
    output = F.conv2d(input.reshape(*input.shape[:2], 1, -1), kernel[:, :, None], bias, (1, stride), padding)
    return output[:, :, padding]


@right(NAME)
def without_any_convolution(input, kernel, bias=None, stride=1, padding=0):
    windows = F.pad(input, (padding, padding)).unfold(2, kernel.shape[2], stride)
    output = torch.einsum("nclk,fck->nfl", windows, kernel)
    return output if bias is None else output + bias[:, None]
