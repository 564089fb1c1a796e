"""Pads with zeros for the maximum, too."""

import torch
import torch.nn.functional as F


def pool2d(X, pool_size, mode="max"):
    if mode != "max" and mode != "avg":
        raise ValueError(mode)
    ph, pw = pool_size
    output = torch.zeros(X.shape[0] - ph + 1, X.shape[1] - pw + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            output[i, j] = X[i : i + ph, j : j + pw].max() if mode == "max" else X[i : i + ph, j : j + pw].mean()
    return output


def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    if mode != "max" and mode != "avg":
        raise ValueError(mode)
    if stride is None:
        stride = pool_size
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    top, left = (padding, padding) if isinstance(padding, int) else padding
    padded = F.pad(X, (left, left, top, top))
    output_height = (padded.shape[2] - ph) // sh + 1
    output_width = (padded.shape[3] - pw) // sw + 1
    output = torch.zeros(X.shape[0], X.shape[1], output_height, output_width)
    for i in range(output_height):
        for j in range(output_width):
            window = padded[:, :, i * sh : i * sh + ph, j * sw : j * sw + pw]
            output[:, :, i, j] = window.amax(dim=(2, 3)) if mode == "max" else window.mean(dim=(2, 3))
    return output
