# calls the quantized convolution as an operation
# expected: 0
# says: This step forbids library convolution
# alive: no: too coarse
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    pack = torch.ops.quantized.conv2d_prepack
    q = torch.quantize_per_tensor(image, 1.0, 128, torch.quint8)
    k = torch.quantize_per_tensor(weight, 1.0, 0, torch.qint8)
    packed = pack(k, None, [stride] * 2, [0, 0], [1, 1], 1)
    return (torch.ops.quantized.conv2d.new(q, packed, 1.0, 100).dequantize())[0, 0] + bias
