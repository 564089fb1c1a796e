"""Right, in numpy."""

import numpy as np
import torch


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image = np.pad(input.numpy(), padding)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return torch.from_numpy((windows * kernel.numpy()).sum(axis=(2, 3))) + bias
