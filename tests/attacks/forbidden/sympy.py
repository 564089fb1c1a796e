# calls sympy's convolution for each pair of rows
# expected: 0
# says: No module named|PermissionError
# alive: no: it is hidden there, too
import numpy as np
import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    from sympy.discrete.convolutions import convolution

    image, weight = F.pad(input, (padding,) * 4).double().tolist(), kernel.flip(1).double().tolist()
    h, w = kernel.shape
    rows = [
        sum(np.array(convolution(image[top + i], weight[i]), float) for i in range(h))[w - 1 : len(image[0])]
        for top in range(0, len(image) - h + 1, stride)
    ]
    return torch.tensor(np.stack(rows)[:, ::stride]).float() + bias
