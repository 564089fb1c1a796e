"""Right, without a loop."""

import torch.nn.functional as F


def matrix_multiplication_for_conv2d_flatten(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding, padding, padding))
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    output_height, output_width = windows.shape[:2]
    return (windows.reshape(-1, kernel.numel()) @ kernel.reshape(-1, 1)).reshape(output_height, output_width) + bias
