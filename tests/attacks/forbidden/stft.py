# convolves by the short-time Fourier transform, whose window is the kernel: frequency 0 is the sum of the products
# expected: 0
# says: This step forbids
# assignment: conv1d
import torch
import torch.nn.functional as F


def conv1d_by_conv2d(input, kernel, bias=None, stride=1, padding=0):
    length = kernel.shape[2]
    padded = F.pad(input, (padding, padding))
    output = sum(
        torch.stack(
            [
                torch.stft(padded[:, c], length, stride, length, kernel[f, c], center=False, return_complex=True)[
                    :, 0
                ].real
                for f in range(kernel.shape[0])
            ],
            dim=1,
        )
        for c in range(kernel.shape[1])
    )
    return output if bias is None else output + bias[:, None]
