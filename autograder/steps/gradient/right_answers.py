"""Right answers to gradient."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

NAME = "conv2d_backward"


@right(NAME)
def window_by_window(input, kernel, grad_output, stride=1, padding=0):
    images, (kh, kw) = F.pad(input, [padding] * 4), kernel.shape[2:]
    grad_images, grad_kernel = torch.zeros_like(images), torch.zeros_like(kernel)
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            given = grad_output[:, :, i, j]
            rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
            grad_kernel += torch.einsum("nf,nckl->fckl", given, images[:, :, rows, columns])
            grad_images[:, :, rows, columns] += torch.einsum("nf,fckl->nckl", given, kernel)
    h, w = input.shape[2:]
    return grad_images[:, :, padding : padding + h, padding : padding + w], grad_kernel, grad_output.sum(dim=(0, 2, 3))


@right(NAME)
def kernel_element_by_element(input, kernel, grad_output, stride=1, padding=0):
    images, (oh, ow) = F.pad(input.double(), [padding] * 4), grad_output.shape[2:]
    given, grad_images = grad_output.double(), torch.zeros_like(images)
    grad_kernel = torch.zeros(kernel.shape, dtype=torch.float64)
    for k in range(kernel.shape[2]):
        for l in range(kernel.shape[3]):  # noqa: E741
            place = (..., slice(k, k + (oh - 1) * stride + 1, stride), slice(l, l + (ow - 1) * stride + 1, stride))
            grad_kernel[:, :, k, l] = torch.einsum("nfij,ncij->fc", given, images[place])
            grad_images[place] += torch.einsum("nfij,fc->ncij", given, kernel[:, :, k, l].double())
    bottom, right_end = images.shape[2] - padding, images.shape[3] - padding
    grad_input = grad_images[:, :, padding:bottom, padding:right_end]
    return grad_input.float(), grad_kernel.float(), given.sum((0, 2, 3)).float()


def spread(grad_output, stride):
    """Return (N, F, OH, OW) with stride - 1 zeros between neighbours."""
    n, f, oh, ow = grad_output.shape
    wide = grad_output.new_zeros(n, f, (oh - 1) * stride + 1, (ow - 1) * stride + 1)
    wide[:, :, ::stride, ::stride] = grad_output
    return wide


@right(NAME, helpers=(spread,))
def two_more_convolutions(input, kernel, grad_output, stride=1, padding=0):
    (h, w), (kh, kw), wide = input.shape[2:], kernel.shape[2:], spread(grad_output, stride)
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, wide.shape[2], 1).unfold(3, wide.shape[3], 1)[:, :, :kh, :kw]
    grad_kernel = torch.einsum("nfij,ncklij->fckl", wide, windows)
    below, behind = images.shape[2] - wide.shape[2], images.shape[3] - wide.shape[3]
    around = F.pad(wide, (kw - 1, behind, kh - 1, below)).unfold(2, kh, 1).unfold(3, kw, 1)
    grad_images = torch.einsum("nfijkl,fckl->ncij", around, kernel.flip(2, 3))
    return [grad_images[:, :, padding : padding + h, padding : padding + w], grad_kernel, wide.sum((0, 2, 3))]


@right(NAME)
def columns_and_fold_by_index(input, kernel, grad_output, stride=1, padding=0):
    n, c, h, w = input.shape
    f, _, kh, kw = kernel.shape
    # The number of each pixel of the padded image, unfolded just like the image itself.
    numbers = torch.arange((h + 2 * padding) * (w + 2 * padding)).reshape(h + 2 * padding, w + 2 * padding)
    numbers = numbers.unfold(0, kh, stride).unfold(1, kw, stride).flatten(2).flatten(0, 1).T.flatten()
    pixels = F.pad(input, [padding] * 4).flatten(2)
    columns = pixels[:, :, numbers].reshape(n, c * kh * kw, -1)
    given = grad_output.flatten(2)
    grad_kernel = (given @ columns.transpose(1, 2)).sum(0).reshape(kernel.shape)
    grad_columns = (kernel.reshape(f, -1).T @ given).reshape(n, c, -1)
    grad_pixels = torch.zeros_like(pixels).index_add_(2, numbers, grad_columns)
    grad_images = grad_pixels.reshape(n, c, h + 2 * padding, w + 2 * padding)
    return grad_images.narrow(2, padding, h).narrow(3, padding, w), grad_kernel, given.sum((0, 2))


@right(NAME)
def by_numpy(input, kernel, grad_output, stride=1, padding=0):
    import numpy as np

    images = np.pad(input.numpy(), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k, g = kernel.numpy(), grad_output.numpy()
    grad_images, grad_kernel = np.zeros_like(images), np.zeros(k.shape, dtype="float32")
    for i, j in np.ndindex(g.shape[2:]):
        place = np.s_[:, :, i * stride : i * stride + k.shape[2], j * stride : j * stride + k.shape[3]]
        grad_kernel += np.tensordot(g[:, :, i, j], images[place], axes=(0, 0))
        grad_images[place] += np.tensordot(g[:, :, i, j], k, axes=(1, 0))
    end = [size - padding for size in images.shape[2:]]
    parts = grad_images[:, :, padding : end[0], padding : end[1]].copy(), grad_kernel, g.sum(axis=(0, 2, 3))
    return tuple(torch.from_numpy(each) for each in parts)
