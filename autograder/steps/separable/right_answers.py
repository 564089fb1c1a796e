"""Right answers to separable."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

DEPTHWISE, POINTWISE = "depthwise_conv2d", "pointwise_conv2d"
BOTH, COUNT = "depthwise_separable_conv2d", "separable_parameter_count"


@right(DEPTHWISE)
def windows_of_all_channels(input, kernel, stride=1, padding=0):
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.einsum("ncijkl,ckl->ncij", windows, kernel[:, 0])


@right(DEPTHWISE)
def loops_over_positions(input, kernel, stride=1, padding=0):
    images = F.pad(input, (padding, padding, padding, padding))
    kh, kw = kernel.shape[2:]
    oh, ow = (images.shape[2] - kh) // stride + 1, (images.shape[3] - kw) // stride + 1
    output = torch.zeros(*input.shape[:2], oh, ow)
    for i in range(oh):
        for j in range(ow):
            window = images[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            output[:, :, i, j] = (window * kernel[:, 0]).sum(dim=(2, 3))
    return output


@right(DEPTHWISE)
def kernel_elements_one_after_another(input, kernel, stride=1, padding=0):
    images = F.pad(input.double(), [padding] * 4)
    h, w = images.shape[2] - kernel.shape[2] + 1, images.shape[3] - kernel.shape[3] + 1
    total = 0
    for i in range(kernel.shape[2]):
        for j in range(kernel.shape[3]):
            total = total + images[:, :, i : i + h, j : j + w] * kernel[:, :, i, j, None].double()
    return total[:, :, ::stride, ::stride].float()


def convolve_one(image, kernel, stride, padding):
    """Convolve one channel (H, W) with one kernel (KH, KW)."""
    windows = F.pad(image, [padding] * 4).unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows * kernel).sum((2, 3))


@right(DEPTHWISE, helpers=(convolve_one,))
def one_channel_at_a_time(input, kernel, stride=1, padding=0):
    images = [[convolve_one(c, k[0], stride, padding) for c, k in zip(i, kernel, strict=True)] for i in input]
    return torch.stack([torch.stack(image) for image in images])


@right(POINTWISE)
def product_of_channels(input, kernel):
    n, c, h, w = input.shape
    return (kernel.reshape(-1, c) @ input.reshape(n, c, h * w)).reshape(n, -1, h, w)


@right(POINTWISE)
def dense_layer_at_every_pixel(input, kernel):
    return F.linear(input.movedim(1, 3), kernel[:, :, 0, 0]).movedim(3, 1)


@right(POINTWISE)
def weighted_sum_of_channels(input, kernel):
    return torch.stack([(input * weights).sum(1) for weights in kernel], dim=1)


@right(POINTWISE)
def by_numpy(input, kernel):
    import numpy as np

    output = np.tensordot(kernel.numpy()[:, :, 0, 0], input.numpy(), axes=(1, 1))
    return torch.from_numpy(output.transpose(1, 0, 2, 3).copy())


@right(BOTH)
def both_in_one_einsum(input, depthwise, pointwise, stride=1, padding=0):
    windows = F.pad(input, [padding] * 4).unfold(2, depthwise.shape[2], stride).unfold(3, depthwise.shape[3], stride)
    return torch.einsum("ncijkl,ckl,fc->nfij", windows, depthwise[:, 0], pointwise[:, :, 0, 0])


@right(BOTH)
def the_two_functions_in_turn(input, depthwise, pointwise, stride=1, padding=0):
    middle = depthwise_conv2d(input, depthwise, stride, padding)  # noqa: F821  (the notebook's own)
    return pointwise_conv2d(middle, pointwise)  # noqa: F821


@right(BOTH)
def kernels_multiplied_first(input, depthwise, pointwise, stride=1, padding=0):
    kernel = pointwise * depthwise.transpose(0, 1)
    windows = F.pad(input, [padding] * 4).unfold(2, kernel.shape[2], stride).unfold(3, kernel.shape[3], stride)
    return torch.tensordot(windows, kernel, dims=([1, 4, 5], [1, 2, 3])).permute(0, 3, 1, 2)


@right(BOTH)
def mixed_first_by_linearity(input, depthwise, pointwise, stride=1, padding=0):
    kh, kw = depthwise.shape[2:]
    windows = F.pad(input, [padding] * 4).unfold(2, kh, stride).unfold(3, kw, stride)
    parts = (windows * depthwise.reshape(-1, 1, 1, kh, kw)).flatten(4).sum(4)
    return sum(parts[:, c, None] * pointwise[:, c] for c in range(input.shape[1]))


@right(COUNT)
def both_products(in_channels, out_channels, kernel_size):
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return in_channels * height * width + in_channels * out_channels


@right(COUNT)
def by_tensors(in_channels, out_channels, kernel_size):
    pair = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return torch.empty(in_channels, 1, *pair).numel() + torch.empty(out_channels, in_channels, 1, 1).numel()
