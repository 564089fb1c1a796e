# takes the kernel aside before it is dead
# expected: 0
# says: stopped with AttributeError
# alive: no: the door is closed
import torch
import torch.nn as nn
import torch.nn.functional as F

KEPT = torch.library.get_kernel("aten::conv2d", "CPU")


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return (KEPT.call_boxed(torch._C.DispatchKeySet(torch._C.DispatchKey.CPU), image, weight, None, [stride] * 2))[
        0, 0
    ] + bias
