"""Right: the kernel is padded on its four sides."""

import torch
import torch.nn.functional as F


def get_kernel_matrix(kernel, input_size):
    height, width = input_size
    kernel_height, kernel_width = kernel.shape
    rows = []
    for above in range(height - kernel_height + 1):
        for before in range(width - kernel_width + 1):
            below = height - kernel_height - above
            after = width - kernel_width - before
            rows.append(F.pad(kernel, (before, after, above, below)).flatten())
    return torch.stack(rows)
