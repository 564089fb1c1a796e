# multiplies the right numbers of the wrong pairs: the kernel's column is turned round
# expected: 8
# assignment: flatten
# says: did not multiply the regions of the input by the kernel
import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_flatten(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding,) * 4)
    (h, w), (kh, kw) = image.shape, kernel.shape
    tops, lefts = range(0, h - kh + 1, stride), range(0, w - kw + 1, stride)
    regions = torch.stack([image[i : i + kh, j : j + kw].flatten() for i in tops for j in lefts])
    regions @ kernel.flatten().flip(0).reshape(-1, 1)
    return (regions * kernel.flatten()).sum(1).reshape(len(tops), len(lefts)) + bias
