"""Answers to full."""

import torch
import torch.nn.functional as F

from answers import right, wrong

NAME = "matrix_multiplication_for_conv2d_full"


@right(NAME)
def by_loops(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, (padding, padding, padding, padding))
    n, c, h, w = images.shape
    f, _, kh, kw = kernel.shape
    oh, ow = (h - kh) // stride + 1, (w - kw) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for a in range(n):
        for b in range(f):
            for d in range(c):
                for i in range(oh):
                    for j in range(ow):
                        window = images[a, d, i * stride : i * stride + kh, j * stride : j * stride + kw]
                        output[a, b, i, j] += (window * kernel[b, d]).sum()
            if bias is not None:
                output[a, b] += bias[b]
    return output


@right(NAME)
def by_unfold_and_einsum(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@right(NAME)
def by_region_matrix(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4).contiguous()
    n, c, h, w = images.shape
    f, _, kh, kw = kernel.shape
    oh, ow = (h - kh) // stride + 1, (w - kw) // stride + 1
    steps = (c * h * w, w * stride, stride, h * w, w, 1)
    regions = torch.as_strided(images, (n, oh, ow, c, kh, kw), steps).reshape(n * oh * ow, -1)
    output = (regions @ kernel.reshape(f, -1).T).reshape(n, oh, ow, f).permute(0, 3, 1, 2)
    return output + (torch.zeros(f) if bias is None else bias).reshape(1, f, 1, 1)


@right(NAME)
def by_numpy_in_float64(input, kernel, bias=None, stride=1, padding=0):
    import numpy as np

    images = np.pad(input.numpy().astype(float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(images, tuple(kernel.shape[2:]), axis=(2, 3))
    output = np.einsum("ncijkl,fckl->nfij", windows[:, :, ::stride, ::stride], kernel.numpy().astype(float))
    return torch.from_numpy(output) + (0 if bias is None else bias.reshape(-1, 1, 1))


@wrong(NAME, fails="single", mistake=12)
def kernel_flipped(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel.flip(2, 3))
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="single", mistake=16)
def axes_of_length_1_squeezed(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return (output if bias is None else output + bias[:, None, None]).squeeze()


@wrong(NAME, fails="single", mistake=16)
def whole_numbers_only(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return (output if bias is None else output + bias[:, None, None]).int()


@wrong(NAME, fails="channels", mistake=9)
def last_channel_only(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    for c in range(input.shape[1]):
        output = torch.einsum("nijkl,fkl->nfij", windows[:, c], kernel[:, c])
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="channels", mistake=9)
def first_kernel_channel_for_all(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fkl->nfij", windows, kernel[:, 0])
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="filters", mistake=16)
def filters_added_up(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nij", windows, kernel)[:, None]
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="filters", mistake=16)
def first_filter_for_all(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel[:1].expand_as(kernel))
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="batch", mistake=16)
def first_image_only(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input[:1], [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="batch", mistake=16)
def images_added_up(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.zeros(input.shape[0], kernel.shape[0], *windows.shape[2:4])
    output += torch.einsum("ncijkl,fckl->fij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="bias", mistake=5)
def bias_for_each_channel(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.zeros(input.shape[0], kernel.shape[0], *windows.shape[2:4])
    for c in range(input.shape[1]):
        output += torch.einsum("nijkl,fkl->nfij", windows[:, c], kernel[:, c])
        if bias is not None:
            output += bias[:, None, None]
    return output


@wrong(NAME, fails="bias", mistake=6)
def bias_none_forgotten(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    for f in range(kernel.shape[0]):
        output[:, f] += bias[f]
    return output


@wrong(NAME, fails="bias", mistake=6)
def bias_default_0_then_indexed(input, kernel, bias=0, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    for f in range(kernel.shape[0]):
        output[:, f] += 0 if bias is None else bias[f]
    return output


@wrong(NAME, fails="bias")
def first_bias_for_all(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[0]


@wrong(NAME, fails="stride", mistake=8)
def stride_moves_right_only(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    oh = (images.shape[2] - kernel.shape[2]) // stride + 1
    windows = images.unfold(2, kernel.shape[2], 1).unfold(3, kernel.shape[3], stride)[:, :, :oh]
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails=("stride", "padding"), mistake=3)
def squares_only(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    f, _, kh, _ = kernel.shape
    size = (images.shape[2] - kh) // stride + 1
    output = torch.zeros(input.shape[0], f, size, size)
    for i in range(size):
        for j in range(size):
            window = images[:, :, i * stride : i * stride + kh, j * stride : j * stride + kh]
            output[:, :, i, j] = torch.einsum("nckl,fckl->nf", window, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="padding", mistake=7)
def channels_padded_too(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 6)
    kernel = F.pad(kernel, (0, 0, 0, 0, 0, 2 * padding))
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="padding", mistake=7)
def channels_padded_and_broadcast(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 6)
    n, (f, _, kh, kw) = images.shape[0], kernel.shape
    oh, ow = (images.shape[2] - kh) // stride + 1, (images.shape[3] - kw) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        for i in range(oh):
            for j in range(ow):
                window = images[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="padding", mistake=7)
def batch_padded_too(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4 + [0, 0] + [padding] * 2)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="padding", mistake=7)
def padding_left_and_right_only(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, (padding, padding))
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="together")
def stride_comes_before_the_padding(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    (n, _, h, w), (f, _, kh, kw) = input.shape, kernel.shape
    windows = images.unfold(2, kh, stride).unfold(3, kw, stride)
    output = torch.zeros(n, f, (h - kh) // stride + 1 + 2 * padding, (w - kw) // stride + 1 + 2 * padding)
    output[:, :, : windows.shape[2], : windows.shape[3]] = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="arguments", mistake=16)
def bias_reshaped_in_place(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    output = torch.einsum("ncijkl,fckl->nfij", windows, kernel)
    return output if bias is None else output + bias.unsqueeze_(1).unsqueeze_(2)


@wrong(NAME, fails="arguments", mistake=16)
def contiguous_kernel_only(input, kernel, bias=None, stride=1, padding=0):
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    columns = windows.permute(0, 2, 3, 1, 4, 5).flatten(3)
    output = (columns @ kernel.view(kernel.shape[0], -1).T).permute(0, 3, 1, 2)
    return output if bias is None else output + bias[:, None, None]


@wrong(NAME, fails="single", mistake=15)
def library_convolution(input, kernel, bias=None, stride=1, padding=0):
    return F.conv2d(input, kernel, bias, stride, padding)
