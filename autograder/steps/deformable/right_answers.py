"""Right answers to deformable."""

import math

import torch

from autograder.suite.known_answers import right

NAME = "deformable_conv2d"


@right(NAME)
def kernel_element_by_element(input, offset, kernel, bias=None, stride=1, padding=0):
    (n, c, h, w), (oh, ow) = input.shape, offset.shape[2:]
    image, output = torch.arange(n).reshape(-1, 1, 1), torch.zeros(n, len(kernel), oh, ow)
    for i in range(kernel.shape[2]):
        for j in range(kernel.shape[3]):
            at = 2 * (i * kernel.shape[3] + j)
            y = torch.arange(oh)[:, None] * stride - padding + i + offset[:, at]
            x = torch.arange(ow) * stride - padding + j + offset[:, at + 1]
            samples = torch.zeros(n, oh, ow, c)
            for row in (y.floor(), y.floor() + 1):
                for column in (x.floor(), x.floor() + 1):
                    share = (1 - (y - row).abs()) * (1 - (x - column).abs())
                    inside = (row >= 0) & (row < h) & (column >= 0) & (column < w)
                    pixels = input[image, :, row.clamp(0, h - 1).long(), column.clamp(0, w - 1).long()]
                    samples += pixels * (share * inside)[..., None]
            output += torch.einsum("nijc,fc->nfij", samples, kernel[:, :, i, j])
    return output if bias is None else output + bias[:, None, None]


def read(plane, y, x):
    """Return a number of an image between its pixels; the image is a list of rows."""
    total, top, left = 0.0, math.floor(y), math.floor(x)
    for row in (top, top + 1):
        for column in (left, left + 1):
            if 0 <= row < len(plane) and 0 <= column < len(plane[0]):
                total += plane[row][column] * (1 - abs(y - row)) * (1 - abs(x - column))
    return total


@right(NAME, helpers=(read,))
def number_by_number(input, offset, kernel, bias=None, stride=1, padding=0):
    images, moves, (kh, kw), (oh, ow) = input.tolist(), offset.tolist(), kernel.shape[2:], offset.shape[2:]
    windows = [
        [
            [
                read(plane, k * stride - padding + i + dy[k][l], l * stride - padding + j + dx[k][l])
                for plane in image
                for i in range(kh)
                for j in range(kw)
                for dy, dx in (each[2 * (i * kw + j) : 2 * (i * kw + j) + 2],)
            ]
            for k in range(oh)
            for l in range(ow)  # noqa: E741
        ]
        for image, each in zip(images, moves, strict=True)
    ]
    output = (torch.tensor(windows) @ kernel.flatten(1).T).movedim(2, 1).unflatten(2, (oh, ow))
    return output if bias is None else output + bias.reshape(1, -1, 1, 1)


@right(NAME)
def shares_as_tents_over_all_pixels(input, offset, kernel, bias=None, stride=1, padding=0):
    (n, _, h, w), (kh, kw), (oh, ow) = input.shape, kernel.shape[2:], offset.shape[2:]
    moves = offset.reshape(n, kh, kw, 2, oh, ow)
    y = moves[:, :, :, 0] + torch.arange(kh).reshape(-1, 1, 1, 1) + (torch.arange(oh) * stride - padding)[:, None]
    x = moves[:, :, :, 1] + torch.arange(kw).reshape(-1, 1, 1) + torch.arange(ow) * stride - padding
    tall = (1 - (y[..., None] - torch.arange(h)).abs()).clamp(min=0)
    wide = (1 - (x[..., None] - torch.arange(w)).abs()).clamp(min=0)
    samples = torch.einsum("nchw,nijklh,nijklw->ncijkl", input, tall, wide)
    output = torch.einsum("ncijkl,fcij->nfkl", samples, kernel)
    return output if bias is None else output + bias[None, :, None, None]


@right(NAME)
def a_wide_frame_of_zeros_in_numpy(input, offset, kernel, bias=None, stride=1, padding=0):
    import numpy as np

    (n, _, h, w), (kh, kw), (oh, ow) = input.shape, kernel.shape[2:], offset.shape[2:]
    framed = np.pad(input.double().numpy(), ((0, 0), (0, 0), (2, 2), (2, 2)))
    moves = offset.double().numpy().reshape(n, kh, kw, 2, oh, ow)
    i, j, k, l = np.ogrid[:kh, :kw, :oh, :ow]  # noqa: E741
    y = np.clip(moves[:, :, :, 0] + i + k * stride - padding, -1.5, h + 0.5) + 2
    x = np.clip(moves[:, :, :, 1] + j + l * stride - padding, -1.5, w + 0.5) + 2
    top, left, image = np.floor(y).astype(int), np.floor(x).astype(int), np.arange(n).reshape(-1, 1, 1, 1, 1)
    samples = 0
    for down, tall in ((0, top + 1 - y), (1, y - top)):
        for across, wide in ((0, left + 1 - x), (1, x - left)):
            found = framed.transpose(0, 2, 3, 1)[image, top + down, left + across]
            samples = samples + found * (tall * wide)[..., None]
    output = np.einsum("nijklc,fcij->nfkl", samples, kernel.double().numpy())
    output = torch.from_numpy(output).float()
    return output if bias is None else output + bias.reshape(-1, 1, 1)
