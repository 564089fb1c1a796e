# calls F.conv2d from a hook of autograd
# expected: 0
# says: This step forbids library convolution
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    result = []
    x = torch.ones(1, requires_grad=True)
    x.register_hook(lambda g: result.append(F.conv2d(image, weight, stride=stride)))
    x.sum().backward()
    return (result[0])[0, 0] + bias
