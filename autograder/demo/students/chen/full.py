"""Right, in numpy."""

import numpy as np
import torch


def matrix_multiplication_for_conv2d_full(input, kernel, bias=None, stride=1, padding=0):
    images = np.pad(input.numpy(), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(images, kernel.shape[2:], axis=(2, 3))
    output = np.einsum("nchwij,fcij->nfhw", windows[:, :, ::stride, ::stride], kernel.numpy())
    if bias is not None:
        output = output + bias.numpy().reshape(1, -1, 1, 1)
    return torch.from_numpy(output)
