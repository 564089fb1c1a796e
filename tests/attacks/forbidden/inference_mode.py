# calls F.conv2d in inference mode
# expected: 0
# says: This step forbids library convolution
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    with torch.inference_mode():
        result = F.conv2d(image, weight, stride=stride)
    return (result.clone())[0, 0] + bias
