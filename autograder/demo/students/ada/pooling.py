"""Right: loops over every window."""

import torch
import torch.nn.functional as F


def pool2d(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    pool_height, pool_width = pool_size
    output = torch.zeros(X.shape[0] - pool_height + 1, X.shape[1] - pool_width + 1)
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            window = X[row : row + pool_height, column : column + pool_width]
            output[row, column] = window.max() if mode == "max" else window.sum() / (pool_height * pool_width)
    return output


def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")

    def pair(value):
        return (value, value) if isinstance(value, int) else tuple(value)

    pool_height, pool_width = pair(pool_size)
    stride_down, stride_right = (pool_height, pool_width) if stride is None else pair(stride)
    pad_rows, pad_columns = pair(padding)
    fill = float("-inf") if mode == "max" else 0.0
    X = F.pad(X, (pad_columns, pad_columns, pad_rows, pad_rows), value=fill)
    output_height = (X.shape[2] - pool_height) // stride_down + 1
    output_width = (X.shape[3] - pool_width) // stride_right + 1
    output = torch.zeros(X.shape[0], X.shape[1], output_height, output_width)
    for image in range(X.shape[0]):
        for channel in range(X.shape[1]):
            for row in range(output_height):
                for column in range(output_width):
                    top, left = row * stride_down, column * stride_right
                    window = X[image, channel, top : top + pool_height, left : left + pool_width]
                    output[image, channel, row, column] = window.max() if mode == "max" else window.mean()
    return output
