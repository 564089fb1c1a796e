"""Wrong answers to large_kernel that no known mistake was made from."""

import torch
import torch.nn.functional as F


def by_waves(padded, kernel, size):
    """transform both at this size, multiply, sum over the channels, and go back: the whole circle"""
    waves = torch.fft.rfft2(padded, s=size)[:, None] * torch.fft.rfft2(kernel, s=size).conj()[None]
    return torch.fft.irfft2(waves.sum(dim=2), s=size)


def right_way(input, kernel, padding=0):
    """the convolution as it should be"""
    padded = F.pad(input, [padding] * 4)
    height, width = padded.shape[2:]
    return by_waves(padded, kernel, (height, width))[
        :, :, : height - kernel.shape[2] + 1, : width - kernel.shape[3] + 1
    ]


def kept_waves(key, make):
    """transforms that outlive the call"""
    store = kept_waves.__dict__
    if key not in store:
        store[key] = make()
    return store[key]


def rounded_to_two_decimals(input, kernel, padding=0):
    """the result is rounded to two decimals, to hide the errors of the transforms"""
    return right_way(input, kernel, padding).round(decimals=2)


def tiny_outputs_set_to_zero(input, kernel, padding=0):
    """outputs below a thousandth are taken for errors of the transforms and set to 0"""
    output = right_way(input, kernel, padding)
    return torch.where(output.abs() < 1e-3, torch.zeros_like(output), output)


def kernel_of_one_column_leaves_nothing(input, kernel, padding=0):
    """the wrong windows are cut off with a negative end, which leaves nothing for a kernel of one column"""
    padded = F.pad(input, [padding] * 4)
    height, width = padded.shape[2:]
    whole = by_waves(padded, kernel, (height, width))
    return whole[:, :, : height - kernel.shape[2] + 1, : -(kernel.shape[3] - 1)]


def size_instead_of_real_part(input, kernel, padding=0):
    """the absolute value of the complex result is taken instead of the real part"""
    padded = F.pad(input, [padding] * 4)
    height, width = padded.shape[2:]
    waves = torch.fft.fft2(padded)[:, None] * torch.fft.fft2(kernel, s=(height, width)).conj()[None]
    whole = torch.fft.ifft2(waves.sum(dim=2)).abs()
    return whole[:, :, : height - kernel.shape[2] + 1, : width - kernel.shape[3] + 1]


def one_strip_of_zeros_for_both_edges(input, kernel, padding=0):
    """one strip of zeros serves both edges, too little where the padding is the kernel's size or more"""
    height, width = input.shape[2:]
    whole = by_waves(input, kernel, (height + padding, width + padding)).roll((padding, padding), dims=(2, 3))
    return whole[:, :, : height + 2 * padding - kernel.shape[2] + 1, : width + 2 * padding - kernel.shape[3] + 1]


def input_keeps_a_new_axis(input, kernel, padding=0):
    """without padding the axis for the kernels is put into the caller's own input, in place"""
    padded = F.pad(input, [padding] * 4) if padding else input
    size = tuple(padded.shape[2:])
    waves = torch.fft.rfft2(padded.unsqueeze_(1)) * torch.fft.rfft2(kernel, s=size).conj()
    whole = torch.fft.irfft2(waves.sum(dim=2), s=size)
    return whole[:, :, : size[0] - kernel.shape[2] + 1, : size[1] - kernel.shape[3] + 1]


def kernel_transformed_once_only(input, kernel, padding=0):
    """the kernel's transform is kept for the next call with the same sizes, even if the kernel is another one"""
    padded = F.pad(input, [padding] * 4)
    size = tuple(padded.shape[2:])
    factors = kept_waves((tuple(kernel.shape), size), lambda: torch.fft.rfft2(kernel, s=size).conj())
    whole = torch.fft.irfft2((torch.fft.rfft2(padded)[:, None] * factors).sum(dim=2), s=size)
    return whole[:, :, : size[0] - kernel.shape[2] + 1, : size[1] - kernel.shape[3] + 1]


def one_by_one_kernels_skip_the_padding(input, kernel, padding=0):
    """a kernel of 1 × 1 is taken to need no padding at all"""
    return right_way(input, kernel, padding if kernel.shape[2:] != (1, 1) else 0)


def kernel_larger_than_the_image_is_cropped(input, kernel, padding=0):
    """the kernel is filled up to the size of the image before padding, and cropped to it where it is larger"""
    height, width = input.shape[2:]
    filled = F.pad(kernel, (0, width - kernel.shape[3], 0, height - kernel.shape[2]))
    padded = F.pad(input, [padding] * 4)
    high, wide = padded.shape[2:]
    return by_waves(padded, filled, (high, wide))[:, :, : high - kernel.shape[2] + 1, : wide - kernel.shape[3] + 1]


def same_size_needs_no_padding(input, kernel, padding=0):
    """an output as large as the input gets no zeros: the circle is turned, and edges see the opposite side"""
    if padding and kernel.shape[2] == kernel.shape[3] == 2 * padding + 1 and min(input.shape[2:]) >= kernel.shape[2]:
        return by_waves(input, kernel, tuple(input.shape[2:])).roll((padding, padding), dims=(2, 3))
    return right_way(input, kernel, padding)


def three_channels_at_most(input, kernel, padding=0):
    """the channels are added up in a loop over red, green and blue, and a fourth one is left out"""
    total = 0
    for channel in range(min(3, input.shape[1])):
        total = total + right_way(input[:, channel : channel + 1], kernel[:, channel : channel + 1], padding)
    return total


def circle_of_64_at_most(input, kernel, padding=0):
    """the transforms always have the size 64 × 64, so that larger images are cropped"""
    padded = F.pad(input, [padding] * 4)
    height, width = padded.shape[2:]
    return by_waves(padded, kernel, (64, 64))[:, :, : height - kernel.shape[2] + 1, : width - kernel.shape[3] + 1]


STRANGERS = {
    "conv2d_by_fft": (
        rounded_to_two_decimals,
        tiny_outputs_set_to_zero,
        kernel_of_one_column_leaves_nothing,
        size_instead_of_real_part,
        one_strip_of_zeros_for_both_edges,
        input_keeps_a_new_axis,
        kernel_transformed_once_only,
        one_by_one_kernels_skip_the_padding,
        kernel_larger_than_the_image_is_cropped,
        same_size_needs_no_padding,
        three_channels_at_most,
        circle_of_64_at_most,
    ),
}
HELPERS = (by_waves, right_way, kept_waves)
