"""Ten wrong answers to flatten that no known mistake was made from."""

import torch
import torch.nn.functional as F

FUNCTION = "matrix_multiplication_for_conv2d_flatten"


def regions_of(image, kernel, stride):
    (h, w), (kh, kw) = image.shape, kernel.shape
    rows, columns = range(0, h - kh + 1, stride), range(0, w - kw + 1, stride)
    return (
        torch.stack([image[i : i + kh, j : j + kw].flatten() for i in rows for j in columns]),
        len(rows),
        len(columns),
    )


def regions_from_the_last_to_the_first(input, kernel, bias=0, stride=1, padding=0):
    """the rows of the region matrix stand in the opposite order"""
    regions, oh, ow = regions_of(F.pad(input, [padding] * 4), kernel, stride)
    return (regions.flip(0) @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


def half_precision(input, kernel, bias=0, stride=1, padding=0):
    """the product is made with 16 bits"""
    regions, oh, ow = regions_of(F.pad(input, [padding] * 4), kernel, stride)
    return (regions.half() @ kernel.reshape(-1, 1).half()).float().reshape(oh, ow) + bias


def regions_without_their_mean(input, kernel, bias=0, stride=1, padding=0):
    """each window is centred first"""
    regions, oh, ow = regions_of(F.pad(input, [padding] * 4), kernel, stride)
    return ((regions - regions.mean(1, keepdim=True)) @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


def folded_to_a_square(input, kernel, bias=0, stride=1, padding=0):
    """takes the output for a square"""
    regions, oh, ow = regions_of(F.pad(input, [padding] * 4), kernel, stride)
    side = int((oh * ow) ** 0.5)
    return (regions @ kernel.reshape(-1, 1)).reshape(side, -1) + bias


def columns_thinned_out_after_the_product(input, kernel, bias=0, stride=1, padding=0):
    """the stride drops columns of the output, and no rows"""
    regions, oh, ow = regions_of(F.pad(input, [padding] * 4), kernel, 1)
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, ow)[:, ::stride] + bias


def ones_as_padding(input, kernel, bias=0, stride=1, padding=0):
    """pads with ones"""
    regions, oh, ow = regions_of(F.pad(input, [padding] * 4, value=1.0), kernel, stride)
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias


def one_small_product_a_region_in_a_batch(input, kernel, bias=0, stride=1, padding=0):
    """a batch of products of a row with a column, in place of one with a matrix"""
    regions, oh, ow = regions_of(F.pad(input, [padding] * 4), kernel, stride)
    columns = kernel.reshape(1, -1, 1).repeat(len(regions), 1, 1)
    return torch.bmm(regions[:, None], columns).reshape(oh, ow) + bias


def kernel_twice(input, kernel, bias=0, stride=1, padding=0):
    """the kernel is there once as a row and once as a column: products of (n, k), (k, k) and (k, 1)"""
    regions, oh, ow = regions_of(F.pad(input, [padding] * 4), kernel, stride)
    column = kernel.reshape(-1, 1)
    return (regions @ (column @ column.T) @ column).reshape(oh, ow) + bias


def kernel_from_its_end(input, kernel, bias=0, stride=1, padding=0):
    """rolled by one place when it was flattened"""
    regions, oh, ow = regions_of(F.pad(input, [padding] * 4), kernel, stride)
    return (regions @ kernel.flatten().roll(1).reshape(-1, 1)).reshape(oh, ow) + bias


def bias_on_the_diagonal(input, kernel, bias=0, stride=1, padding=0):
    """the bias is added by an identity matrix"""
    regions, oh, ow = regions_of(F.pad(input, [padding] * 4), kernel, stride)
    return (regions @ kernel.reshape(-1, 1)).reshape(oh, ow) + bias * torch.eye(oh, ow)


STRANGERS = {
    FUNCTION: (
        regions_from_the_last_to_the_first, half_precision, regions_without_their_mean, folded_to_a_square,
        columns_thinned_out_after_the_product, ones_as_padding, one_small_product_a_region_in_a_batch, kernel_twice,
        kernel_from_its_end, bias_on_the_diagonal,
    )
}  # fmt: skip
HELPERS = (regions_of,)
