"""Right answers to dilation_groups."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

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


@right(NAME)
def keyword_only_by_recursion(input, kernel, *, bias=None, stride=1, padding=0, dilation=1, groups=1):
    if kernel.shape[0] % groups or input.shape[1] != kernel.shape[1] * groups:
        raise ValueError(f"{groups} groups")
    if groups > 1:
        channels, filters = kernel.shape[1], kernel.shape[0] // groups
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        first = keyword_only_by_recursion(input[:, :channels], kernel[:filters], **options)
        rest = keyword_only_by_recursion(input[:, channels:], kernel[filters:], groups=groups - 1, **options)
        output = torch.cat((first, rest), 1)
    else:
        images = F.pad(input, (padding,) * 4)
        oh, ow = ((images.shape[a] - dilation * (kernel.shape[a] - 1) - 1) // stride + 1 for a in (2, 3))
        output = 0
        for y in range(kernel.shape[2]):
            for x in range(kernel.shape[3]):
                pixels = images[:, :, y * dilation :: stride, x * dilation :: stride][:, :, :oh, :ow]
                output = output + torch.einsum("ncij,fc->nfij", pixels, kernel[:, :, y, x])
    return output if bias is None else output + bias.view(1, -1, 1, 1)


class Region:
    def __init__(self, stride, dilation):
        self.stride, self.dilation = stride, dilation

    def __call__(self, images, i, j, kernel_size):
        top, left = i * self.stride, j * self.stride
        bottom, right = (at + self.dilation * (size - 1) + 1 for at, size in zip((top, left), kernel_size, strict=True))
        return images[:, :, top : bottom : self.dilation, left : right : self.dilation]


def one_group(images, kernel, stride, dilation):
    region = Region(stride, dilation)
    spans = [dilation * (size - 1) + 1 for size in kernel.shape[2:]]
    oh, ow = ((size - span) // stride + 1 for size, span in zip(images.shape[2:], spans, strict=True))
    columns = [region(images, i, j, kernel.shape[2:]).flatten(1) for i in range(oh) for j in range(ow)]
    output = torch.stack([column.matmul(kernel.flatten(1).T) for column in columns], 2)
    return output.unflatten(2, (oh, ow))


@right(NAME, helpers=(Region, one_group))
def by_helpers_in_other_cells(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    if any(count % groups for count in (input.shape[1], kernel.shape[0])):
        raise AssertionError(f"cannot make {groups} groups")
    images = F.pad(input, [padding] * 4)
    pairs = zip(images.chunk(groups, 1), kernel.chunk(groups), strict=True)
    output = torch.cat([one_group(part, own, stride, dilation) for part, own in pairs], 1)
    return output + (torch.zeros(len(kernel)) if bias is None else bias)[None, :, None, None]


@right(NAME)
def by_list_comprehension(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    f, cg, kh, kw = kernel.shape
    if input.shape[1] % groups or f % groups:
        raise ValueError("groups must divide C and F")
    images = F.pad(input, [padding] * 4).double()
    rows = range(0, images.shape[2] - dilation * (kh - 1), stride)
    columns = range(0, images.shape[3] - dilation * (kw - 1), stride)
    biases = torch.zeros(f) if bias is None else bias
    channels = [list(range(b // (f // groups) * cg, b // (f // groups) * cg + cg)) for b in range(f)]
    places = [[images[:, :, i::dilation, j::dilation][:, :, :kh, :kw] for j in columns] for i in rows]
    maps = [
        torch.stack([torch.stack([(at[:, own] * weights).sum((1, 2, 3)) for at in row], 1) for row in places], 1)
        for own, weights in zip(channels, kernel, strict=True)
    ]
    return (torch.stack(maps, 1) + biases[:, None, None]).float()
