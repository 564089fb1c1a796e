import torch
import torch.nn.functional as F


def right(input, kernel, bias=0, stride=1, padding=0):
    padded = F.pad(input, (padding,) * 4)
    windows = padded.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows * kernel).sum((-1, -2)) + bias
