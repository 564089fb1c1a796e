# compiles a convolution with torch.compile
# expected: 0
# alive: no: the door is closed
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return (torch.compile(lambda x: F.conv2d(x, weight, stride=stride), backend="eager")(image))[0, 0] + bias
