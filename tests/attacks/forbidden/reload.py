# imports torch afresh
# expected: 0
# alive: no: torch cannot be imported twice
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    for name in [name for name in sys.modules if name.startswith("torch")]:
        del sys.modules[name]
    import torch as fresh

    return (fresh.conv2d(image, weight, None, stride))[0, 0] + bias
