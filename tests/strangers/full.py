"""Ten wrong answers to full that no known mistake was made from."""

import torch
import torch.nn.functional as F

FUNCTION = "matrix_multiplication_for_conv2d_full"


def slid(images, kernel, stride):
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("nchwij,fcij->nfhw", windows, kernel)


def with_bias(output, bias):
    return output if bias is None else output + bias.reshape(1, -1, 1, 1)


def mean_over_the_channels(input, kernel, bias=None, stride=1, padding=0):
    """the channels are averaged"""
    return with_bias(slid(F.pad(input, [padding] * 4), kernel, stride) / input.shape[1], bias)


def first_kernel_for_all(input, kernel, bias=None, stride=1, padding=0):
    """every output channel uses kernel[0]"""
    return with_bias(slid(F.pad(input, [padding] * 4), kernel[:1].expand_as(kernel), stride), bias)


def channels_last(input, kernel, bias=None, stride=1, padding=0):
    """returns (N, OH, OW, F), as other libraries do"""
    return with_bias(slid(F.pad(input, [padding] * 4), kernel, stride), bias).permute(0, 2, 3, 1)


def channels_meet_from_opposite_ends(input, kernel, bias=None, stride=1, padding=0):
    """the first channel of the input meets the last of the kernel, as colours in BGR"""
    return with_bias(slid(F.pad(input.flip(1), [padding] * 4), kernel, stride), bias)


def images_pile_up(input, kernel, bias=None, stride=1, padding=0):
    """the sum is not set back for the next image"""
    return with_bias(slid(F.pad(input, [padding] * 4), kernel, stride).cumsum(0), bias)


def filters_pile_up(input, kernel, bias=None, stride=1, padding=0):
    """the sum is not set back for the next kernel"""
    return with_bias(slid(F.pad(input, [padding] * 4), kernel, stride).cumsum(1), bias)


def bias_for_the_first_image_only(input, kernel, bias=None, stride=1, padding=0):
    """the bias is added to image 0"""
    output = slid(F.pad(input, [padding] * 4), kernel, stride)
    output[:1] = with_bias(output[:1], bias)
    return output


def padded_by_wrapping_round(input, kernel, bias=None, stride=1, padding=0):
    """the padding is the opposite edge of the image"""
    rows = torch.arange(-padding, input.shape[2] + padding) % input.shape[2]
    columns = torch.arange(-padding, input.shape[3] + padding) % input.shape[3]
    return with_bias(slid(input[:, :, rows][:, :, :, columns], kernel, stride), bias)


def biases_added_up(input, kernel, bias=None, stride=1, padding=0):
    """every output gets the sum of all biases"""
    output = slid(F.pad(input, [padding] * 4), kernel, stride)
    return output if bias is None else output + bias.sum()


def cut_to_the_middle(input, kernel, bias=None, stride=1, padding=0):
    """the output is cut or filled up to the size of the input"""
    output = with_bias(slid(F.pad(input, [padding] * 4), kernel, stride), bias)
    return F.pad(output, (0, input.shape[3] - output.shape[3], 0, input.shape[2] - output.shape[2]))


def later_channels_count_more(input, kernel, bias=None, stride=1, padding=0):
    """channel c counts c + 1 times, since the sum so far is added again for each channel"""
    weights = torch.arange(1.0, input.shape[1] + 1).reshape(1, -1, 1, 1)
    return with_bias(slid(F.pad(input * weights, [padding] * 4), kernel, stride), bias)


def images_averaged(input, kernel, bias=None, stride=1, padding=0):
    """every image gets the mean of the batch"""
    output = with_bias(slid(F.pad(input, [padding] * 4), kernel, stride), bias)
    return output.mean(0, keepdim=True).repeat(len(output), 1, 1, 1)


STRANGERS = {
    FUNCTION: (
        mean_over_the_channels, first_kernel_for_all, channels_last, channels_meet_from_opposite_ends, images_pile_up,
        filters_pile_up, bias_for_the_first_image_only, padded_by_wrapping_round, biases_added_up, cut_to_the_middle,
        later_channels_count_more, images_averaged,
    )
}  # fmt: skip
HELPERS = (slid, with_bias)
