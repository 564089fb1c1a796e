"""Right answers to flatten."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

NAME = "matrix_multiplication_for_conv2d_flatten"


@right(NAME)
def by_loops_and_at(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding, padding, padding))
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    regions = torch.zeros(oh * ow, kh * kw)
    row = 0
    for i in range(oh):
        for j in range(ow):
            regions[row] = image[i * stride : i * stride + kh, j * stride : j * stride + kw].reshape(-1)
            row += 1
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


@right(NAME)
def matrix_times_vector(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    return torch.mv(windows.reshape(oh * ow, -1), kernel.flatten()).reshape(oh, ow) + bias


@right(NAME)
def row_times_transposed_matrix(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    return (kernel.reshape(1, -1) @ windows.reshape(oh * ow, -1).T).reshape(oh, ow) + bias


@right(NAME)
def by_einsum(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@right(NAME)
def by_tensordot(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.tensordot(windows, kernel, dims=2) + bias


@right(NAME)
def by_linear_with_bias(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4).contiguous()
    (h, w), (kh, kw) = image.shape, kernel.shape
    oh, ow = (h - kh) // stride + 1, (w - kw) // stride + 1
    regions = torch.as_strided(image, (oh, ow, kh, kw), (w * stride, stride, w, 1)).reshape(oh * ow, kh * kw)
    bias = torch.as_tensor(bias, dtype=torch.float32).reshape(1)
    return F.linear(regions, kernel.reshape(1, -1), bias).reshape(oh, ow)


@right(NAME)
def regions_by_numpy_product_in_float64(input, kernel, bias=0, stride=1, padding=0):
    import numpy as np

    image = np.pad(input.numpy().astype(np.float64), padding)
    windows = np.lib.stride_tricks.sliding_window_view(image, tuple(kernel.shape))[::stride, ::stride]
    regions = torch.from_numpy(windows.reshape(-1, kernel.numel()).copy())
    return torch.matmul(regions, kernel.double().reshape(-1, 1)).reshape(windows.shape[:2]) + bias


def windows_of(image, size, stride):
    """Return all windows of a size (KH, KW), row by row."""
    for top in range(0, image.shape[0] - size[0] + 1, stride):
        for left in range(0, image.shape[1] - size[1] + 1, stride):
            yield image[top : top + size[0], left : left + size[1]]


@right(NAME, helpers=(windows_of,))
def by_generator_and_list_comprehension(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    regions = torch.stack([window.flatten() for window in windows_of(image, kernel.shape, stride)])
    oh = (image.shape[0] - kernel.shape[0]) // stride + 1
    return regions.matmul(kernel.reshape(-1, 1)).view(oh, -1) + bias


def rows_from(image, size, stride, top=0):
    """Return the regions from a row of the image on, by recursion: a list of flat tensors."""
    if top + size[0] > len(image):
        return []
    lefts = range(0, image.shape[1] - size[1] + 1, stride)
    here = [image[top : top + size[0], left : left + size[1]].reshape(-1) for left in lefts]
    return here + rows_from(image, size, stride, top + stride)


@right(NAME, helpers=(rows_from,))
def by_recursion(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    regions = torch.stack(rows_from(image, kernel.shape, stride))
    width = (image.shape[1] - kernel.shape[1]) // stride + 1
    return torch.mm(regions, kernel.reshape(-1, 1)).reshape(-1, width) + bias


@right(NAME)
def keyword_only_by_indices(*, input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = image.shape, kernel.shape
    corners = torch.arange(h * w).reshape(h, w)[: h - kh + 1 : stride, : w - kw + 1 : stride]
    offsets = (torch.arange(kh)[:, None] * w + torch.arange(kw)).flatten()
    regions = image.flatten()[corners.reshape(-1, 1) + offsets]
    return (regions @ kernel.flatten()).reshape(corners.shape) + bias
