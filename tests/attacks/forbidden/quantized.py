# calls the quantized convolution
# expected: 0
# says: This step forbids library convolution
# alive: no: too coarse
import torch
import torch.ao.nn.quantized.functional
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    q = torch.quantize_per_tensor(image, 1.0, 128, torch.quint8)
    k = torch.quantize_per_tensor(weight, 1.0, 0, torch.qint8)
    return (
        torch.ao.nn.quantized.functional.conv2d(
            q, k, torch.zeros(1), stride=stride, scale=1.0, zero_point=100
        ).dequantize()
    )[0, 0] + bias
