# records a convolution with torch.fx before the ban and replays it
# expected: 0
# says: This step forbids library convolution
import torch
import torch.fx
import torch.nn as nn
import torch.nn.functional as F


def record(image, weight):
    return F.conv2d(image, weight)


graph = torch.fx.symbolic_trace(record)


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return (graph(image, weight)[:, :, ::stride, ::stride])[0, 0] + bias
