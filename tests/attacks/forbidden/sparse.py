# calls F.conv2d with a sparse image
# expected: 0
# alive: no: torch cannot do it
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return (F.conv2d(image.to_sparse(), weight, stride=stride).to_dense())[0, 0] + bias
