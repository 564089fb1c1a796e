# convolves row by row with F.conv1d
# expected: 0
# says: This step forbids library convolution
import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    rows = (input.shape[0] + 2 * padding - kernel.shape[0]) // stride + 1
    return (
        (
            sum(
                F.conv1d(
                    image[0, 0, i : i + stride * (rows - 1) + 1 : stride, None], kernel[None, None, i], stride=stride
                )[:, 0]
                for i in range(kernel.shape[0])
            )[None, None]
        )[0, 0]
        + bias
    )
