# calls F.conv2d on a subclass of Tensor
# expected: 0
# says: This step forbids library convolution
import torch
import torch.nn as nn
import torch.nn.functional as F


class Own(torch.Tensor):
    pass


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return (F.conv2d(image.as_subclass(Own), weight, stride=stride).as_subclass(torch.Tensor))[0, 0] + bias
