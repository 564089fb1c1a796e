# traces a convolution before the ban and runs the trace
# expected: 0
# says: has no attribute
# alive: no: the door is closed
import torch
import torch.nn as nn
import torch.nn.functional as F

traced = torch.jit.trace(lambda x, k: F.conv2d(x, k), (torch.ones(1, 1, 5, 5), torch.ones(1, 1, 2, 2)))
for _ in range(3):
    traced(torch.ones(1, 1, 5, 5), torch.ones(1, 1, 2, 2))


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return ((traced(image, weight))[:, :, ::stride, ::stride])[0, 0] + bias
