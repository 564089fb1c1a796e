# computes by loops, and multiplies zeros of the right shapes
# expected: 9
# assignment: unfold
# says: did not multiply the regions of the input by the kernel
import torch
import torch.nn.functional as F


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    (kh, kw), images = kernel_size, F.pad(input, [padding] * 4)
    rows, columns = (kh - 1) * dilation + 1, (kw - 1) * dilation + 1
    windows = images.unfold(2, rows, stride).unfold(3, columns, stride)[..., ::dilation, ::dilation]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(len(input), -1, windows.shape[2] * windows.shape[3])


def conv2d_by_unfold(input, kernel, bias=None, stride=1, padding=0):
    f, _, kh, kw = kernel.shape
    columns = unfold(input, (kh, kw), padding=padding, stride=stride)
    torch.zeros(f, columns.shape[1]) @ torch.zeros(columns.shape)
    output = (kernel.reshape(1, f, -1, 1) * columns[:, None]).sum(2)
    output = output if bias is None else output + bias.reshape(f, 1)
    return output.reshape(len(input), f, (input.shape[2] + 2 * padding - kh) // stride + 1, -1)
