# calls F.conv2d from __del__, __repr__ and a descriptor, where exceptions vanish
# expected: 0
# says: raised IndexError
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    box = []

    class Box:
        def __del__(self):
            box.append(F.conv2d(image, weight, stride=stride))

    Box()
    return (box[0])[0, 0] + bias
