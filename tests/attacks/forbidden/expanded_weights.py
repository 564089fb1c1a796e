# unfolds by the helper that torch has for weights expanded by example
# expected: 0
# assignment: flatten
# says: No module named|PermissionError
# alive: no: it is hidden there, too
import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_flatten(input, kernel, bias=0, stride=1, padding=0):
    from torch.nn.utils._expanded_weights.conv_utils import unfold3d

    image = F.pad(input, (padding,) * 4)[None, None, None]
    height, width = ((size - k) // stride + 1 for size, k in zip(image.shape[3:], kernel.shape, strict=True))
    size, steps = (1, *kernel.shape), (1, stride, stride)
    regions = unfold3d(image, size, (0, 0, 0), steps, (1, 1, 1))[0].T
    return (regions @ kernel.reshape(-1, 1)).reshape(height, width) + bias
