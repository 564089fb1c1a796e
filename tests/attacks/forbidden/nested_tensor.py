# calls F.conv2d on a nested tensor
# expected: 0
# alive: no: torch cannot do it
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return (F.conv2d(torch.nested.nested_tensor([image[0]]), weight, stride=stride)[0][None])[0, 0] + bias
