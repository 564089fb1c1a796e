"""Answers to dilation_groups."""

# ruff: noqa: F841  (a mistake may leave a name unused)

import torch
import torch.nn.functional as F

from answers import right, wrong

NAME = "matrix_multiplication_for_conv2d_final"


@right(NAME)
def by_loops(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    n, c, h, w = input.shape
    f, cg, kh, kw = kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, (padding, padding, padding, padding))
    oh = (h + 2 * padding - dilation * (kh - 1) - 1) // stride + 1
    ow = (w + 2 * padding - dilation * (kw - 1) - 1) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                for d in range(cg):
                    for y in range(kh):
                        for x in range(kw):
                            pixel = images[:, first + d, i * stride + y * dilation, j * stride + x * dilation]
                            output[:, b, i, j] += pixel * kernel[b, d, y, x]
        if bias is not None:
            output[:, b] += bias[b]
    return output


@right(NAME)
def by_spread_kernel(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    assert input.shape[1] % groups == 0 and kernel.shape[0] % groups == 0
    kh, kw = (dilation * (size - 1) + 1 for size in kernel.shape[2:])
    spread = torch.zeros(*kernel.shape[:2], kh, kw)
    spread[:, :, ::dilation, ::dilation] = kernel
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kh, stride).unfold(3, kw, stride)
    parts = zip(windows.chunk(groups, 1), spread.chunk(groups, 0), strict=True)
    output = torch.cat([torch.einsum("ncijkl,fckl->nfij", part, own) for part, own in parts], 1)
    return output if bias is None else output + bias[:, None, None]


@right(NAME)
def by_as_strided_and_matmul(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    f, cg, kh, kw = kernel.shape
    n, c = input.shape[:2]
    if c != cg * groups or f % groups != 0:
        raise AssertionError("groups")
    images = F.pad(input, [padding] * 4).contiguous()
    h, w = images.shape[2:]
    oh, ow = (h - dilation * (kh - 1) - 1) // stride + 1, (w - dilation * (kw - 1) - 1) // stride + 1
    shape = (n, groups, oh, ow, cg, kh, kw)
    steps = (c * h * w, cg * h * w, w * stride, stride, h * w, w * dilation, dilation)
    regions = torch.as_strided(images, shape, steps).reshape(n, groups, oh * ow, -1)
    output = regions @ kernel.reshape(groups, f // groups, -1).transpose(1, 2)
    output = output.transpose(2, 3).reshape(n, f, oh, ow)
    return output if bias is None else output + bias.reshape(-1, 1, 1)


@right(NAME)
def by_numpy_in_float64(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    import numpy as np

    if input.shape[1] % groups or kernel.shape[0] % groups:
        raise ValueError("groups")
    x, k = input.numpy().astype(float), kernel.numpy().astype(float)
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    f, cg, kh, kw = k.shape
    oh = (x.shape[2] - dilation * (kh - 1) - 1) // stride + 1
    ow = (x.shape[3] - dilation * (kw - 1) - 1) // stride + 1
    output = np.zeros((len(x), f, oh, ow))
    for b in range(f):
        own = x[:, b // (f // groups) * cg :][:, :cg]
        for i in range(oh):
            for j in range(ow):
                window = own[:, :, i * stride :: dilation, j * stride :: dilation][:, :, :kh, :kw]
                output[:, b, i, j] = (window * k[b]).sum((1, 2, 3))
    return torch.from_numpy(output) + (0 if bias is None else bias[:, None, None])


@wrong(NAME, fails="plain", mistake=12)
def kernel_flipped(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b].flip(1, 2)).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="plain", mistake=9)
def last_channel_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b])[:, -1].sum((1, 2))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="plain", mistake=8)
def size_without_the_stride(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = images.shape[2] - span_h + 1, images.shape[3] - span_w + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="plain", mistake=7)
def channels_padded_too(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 6)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="plain", mistake=16)
def first_image_for_all(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:1, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="dilation", mistake=10)
def dilation_ignored(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = kh, kw
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h, :span_w]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="dilation", mistake=10)
def dilation_in_the_size_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :kh, :kw]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="dilation", mistake=10)
def dilation_in_the_slice_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - kh) // stride + 1, (images.shape[3] - kw) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="dilation", mistake=10)
def span_one_too_long(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = (dilation * kh, dilation * kw) if dilation > 1 else (kh, kw)
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="dilation", mistake=10)
def dilation_downwards_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :kw]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="dilation", mistake=3)
def squares_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kh - 1) + 1
    oh = ow = (images.shape[2] - span_h) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="groups", mistake=11)
def channel_not_offset_by_the_group(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = 0
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="groups", mistake=11)
def group_by_remainder(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b % groups * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="groups", mistake=11)
def kernel_counted_inside_the_group(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b % (f // groups)]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="groups", mistake=11)
def groups_ignored_all_channels(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, :, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b].repeat(groups, 1, 1)).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="depthwise", mistake=11)
def depthwise_with_f_equal_to_c_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b % c if groups == c else b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="bias", mistake=11)
def bias_counted_inside_the_group(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b % (f // groups)]
    return output


@wrong(NAME, fails="bias", mistake=5)
def bias_for_each_channel(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b] * cg
    return output


@wrong(NAME, fails="bias", mistake=6)
def bias_none_forgotten(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        output[:, b] += bias[b]
    return output


@wrong(NAME, fails="divides")
def groups_not_checked(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    groups = groups if f >= groups else 1
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="divides")
def input_channels_not_checked(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="divides")
def output_channels_not_checked(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="divides")
def another_error_for_wrong_groups(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise RuntimeError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="together")
def padding_times_the_dilation(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding * dilation] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="arguments", mistake=16)
def input_overwritten_at_the_end(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel[b]).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    input.zero_()
    return output


@wrong(NAME, fails="arguments", mistake=16)
def contiguous_kernel_only(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (n, c), (f, cg, kh, kw) = input.shape[:2], kernel.shape
    if c % groups or f % groups:
        raise ValueError("groups must divide the channels")
    images = F.pad(input, [padding] * 4)
    span_h, span_w = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh, ow = (images.shape[2] - span_h) // stride + 1, (images.shape[3] - span_w) // stride + 1
    output = torch.zeros(n, f, oh, ow)
    for b in range(f):
        first = b // (f // groups) * cg
        for i in range(oh):
            for j in range(ow):
                window = images[:, first : first + cg, i * stride :, j * stride :]
                window = window[:, :, :span_h:dilation, :span_w:dilation]
                output[:, b, i, j] = (window * kernel.view(f, -1)[b].reshape(cg, kh, kw)).sum((1, 2, 3))
        if bias is not None:
            output[:, b] += bias[b]
    return output


@wrong(NAME, fails="plain", mistake=15)
def library_convolution(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    if input.shape[1] % groups or kernel.shape[0] % groups:
        raise ValueError("groups must divide the channels")
    return F.conv2d(input, kernel, bias, stride, padding, dilation, groups)
