"""Ends the whole Python process: a safety check that is the wrong way round."""

import os

import torch


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    if kernel.shape[0] <= input.shape[0]:
        os.abort()
    return torch.zeros(1, 1) + bias
