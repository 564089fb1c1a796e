"""Right answers to conv2d."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

NAME = "matrix_multiplication_for_conv2d"


@right(NAME)
def by_loops(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding, padding, padding))
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // stride + 1, (image.shape[1] - kw) // stride + 1
    output = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            output[i, j] = (image[i * stride : i * stride + kh, j * stride : j * stride + kw] * kernel).sum()
    return output + bias


@right(NAME)
def by_tensor_unfold(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.einsum("ijkl,kl->ij", windows, kernel) + bias


@right(NAME)
def by_as_strided(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4).contiguous()
    (h, w), (kh, kw) = image.shape, kernel.shape
    size = ((h - kh) // stride + 1, (w - kw) // stride + 1, kh, kw)
    windows = torch.as_strided(image, size, (w * stride, stride, w, 1))
    return (windows * kernel).sum(dim=(2, 3)) + bias


@right(NAME)
def by_shifted_slices(input, kernel, bias=0, stride=1, padding=0):
    (h, w), (kh, kw) = input.shape, kernel.shape
    image = torch.zeros(h + 2 * padding, w + 2 * padding)
    image[padding : padding + h, padding : padding + w] = input
    oh, ow = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    output = torch.zeros(oh, ow) + bias
    for a in range(kh):
        for b in range(kw):
            output += kernel[a, b] * image[a::stride, b::stride][:oh, :ow]
    return output


@right(NAME)
def by_numpy(input, kernel, bias=0, stride=1, padding=0):
    import numpy as np

    image = np.pad(input.numpy(), padding)
    windows = np.lib.stride_tricks.sliding_window_view(image, tuple(kernel.shape))[::stride, ::stride]
    return torch.from_numpy((windows * kernel.numpy()).sum((2, 3)).astype(np.float32)) + bias


@right(NAME)
def in_float64(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input.double(), [padding] * 4)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows * kernel.double()).sum((-1, -2)) + float(bias)


def row_of_products(row, weights):
    """Σ row·weights, one product at a time, by recursion."""
    return row[0] * weights[0] + row_of_products(row[1:], weights[1:]) if len(row) else 0.0


@right(NAME, helpers=(row_of_products,))
def by_list_comprehension_and_recursion(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, [padding] * 4)
    (h, w), (kh, kw), weights = image.shape, kernel.shape, kernel.flatten().tolist()
    return torch.tensor(
        [
            [
                row_of_products(image[i : i + kh, j : j + kw].flatten().tolist(), weights) + float(bias)
                for j in range(0, w - kw + 1, stride)
            ]
            for i in range(0, h - kh + 1, stride)
        ]
    )


class SlidingWindow:
    """Knows where the kernel lies on the padded image."""

    def __init__(self, input, size, stride, padding):
        self.image = F.pad(input, [padding] * 4)
        self.size, self.stride = size, stride

    def positions(self, axis):
        return range(0, self.image.shape[axis] - self.size[axis] + 1, self.stride)

    def at(self, top, left):
        return self.image[top : top + self.size[0], left : left + self.size[1]]


@right(NAME, helpers=(SlidingWindow,))
def by_a_class(input, kernel, bias=0, stride=1, padding=0):
    window = SlidingWindow(input, kernel.shape, stride, padding)
    rows = [
        torch.stack([(window.at(top, left) * kernel).sum() for left in window.positions(1)])
        for top in window.positions(0)
    ]
    return torch.stack(rows) + bias


@right(NAME)
def keyword_only(*, input, kernel, bias=0, stride=1, padding=0):
    image = torch.cat([input.new_zeros(padding, input.shape[1]), input, input.new_zeros(padding, input.shape[1])])
    image = torch.cat([image.new_zeros(len(image), padding), image, image.new_zeros(len(image), padding)], dim=1)
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return torch.tensordot(windows, kernel, dims=2) + bias
