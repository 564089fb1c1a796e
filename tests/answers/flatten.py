"""Answers to flatten."""

import torch
import torch.nn.functional as F

from answers import right, wrong

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


@wrong(NAME, fails="slides", mistake=1)
def row_number_is_i_plus_j(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    regions = torch.zeros(oh * ow, kh * kw)
    for i in range(oh):
        for j in range(ow):
            regions[i + j] = image[i * stride : i * stride + kh, j * stride : j * stride + kw].flatten()
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


@wrong(NAME, fails="slides", mistake=12)
def kernel_flipped(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.tensordot(windows, kernel.flip(0, 1), dims=2) + bias


@wrong(NAME, fails="slides", mistake=16)
def column_not_folded_back(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return windows.reshape(-1, kernel.numel()) @ kernel.reshape(-1, 1) + bias


@wrong(NAME, fails="rectangles", mistake=3)
def folded_back_with_height_and_width_exchanged(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    return (windows.reshape(oh * ow, -1) @ kernel.reshape(-1, 1)).reshape(ow, oh) + bias


@wrong(NAME, fails="rectangles", mistake=3)
def row_number_counts_by_the_height(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    regions = torch.zeros(oh * ow, kh * kw)
    for i in range(oh):
        for j in range(ow):
            regions[i * oh + j] = image[i * stride : i * stride + kh, j * stride : j * stride + kw].flatten()
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


@wrong(NAME, fails="stride", mistake=8)
def row_number_without_the_stride(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    regions = torch.zeros(oh * ow, kh * kw)
    for i in range(oh):
        for j in range(ow):
            regions[i * ow + j] = image[i : i + kh, j : j + kw].flatten()
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


@wrong(NAME, fails="padding", mistake=7)
def padding_above_and_below_forgotten(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding))
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.tensordot(windows, kernel, dims=2) + bias


@wrong(NAME, fails="bias", mistake=5)
def bias_added_to_each_region_element(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.tensordot(windows + bias, kernel, dims=2)


@wrong(NAME, fails="together")
def stride_comes_before_the_padding(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = input.shape, kernel.shape
    windows = image.unfold(0, kh, stride).unfold(1, kw, stride)
    oh, ow = (h - kh) // stride + 1 + 2 * padding, (w - kw) // stride + 1 + 2 * padding
    regions = torch.zeros(oh, ow, kh * kw)
    regions[: windows.shape[0], : windows.shape[1]] = windows.flatten(2)
    return (regions.reshape(oh * ow, -1) @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


@wrong(NAME, fails="arguments", mistake=16)
def contiguous_kernel_only(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    return (windows.reshape(oh * ow, -1) @ kernel.view(-1, 1)).reshape(oh, ow) + bias


@wrong(NAME, fails="arguments", mistake=16)
def kernel_resized_in_place(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    column = kernel.contiguous().resize_(kernel.numel(), 1)
    return (windows.reshape(oh * ow, -1) @ column).reshape(oh, ow) + bias


@wrong(NAME, fails="product")
def dot_for_each_position(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    output = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            window = image[i * stride : i * stride + kh, j * stride : j * stride + kw]
            output[i, j] = torch.dot(window.flatten(), kernel.flatten())
    return output + bias


@wrong(NAME, fails="product")
def one_product_for_each_output_row(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    rows = [windows[i].reshape(windows.shape[1], -1) @ kernel.flatten() for i in range(windows.shape[0])]
    return torch.stack(rows) + bias


@wrong(NAME, fails="product")
def times_and_sum(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows * kernel).sum((2, 3)) + bias


@wrong(NAME, fails="product")
def product_by_numpy(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    oh, ow = windows.shape[:2]
    product = windows.reshape(oh * ow, -1).numpy() @ kernel.reshape(-1, 1).numpy()
    return torch.from_numpy(product).reshape(oh, ow) + bias


@wrong(NAME, fails="product")
def kernel_matrix_times_image(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = image.shape, kernel.shape
    rows = [
        F.pad(kernel, (left, w - kw - left, top, h - kh - top)).flatten()
        for top in range(0, h - kh + 1, stride)
        for left in range(0, w - kw + 1, stride)
    ]
    return (torch.stack(rows) @ image.reshape(-1, 1)).reshape((h - kh) // stride + 1, -1) + bias


@wrong(NAME, fails="slides", mistake=15)
def library_unfold(input, kernel, bias=0, stride=1, padding=0):
    regions = F.unfold(input[None, None], tuple(kernel.shape), padding=padding, stride=stride)[0].T
    oh = (input.shape[0] + 2 * padding - kernel.shape[0]) // stride + 1
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, -1) + bias
