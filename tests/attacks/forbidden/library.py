# registers a kernel of its own over the ban with torch.library
# expected: 0
# says: raised AttributeError
# alive: no: the door is closed
import torch
import torch.nn as nn
import torch.nn.functional as F

KEEP = torch.ops.aten.conv2d.default._op


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    library = torch.library.Library("aten", "IMPL")
    library.impl("conv2d", lambda *a, **k: KEEP(*a, **k), "CPU")
    return (F.conv2d(image, weight, stride=stride))[0, 0] + bias
