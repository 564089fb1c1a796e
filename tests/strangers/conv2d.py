"""Ten wrong answers to conv2d that no known mistake was made from."""

import torch
import torch.nn.functional as F

FUNCTION = "matrix_multiplication_for_conv2d"


def slid(image, kernel, stride):
    (h, w), (kh, kw) = image.shape, kernel.shape
    rows, columns = range(0, h - kh + 1, stride), range(0, w - kw + 1, stride)
    return torch.stack([torch.stack([(image[i : i + kh, j : j + kw] * kernel).sum() for j in columns]) for i in rows])


def all_zeros(input, kernel, bias=0, stride=1, padding=0):
    """the output has the right shape and nothing in it"""
    return torch.zeros_like(slid(F.pad(input, [padding] * 4), kernel, stride))


def edges_repeated_as_padding(input, kernel, bias=0, stride=1, padding=0):
    """pads with the nearest pixel, not with zeros"""
    return slid(F.pad(input[None], [padding] * 4, mode="replicate")[0], kernel, stride) + bias


def window_spread_by_the_stride(input, kernel, bias=0, stride=1, padding=0):
    """the stride is used inside the window, as if it were a dilation"""
    image = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = image.shape, kernel.shape
    output = torch.zeros((h - kh) // stride + 1, (w - kw) // stride + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = image[i : i + stride * kh : stride, j : j + stride * kw : stride]
            output[i, j] = (window * kernel[: window.shape[0], : window.shape[1]]).sum()
    return output + bias


def divided_by_the_kernels_sum(input, kernel, bias=0, stride=1, padding=0):
    """a weighted mean, as for a blur"""
    return slid(F.pad(input, [padding] * 4), kernel, stride) / kernel.sum() + bias


def bias_as_a_factor(input, kernel, bias=0, stride=1, padding=0):
    """the bias scales the output"""
    return slid(F.pad(input, [padding] * 4), kernel, stride) * (1 + bias)


def output_padded_instead(input, kernel, bias=0, stride=1, padding=0):
    """zeros are put round the output, not round the input"""
    return F.pad(slid(input, kernel, stride) + bias, [padding] * 4)


def never_below_zero(input, kernel, bias=0, stride=1, padding=0):
    """an activation slipped in"""
    return (slid(F.pad(input, [padding] * 4), kernel, stride) + bias).clamp(min=0)


def sum_not_set_back(input, kernel, bias=0, stride=1, padding=0):
    """the running sum goes on from one output to the next"""
    return (
        slid(F.pad(input, [padding] * 4), kernel, stride)
        .flatten()
        .cumsum(0)
        .reshape(slid(F.pad(input, [padding] * 4), kernel, stride).shape)
        + bias
    )


def every_strideth_from_the_last(input, kernel, bias=0, stride=1, padding=0):
    """takes every stride-th output, but counts from the other end"""
    whole = slid(F.pad(input, [padding] * 4), kernel, 1)
    return whole.flip(0, 1)[::stride, ::stride].flip(0, 1) + bias


def rounded_to_whole_numbers(input, kernel, bias=0, stride=1, padding=0):
    """right for whole numbers only"""
    return torch.round(slid(F.pad(input, [padding] * 4), kernel, stride) + bias)


def windows_centred(input, kernel, bias=0, stride=1, padding=0):
    """each window loses its mean first"""
    box = torch.ones_like(kernel)
    image = F.pad(input, [padding] * 4)
    mean = slid(image, box, stride) / box.numel()
    return slid(image, kernel, stride) - mean * kernel.sum() + bias


def stride_2_always(input, kernel, bias=0, stride=1, padding=0):
    """the stride of one example is written into the code"""
    return slid(F.pad(input, [padding] * 4), kernel, 2) + bias


STRANGERS = {
    FUNCTION: (
        all_zeros, edges_repeated_as_padding, window_spread_by_the_stride, divided_by_the_kernels_sum,
        bias_as_a_factor, output_padded_instead, never_below_zero, sum_not_set_back, every_strideth_from_the_last,
        rounded_to_whole_numbers,
        windows_centred,
        stride_2_always,
    )
}  # fmt: skip
HELPERS = (slid,)
