"""Right answers to unfold."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

UNFOLD, CONVOLUTION = "unfold", "conv2d_by_unfold"


@right(UNFOLD)
def by_loops_over_windows(input, kernel_size, dilation=1, padding=0, stride=1):
    (kh, kw), images = kernel_size, F.pad(input, (padding, padding, padding, padding))
    rows, columns = (kh - 1) * dilation + 1, (kw - 1) * dilation + 1
    windows = []
    for i in range(0, images.shape[2] - rows + 1, stride):
        for j in range(0, images.shape[3] - columns + 1, stride):
            windows.append(images[:, :, i : i + rows : dilation, j : j + columns : dilation].flatten(1))
    return torch.stack(windows, dim=2)


@right(UNFOLD)
def by_loops_over_kernel_elements(input, kernel_size, dilation=1, padding=0, stride=1):
    (kh, kw), (n, c, h, w) = kernel_size, input.shape
    oh = (h + 2 * padding - dilation * (kh - 1) - 1) // stride + 1
    ow = (w + 2 * padding - dilation * (kw - 1) - 1) // stride + 1
    images = torch.zeros(n, c, h + 2 * padding, w + 2 * padding)
    images[:, :, padding : padding + h, padding : padding + w] = input
    output = torch.zeros(n, c, kh, kw, oh, ow)
    for i in range(kh):
        for j in range(kw):
            top, left = i * dilation, j * dilation
            shifted = images[
                :, :, top : top + (oh - 1) * stride + 1 : stride, left : left + (ow - 1) * stride + 1 : stride
            ]
            output[:, :, i, j] = shifted
    return output.reshape(n, c * kh * kw, oh * ow)


@right(UNFOLD)
def by_tensor_unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    (kh, kw), images = kernel_size, F.pad(input, [padding] * 4)
    windows = images.unfold(2, (kh - 1) * dilation + 1, stride).unfold(3, (kw - 1) * dilation + 1, stride)
    windows = windows[..., ::dilation, ::dilation]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(len(input), -1, windows.shape[2] * windows.shape[3])


@right(UNFOLD)
def by_as_strided(input, kernel_size, dilation=1, padding=0, stride=1):
    (kh, kw), images = kernel_size, F.pad(input, [padding] * 4).contiguous()
    n, c, h, w = images.shape
    oh, ow = (h - dilation * (kh - 1) - 1) // stride + 1, (w - dilation * (kw - 1) - 1) // stride + 1
    steps = (c * h * w, h * w, w * dilation, dilation, w * stride, stride)
    return torch.as_strided(images, (n, c, kh, kw, oh, ow), steps).reshape(n, c * kh * kw, oh * ow)


@right(UNFOLD)
def by_numpy_and_index_arrays(input, kernel_size, dilation=1, padding=0, stride=1):
    import numpy as np

    kh, kw = kernel_size
    images = np.pad(input.numpy(), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    n, c, h, w = images.shape
    tops = np.arange(0, h - dilation * (kh - 1), stride)
    lefts = np.arange(0, w - dilation * (kw - 1), stride)
    rows = np.arange(kh)[:, None, None, None] * dilation + tops[:, None]
    columns = np.arange(kw)[:, None, None] * dilation + lefts
    return torch.from_numpy(images[:, :, rows, columns].reshape(n, c * kh * kw, len(tops) * len(lefts)))


def region_tensor(input, kh, kw, stride, padding):
    """Map (N, C, H, W) to (N, OH, OW, C·KH·KW)."""
    windows = F.pad(input, [padding] * 4).unfold(2, kh, stride).unfold(3, kw, stride)
    return windows.permute(0, 2, 3, 1, 4, 5).flatten(3)


@right(CONVOLUTION, helpers=(region_tensor,))
def one_product_by_linear(input, kernel, bias=None, stride=1, padding=0):
    regions = region_tensor(input, *kernel.shape[2:], stride, padding)
    return F.linear(regions, kernel.flatten(1), bias).permute(0, 3, 1, 2)


@right(CONVOLUTION)
def kernels_times_columns(input, kernel, bias=None, stride=1, padding=0):
    f, _, kh, kw = kernel.shape
    columns = unfold(input, (kh, kw), padding=padding, stride=stride)  # noqa: F821  (the notebook's own)
    output = kernel.reshape(f, -1) @ columns
    if bias is not None:
        output = output + bias.reshape(f, 1)
    oh = (input.shape[2] + 2 * padding - kh) // stride + 1
    return output.reshape(len(input), f, oh, -1)


@right(CONVOLUTION)
def columns_transposed_times_kernels(input, kernel, bias=None, stride=1, padding=0):
    kh, kw = kernel.shape[2:]
    columns = unfold(input, (kh, kw), 1, padding, stride)  # noqa: F821
    output = torch.matmul(columns.transpose(1, 2), kernel.flatten(1).T).transpose(1, 2)
    output = output if bias is None else output + bias[:, None]
    size = [(side + 2 * padding - k) // stride + 1 for side, k in zip(input.shape[2:], (kh, kw), strict=True)]
    return output.unflatten(2, size)


@right(CONVOLUTION, helpers=(region_tensor,))
def one_product_by_einsum(input, kernel, bias=None, stride=1, padding=0):
    regions = region_tensor(input, *kernel.shape[2:], stride, padding)
    output = torch.einsum("fk,nijk->nfij", kernel.flatten(1), regions)
    return output if bias is None else output + bias.reshape(-1, 1, 1)


@right(CONVOLUTION, helpers=(region_tensor,))
def one_product_of_all_images_as_a_long_matrix(input, kernel, bias=None, stride=1, padding=0):
    regions = region_tensor(input, *kernel.shape[2:], stride, padding)
    n, oh, ow, k = regions.shape
    start = torch.zeros(len(kernel)) if bias is None else bias
    output = torch.addmm(start, regions.reshape(n * oh * ow, k), kernel.reshape(-1, k).T)
    return output.reshape(n, oh, ow, -1).permute(0, 3, 1, 2)
