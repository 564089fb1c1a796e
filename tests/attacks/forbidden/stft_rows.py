# convolves row by row, by the short-time Fourier transform with a row of the kernel as its window
# expected: 0
# says: This step forbids
import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    height, width = kernel.shape
    padded = F.pad(input, (padding,) * 4)
    rows = (padded.shape[0] - height) // stride + 1
    output = sum(
        torch.stft(
            padded[i : i + (rows - 1) * stride + 1 : stride],
            width,
            stride,
            width,
            kernel[i],
            center=False,
            return_complex=True,
        )[:, 0].real
        for i in range(height)
    )
    return output + bias
