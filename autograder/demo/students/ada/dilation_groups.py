"""Right: the kernel's elements are visited one by one, `dilation` apart."""

import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_final(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    images, channels, height, width = input.shape
    filters, _, kernel_height, kernel_width = kernel.shape
    assert channels % groups == 0, "groups must divide the input channels"
    assert filters % groups == 0, "groups must divide the output channels"
    output_height = (height + 2 * padding - dilation * (kernel_height - 1) - 1) // stride + 1
    output_width = (width + 2 * padding - dilation * (kernel_width - 1) - 1) // stride + 1
    padded = F.pad(input, (padding, padding, padding, padding))
    output = torch.zeros(images, filters, output_height, output_width)
    for f in range(filters):
        first = f // (filters // groups) * (channels // groups)
        for c in range(channels // groups):
            for down in range(kernel_height):
                for right in range(kernel_width):
                    rows = slice(down * dilation, down * dilation + (output_height - 1) * stride + 1, stride)
                    columns = slice(right * dilation, right * dilation + (output_width - 1) * stride + 1, stride)
                    output[:, f] += padded[:, first + c, rows, columns] * kernel[f, c, down, right]
    return output if bias is None else output + bias.reshape(-1, 1, 1)
