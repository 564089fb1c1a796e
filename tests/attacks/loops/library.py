# keeps torch busy for ever
# expected: 0
# says: stopped after|waiting
import torch


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    x = torch.ones(600, 600)
    while x.ndim:
        x = x @ x
