# calls the kernel in C that np.correlate is made of
# expected: 0
# says: calls np.correlate2 .*This step forbids library convolution
import numpy as np
import torch
import torch.nn.functional as F
from numpy._core import multiarray


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4).numpy(), kernel.numpy()
    h = len(kernel)
    rows = [
        sum(multiarray.correlate2(image[top + i], weight[i], "valid") for i in range(h))
        for top in range(0, len(image) - h + 1, stride)
    ]
    return torch.tensor(np.stack(rows)[:, ::stride]) + bias
