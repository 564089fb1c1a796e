"""Answers to conv2d."""

import math

import torch
import torch.nn.functional as F

from answers import right, wrong

NAME = "matrix_multiplication_for_conv2d"


@right(NAME)
def by_loops(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding, padding, padding))
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    output = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            output[i, j] = (image[i * stride : i * stride + kh, j * stride : j * stride + kw] * kernel).sum()
    return output + bias


@right(NAME)
def by_tensor_unfold(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@right(NAME)
def by_as_strided(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4).contiguous()
    (h, w), (kh, kw) = image.shape, kernel.shape
    size = ((h - kh) // stride + 1, (w - kw) // stride + 1, kh, kw)
    windows = torch.as_strided(image, size, (w * stride, stride, w, 1))
    return (windows * kernel).sum(dim=(2, 3)) + bias


@right(NAME)
def by_shifted_slices(input, kernel, bias=0, stride=1, padding=0):
    (h, w), (kh, kw) = input.shape, kernel.shape
    image = torch.zeros(h + 2 * padding, w + 2 * padding)
    image[padding : padding + h, padding : padding + w] = input
    oh, ow = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    output = torch.zeros(oh, ow) + bias
    for a in range(kh):
        for b in range(kw):
            output += kernel[a, b] * image[a::stride, b::stride][:oh, :ow]
    return output


@right(NAME)
def by_numpy(input, kernel, bias=0, stride=1, padding=0):
    import numpy as np

    image = np.pad(input.numpy(), padding)
    windows = np.lib.stride_tricks.sliding_window_view(image, tuple(kernel.shape))[::stride, ::stride]
    return torch.from_numpy((windows * kernel.numpy()).sum((2, 3)).astype(np.float32)) + bias


@right(NAME)
def in_float64(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input.double(), [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows * kernel.double()).sum((-1, -2)) + float(bias)


@wrong(NAME, fails="slides", mistake=1)
def row_number_is_i_plus_j(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    regions = torch.zeros(oh * ow, kh * kw)
    for i in range(oh):
        for j in range(ow):
            regions[i + j] = image[i * stride : i * stride + kh, j * stride : j * stride + kw].flatten()
    return (regions @ kernel.flatten()).reshape(oh, ow) + bias


@wrong(NAME, fails="slides", mistake=12)
def kernel_flipped(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel.flip(0, 1)) + bias


@wrong(NAME, fails="slides", mistake=12)
def kernel_transposed(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,lk->ij", windows, kernel) + bias


@wrong(NAME, fails="slides", mistake=16)
def whole_numbers_only(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (torch.einsum("ijkl,kl->ij", windows, kernel) + bias).long()


@wrong(NAME, fails="slides", mistake=16)
def axes_of_length_1_squeezed(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel).squeeze() + bias


@wrong(NAME, fails="rectangles", mistake=3)
def width_from_the_height(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    size = (image.shape[0] - kernel.shape[0]) // stride + 1
    output = torch.zeros(size, size)
    for i in range(size):
        for j in range(size):
            window = image[i * stride :, j * stride :][: kernel.shape[0], : kernel.shape[1]]
            output[i, j] = (window * kernel).sum()
    return output + bias


@wrong(NAME, fails="rectangles", mistake=3)
def kernel_width_in_the_height(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kw) // stride + 1, (image.shape[1] - kh) // stride + 1
    output = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            output[i, j] = (image[i * stride : i * stride + kh, j * stride : j * stride + kw] * kernel).sum()
    return output + bias


@wrong(NAME, fails="stride", mistake=8)
def stride_ignored(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(NAME, fails="stride", mistake=8)
def stride_moves_down_only(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    output = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            output[i, j] = (image[i * stride : i * stride + kh, j : j + kw] * kernel).sum()
    return output + bias


@wrong(NAME, fails="stride", mistake=8)
def size_without_the_stride(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    output = torch.zeros(oh, ow)
    for i in range(0, oh, stride):
        for j in range(0, ow, stride):
            output[i // stride, j // stride] = (image[i : i + kh, j : j + kw] * kernel).sum()
    return output + bias


@wrong(NAME, fails="stride", mistake=8)
def size_rounded_up(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = math.ceil((image.shape[0] - kh) / stride) + 1, math.ceil((image.shape[1] - kw) / stride) + 1
    image = F.pad(image, (0, stride, 0, stride))
    output = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            output[i, j] = (image[i * stride : i * stride + kh, j * stride : j * stride + kw] * kernel).sum()
    return output + bias


@wrong(NAME, fails="padding", mistake=7)
def padding_left_and_right_only(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding))
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(NAME, fails="padding", mistake=7)
def padding_at_the_end_only(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (0, 2 * padding, 0, 2 * padding))
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(NAME, fails="padding", mistake=7)
def padding_repeats_the_border(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input[None, None], [padding] * 4, mode="replicate")[0, 0]
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@wrong(NAME, fails="bias", mistake=5)
def bias_at_each_kernel_element(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows * kernel + bias).sum((2, 3))


@wrong(NAME, fails="bias")
def bias_ignored(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel)


@wrong(NAME, fails="slides", mistake=6)
def bias_must_be_a_tensor(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias[0]


@wrong(NAME, fails="bias", mistake=6)
def bias_must_be_a_number(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + (bias if type(bias) in (int, float) else 0)


@wrong(NAME, fails="together")
def stride_comes_before_the_padding(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = input.shape, kernel.shape
    oh, ow = (h - kh) // stride + 1 + 2 * padding, (w - kw) // stride + 1 + 2 * padding
    windows = image.unfold(0, kh, stride).unfold(1, kw, stride)[:oh, :ow]
    output = torch.zeros(oh, ow)
    output[: windows.shape[0], : windows.shape[1]] = torch.einsum("ijkl,kl->ij", windows, kernel)
    return output + bias


@wrong(NAME, fails="arguments", mistake=16)
def axes_added_in_place(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    kernel.unsqueeze_(0).unsqueeze_(0)
    return (windows * kernel).sum((2, 3)) + bias


@wrong(NAME, fails="arguments", mistake=16)
def input_overwritten_at_the_end(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    output = torch.einsum("ijkl,kl->ij", windows, kernel) + bias
    input.zero_()
    return output


@wrong(NAME, fails="arguments", mistake=16)
def bias_added_up_in_place(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    output = torch.einsum("ijkl,kl->ij", windows, kernel) + bias
    if isinstance(bias, torch.Tensor):
        bias += output.sum()
    return output


@wrong(NAME, fails="arguments", mistake=16)
def contiguous_kernel_only(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows.flatten(2) * kernel.view(-1)).sum(2) + bias


@wrong(NAME, fails="arguments", mistake=16)
def contiguous_input_only(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4) if padding else input
    (h, w), (kh, kw) = image.shape, kernel.shape
    size = ((h - kh) // stride + 1, (w - kw) // stride + 1, kh, kw)
    windows = torch.as_strided(image, size, (w * stride, stride, w, 1))
    return (windows * kernel).sum(dim=(2, 3)) + bias


@wrong(NAME, fails="slides", mistake=15)
def library_convolution(input, kernel, bias=0, stride=1, padding=0):
    return F.conv2d(input[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0] + bias
