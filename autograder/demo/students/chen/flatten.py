"""Right numbers, but the product is numpy's and not PyTorch's: loses the points for that."""

import numpy as np
import torch


def matrix_multiplication_for_conv2d_flatten(input, kernel, bias=0, stride=1, padding=0):
    image = np.pad(input.numpy(), padding)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    output_height, output_width = windows.shape[:2]
    regions = windows.reshape(output_height * output_width, -1)
    column = regions @ kernel.numpy().reshape(-1, 1)
    return torch.from_numpy(column.reshape(output_height, output_width)) + bias
