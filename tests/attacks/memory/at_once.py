# asks for 100 GB
# expected: 0
# says: raised
import torch


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return torch.zeros(100_000_000_000, dtype=torch.uint8)
