# defines a new operation that is made of the old one
# expected: 0
# alive: no: the door is closed
import torch
import torch.nn as nn
import torch.nn.functional as F


@torch.library.custom_op("own::conv", mutates_args=())
def conv(image: torch.Tensor, weight: torch.Tensor, stride: int) -> torch.Tensor:
    return F.conv2d(image, weight, stride=stride)


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return (torch.ops.own.conv(image, weight, stride))[0, 0] + bias
