"""Right answers to large_kernel."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

NAME = "conv2d_by_fft"


@right(NAME)
def real_transforms_and_the_conjugate(input, kernel, padding=0):
    images = F.pad(input, [padding] * 4)
    size = images.shape[2:]
    product = torch.einsum("nchw,fchw->nfhw", torch.fft.rfft2(images), torch.fft.rfft2(kernel, s=size).conj())
    output = torch.fft.irfft2(product, s=size)
    return output[:, :, : size[0] - kernel.shape[2] + 1, : size[1] - kernel.shape[3] + 1]


@right(NAME)
def complex_transforms_in_float64(input, kernel, padding=0):
    images = F.pad(input.double(), [padding] * 4)
    size = images.shape[2:]
    one, other = torch.fft.fft2(images)[:, None], torch.fft.fft2(kernel.double(), s=size)[None]
    output = torch.fft.ifft2((one * other.conj()).sum(2)).real.float()
    return output[..., : size[0] - kernel.shape[2] + 1, : size[1] - kernel.shape[3] + 1]


@right(NAME)
def kernel_turned_and_nothing_wraps(input, kernel, padding=0):
    kh, kw = kernel.shape[2:]
    height, width = input.shape[2] + 2 * padding, input.shape[3] + 2 * padding
    size = height + kh - 1, width + kw - 1
    one = torch.fft.rfft2(F.pad(input, [padding] * 4), s=size)
    other = torch.fft.rfft2(kernel.flip(2, 3), s=size)
    output = torch.fft.irfft2((one[:, None] * other).sum(2), s=size)
    return output[:, :, kh - 1 : height, kw - 1 : width].contiguous()


def one_plane(image, kernel, size):
    """Convolve one channel (H, W) with one kernel (KH, KW), by transforms of this size."""
    return torch.fft.irfft2(torch.fft.rfft2(image, s=size) * torch.fft.rfft2(kernel, s=size).conj(), s=size)


@right(NAME, helpers=(one_plane,))
def plane_by_plane_with_sizes_of_powers_of_two(input, kernel, padding=0):
    images = F.pad(input, [padding] * 4)
    h, w = images.shape[2:]
    size = [1 << (side - 1).bit_length() for side in (h, w)]
    outputs = [[sum(one_plane(*pair, size) for pair in zip(i, k, strict=True)) for k in kernel] for i in images]
    whole = torch.stack([torch.stack(image) for image in outputs])
    return whole[:, :, : h - kernel.shape[2] + 1, : w - kernel.shape[3] + 1]


@right(NAME)
def rows_first_then_columns(input, kernel, padding=0):
    images = F.pad(input, [padding] * 4)
    h, w = images.shape[2:]
    one = torch.fft.fft(torch.fft.fft(images, dim=3), dim=2)
    other = torch.fft.fft(torch.fft.fft(kernel, n=w, dim=3), n=h, dim=2)
    product = torch.einsum("nchw,fchw->nfhw", one, other.conj())
    output = torch.fft.ifft(torch.fft.ifft(product, dim=3), dim=2).real
    return output[:, :, : h - kernel.shape[2] + 1, : w - kernel.shape[3] + 1]
