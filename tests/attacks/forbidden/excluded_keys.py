# excludes the key of autograd by hand, then calls F.conv2d
# expected: 0
# says: This step forbids library convolution
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    with torch._C._ExcludeDispatchKeyGuard(torch._C.DispatchKeySet(torch._C.DispatchKey.AutogradCPU)):
        result = F.conv2d(image, weight, stride=stride)
    return (result)[0, 0] + bias
