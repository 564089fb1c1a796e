"""PyTorch's own answers, in the learners' shapes. Only the judge imports this."""

from typing import Any

import torch
import torch.nn.functional as F


def conv2d_single(
    input: torch.Tensor, kernel: torch.Tensor, bias: Any = 0, stride: int = 1, padding: int = 0
) -> torch.Tensor:
    """(H, W), (KH, KW) -> (OH, OW), by F.conv2d; the bias is a number or a tensor of one element."""
    return F.conv2d(input[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0] + bias


def kernel_matrix(kernel: torch.Tensor, input_size: Any) -> torch.Tensor:
    """(KH, KW), (H, W) -> (OH·OW, H·W): each row is the kernel at one position, padded to the input's size by F.pad."""
    (kh, kw), (h, w) = kernel.shape, tuple(input_size)
    rows = [
        F.pad(kernel, (left, w - kw - left, top, h - kh - top)).flatten()
        for top in range(h - kh + 1)
        for left in range(w - kw + 1)
    ]
    return torch.stack(rows)


def conv_transpose2d_single(input: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """(h, w), (KH, KW) -> (h+KH-1, w+KW-1), by F.conv_transpose2d."""
    return F.conv_transpose2d(input[None, None], kernel[None, None])[0, 0]
