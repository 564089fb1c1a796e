# calls torch.convolution
# expected: 0
# says: This step forbids library convolution
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return (torch.convolution(image, weight, None, [stride] * 2, [0, 0], [1, 1], False, [0, 0], 1))[0, 0] + bias
