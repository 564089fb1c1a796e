# calls the convolution that only TorchScript's registry knows
# expected: 0
# says: goes past torch's own operations
import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    output = torch.ops.prim.mkldnn_convolution(image, weight, None, [stride] * 2, [0, 0], [1, 1], 1)
    return output[0, 0] + bias
