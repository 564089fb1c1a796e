# calls torch's own Python code for F.unfold, from the table of decompositions
# expected: 0
# assignment: flatten
# says: import of torch\._decomp halted
# alive: no: it needs sympy, which is hidden there, too
import torch
import torch._decomp
import torch.nn.functional as F


def matrix_multiplication_for_conv2d_flatten(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding,) * 4)[None, None]
    height, width = ((size - k) // stride + 1 for size, k in zip(image.shape[2:], kernel.shape, strict=True))
    unfold = torch._decomp.decomposition_table[torch.ops.aten.im2col.default]
    regions = unfold(image, list(kernel.shape), [1, 1], [0, 0], [stride] * 2)[0].T
    return (regions @ kernel.reshape(-1, 1)).reshape(height, width) + bias
