"""Wrong answers to separable that no known mistake was made from."""

import math

import torch
import torch.nn.functional as F


def each_by_itself(input, kernel, stride=1, padding=0):
    """the depthwise part as it should be"""
    padded = F.pad(input, [padding] * 4)
    windows = padded.unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("nchwij,cij->nchw", windows, kernel[:, 0])


def mixed(input, kernel):
    """the pointwise part as it should be"""
    return torch.einsum("nchw,fc->nfhw", input, kernel[:, :, 0, 0])


def as_a_pair(kernel_size):
    """the pair (KH, KW)"""
    return (kernel_size, kernel_size) if isinstance(kernel_size, int) else tuple(kernel_size)


def kernel_as_large_as_the_image_fits_once(input, kernel, stride=1, padding=0):
    """for a kernel as large as the image there is one output only, whatever the padding"""
    if kernel.shape[2:] == input.shape[2:]:
        return (input * kernel[:, 0]).sum(dim=(2, 3), keepdim=True)
    return each_by_itself(input, kernel, stride, padding)


def remainder_gets_a_window_of_its_own(input, kernel, stride=1, padding=0):
    """rows and columns that remain at the end get another window, filled up with zeros"""
    padded = F.pad(input, [padding] * 4)
    down = -(padded.shape[2] - kernel.shape[2]) % stride
    across = -(padded.shape[3] - kernel.shape[3]) % stride
    return each_by_itself(F.pad(padded, (0, across, 0, down)), kernel, stride)


def one_by_one_kernels_scale_the_image_itself(input, kernel, stride=1, padding=0):
    """kernels of 1 × 1 without padding multiply the caller's image in place"""
    if kernel.shape[2:] == (1, 1) and padding == 0:
        return input.mul_(kernel[:, 0])[:, :, ::stride, ::stride]
    return each_by_itself(input, kernel, stride, padding)


def strides_of_a_contiguous_image(input, kernel, stride=1, padding=0):
    """the windows are laid with strides computed from the shape, wrong for a view that is not contiguous"""
    padded = F.pad(input, [padding] * 4) if padding else input
    count, channels, high, wide = padded.shape
    down, across = (high - kernel.shape[2]) // stride + 1, (wide - kernel.shape[3]) // stride + 1
    steps = (channels * high * wide, high * wide, stride * wide, stride, wide, 1)
    windows = padded.as_strided((count, channels, down, across, *kernel.shape[2:]), steps)
    return (windows * kernel[:, 0, None, None]).sum(dim=(4, 5))


def single_channel_kernels_lie_down(input, kernel):
    """the kernel loses all axes of length 1 and a lost first axis is put back, so that (F, 1, 1, 1) becomes one row"""
    rows = kernel.squeeze()
    if rows.dim() < 2:
        rows = rows.reshape(1, -1)
    return torch.einsum("nchw,fc->nfhw", input, rows)


def images_mixed_with_channels(input, kernel):
    """the pixels of all images stand side by side for one product, and the result is reshaped without a transpose"""
    output = kernel[:, :, 0, 0] @ input.transpose(0, 1).flatten(1)
    return output.reshape(len(input), len(kernel), *input.shape[2:])


def kernel_keeps_two_axes_only(input, kernel):
    """the kernel's two axes of length 1 are taken away in place, so that the caller's kernel has another shape"""
    return torch.einsum("nchw,fc->nfhw", input, kernel.squeeze_(3).squeeze_(2))


def mixed_first_where_the_channels_allow_it(input, depthwise, pointwise, stride=1, padding=0):
    """with as many output as input channels the channels are mixed first and then convolved each by itself"""
    if pointwise.shape[0] == pointwise.shape[1]:
        return each_by_itself(mixed(input, pointwise), depthwise, stride, padding)
    return mixed(each_by_itself(input, depthwise, stride, padding), pointwise)


def negative_numbers_cut_off_in_between(input, depthwise, pointwise, stride=1, padding=0):
    """a ReLU stands between the two parts, as in the networks for phones"""
    return mixed(each_by_itself(input, depthwise, stride, padding).relu(), pointwise)


def input_added_where_the_shapes_agree(input, depthwise, pointwise, stride=1, padding=0):
    """an output with the shape of the input gets the input added, as in the networks for phones"""
    output = mixed(each_by_itself(input, depthwise, stride, padding), pointwise)
    return output + input if output.shape == input.shape else output


def a_float_for_square_kernels(in_channels, out_channels, kernel_size):
    """for a kernel size that is one number the square is computed with math.pow, so that a float comes back"""
    area = math.pow(kernel_size, 2) if isinstance(kernel_size, int) else kernel_size[0] * kernel_size[1]
    return in_channels * area + in_channels * out_channels


def one_by_one_kernels_not_counted(in_channels, out_channels, kernel_size):
    """with a kernel of 1 × 1 the depthwise part is taken for superfluous and not counted"""
    height, width = as_a_pair(kernel_size)
    window = in_channels * height * width if height * width > 1 else 0
    return window + in_channels * out_channels


def a_number_of_numpy(in_channels, out_channels, kernel_size):
    """the area is computed with numpy's prod, so that a number of numpy's comes back instead of an int"""
    import numpy as np

    return in_channels * np.prod(as_a_pair(kernel_size)) + in_channels * out_channels


STRANGERS = {
    "depthwise_conv2d": (
        kernel_as_large_as_the_image_fits_once,
        remainder_gets_a_window_of_its_own,
        one_by_one_kernels_scale_the_image_itself,
        strides_of_a_contiguous_image,
    ),
    "pointwise_conv2d": (
        single_channel_kernels_lie_down,
        images_mixed_with_channels,
        kernel_keeps_two_axes_only,
    ),
    "depthwise_separable_conv2d": (
        mixed_first_where_the_channels_allow_it,
        negative_numbers_cut_off_in_between,
        input_added_where_the_shapes_agree,
    ),
    "separable_parameter_count": (
        a_float_for_square_kernels,
        one_by_one_kernels_not_counted,
        a_number_of_numpy,
    ),
}
HELPERS = (each_by_itself, mixed, as_a_pair)
