# calls F.conv2d within a dispatch mode that calls the operation again
# expected: 0
# says: This step forbids library convolution
# alive: no: torch would have to import too much
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode


class Again(TorchDispatchMode):
    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        return function(*args, **(kwargs or {}))


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    with Again():
        result = F.conv2d(image, weight, stride=stride)
    return (result)[0, 0] + bias
