"""Ten wrong answers to transposed that no known mistake was made from."""

import torch
import torch.nn.functional as F

MATRIX, PADDING = "matrix_multiplication_for_conv_transpose2d", "conv_transpose2d_by_padding"


def slid(image, kernel):
    windows = image.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return (windows * kernel).sum((2, 3))


def size_of(input, kernel):
    return input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1


def inverse_for_the_transpose(input, kernel):
    """takes "deconvolution" at its word: the (pseudo-)inverse brings the values back"""
    matrix = get_kernel_matrix(kernel, size_of(input, kernel))  # noqa: F821
    return (torch.linalg.pinv(matrix) @ input.reshape(-1, 1)).reshape(size_of(input, kernel))


def input_read_down_its_columns(input, kernel):
    """the small input is flattened column by column"""
    matrix = get_kernel_matrix(kernel, size_of(input, kernel))  # noqa: F821
    return (matrix.T @ input.T.reshape(-1, 1)).reshape(size_of(input, kernel))


def later_patches_win(input, kernel):
    """where patches overlap, the later one overwrites the earlier"""
    output = torch.zeros(size_of(input, kernel))
    for i in range(input.shape[0]):
        for j in range(input.shape[1]):
            output[i : i + kernel.shape[0], j : j + kernel.shape[1]] = input[i, j] * kernel
    return output


def overlaps_averaged(input, kernel):
    """each output is divided by the number of patches that reach it"""
    output, count = torch.zeros(size_of(input, kernel)), torch.zeros(size_of(input, kernel))
    for i in range(input.shape[0]):
        for j in range(input.shape[1]):
            output[i : i + kernel.shape[0], j : j + kernel.shape[1]] += input[i, j] * kernel
            count[i : i + kernel.shape[0], j : j + kernel.shape[1]] += 1
    return output / count


def transposed_twice(input, kernel):
    """the transpose of the matrix of the transposed kernel"""
    matrix = get_kernel_matrix(kernel.T, size_of(input, kernel)[::-1])  # noqa: F821
    return (matrix.T @ input.reshape(-1, 1)).reshape(size_of(input, kernel))


def turned_by_90_degrees(input, kernel):
    """the kernel is turned by a quarter only"""
    kh, kw = kernel.shape
    return slid(F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)), torch.rot90(kernel).reshape(kh, kw))


def mirrored_left_to_right(input, kernel):
    """the kernel is mirrored, not turned"""
    kh, kw = kernel.shape
    return slid(F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)), kernel.flip(1))


def padded_to_keep_the_size(input, kernel):
    """pads by half the kernel, as for an output as large as the input"""
    kh, kw = kernel.shape
    return slid(F.pad(input, (kw // 2, kw // 2, kh // 2, kh // 2)), kernel.flip(0, 1))


def padded_behind_only(input, kernel):
    """all the padding stands below and to the right"""
    kh, kw = kernel.shape
    return slid(F.pad(input, (0, 2 * (kw - 1), 0, 2 * (kh - 1))), kernel.flip(0, 1))


def spread_before_it_slides(input, kernel):
    """puts zeros between the inputs, which is what a stride would ask for"""
    kh, kw = kernel.shape
    spread = torch.zeros(2 * input.shape[0] - 1, 2 * input.shape[1] - 1)
    spread[::2, ::2] = input
    return slid(F.pad(spread, (kw - 1, kw - 1, kh - 1, kh - 1)), kernel.flip(0, 1))


def upside_down(input, kernel):
    """the rows of the result stand in the opposite order"""
    matrix = get_kernel_matrix(kernel, size_of(input, kernel))  # noqa: F821
    return (matrix.T @ input.reshape(-1, 1)).reshape(size_of(input, kernel)).flip(0)


def back_and_forth(input, kernel):
    """convolves what it has made, and spreads that again"""
    matrix = get_kernel_matrix(kernel, size_of(input, kernel))  # noqa: F821
    return (matrix.T @ (matrix @ (matrix.T @ input.reshape(-1, 1)))).reshape(size_of(input, kernel))


def nearest_number_as_padding(input, kernel):
    """pads with the nearest number, not with zeros"""
    kh, kw = kernel.shape
    return slid(F.pad(input[None], (kw - 1, kw - 1, kh - 1, kh - 1), mode="replicate")[0], kernel.flip(0, 1))


def input_turned_too(input, kernel):
    """the input is turned by 180 degrees along with the kernel"""
    kh, kw = kernel.shape
    return slid(F.pad(input.flip(0, 1), (kw - 1, kw - 1, kh - 1, kh - 1)), kernel.flip(0, 1))


def same_sum_as_before(input, kernel):
    """the result is scaled so that it adds up to what the input adds up to"""
    kh, kw = kernel.shape
    output = slid(F.pad(input, (kw - 1, kw - 1, kh - 1, kh - 1)), kernel.flip(0, 1))
    return output * input.sum() / output.sum()


STRANGERS = {
    MATRIX: (
        inverse_for_the_transpose, input_read_down_its_columns, later_patches_win, overlaps_averaged, transposed_twice,
        upside_down, back_and_forth,
    ),
    PADDING: (
        turned_by_90_degrees, mirrored_left_to_right, padded_to_keep_the_size, padded_behind_only,
        spread_before_it_slides,
        nearest_number_as_padding, input_turned_too,
        same_sum_as_before,
    ),
}  # fmt: skip
HELPERS = (slid, size_of)
