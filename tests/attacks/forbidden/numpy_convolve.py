# calls np.convolve for each pair of rows
# expected: 0
# says: calls convolve .*This step forbids library convolution
import numpy as np
import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4).numpy(), kernel.flip(0, 1).numpy()
    h, w = kernel.shape
    rows = [
        sum(np.convolve(image[top + i], weight[h - 1 - i], "valid") for i in range(h))
        for top in range(0, len(image) - h + 1, stride)
    ]
    return torch.tensor(np.stack(rows)[:, ::stride]) + bias
