# calls torch's own Python code for F.grid_sample
# expected: 0
# assignment: deformable
# says: import of torch\._decomp halted
# alive: no: it needs sympy, which is hidden there, too
import torch
import torch._decomp


def deformable_conv2d(input, offset, kernel, bias=None, stride=1, padding=0):
    (n, c, h, w), (oh, ow), (kh, kw) = input.shape, offset.shape[2:], kernel.shape[2:]
    sample = torch._decomp.decomposition_table[torch.ops.aten.grid_sampler_2d.default]
    output = torch.zeros(n, len(kernel), oh, ow)
    for i in range(kh):
        for j in range(kw):
            at = 2 * (i * kw + j)
            y = torch.arange(oh)[:, None] * stride - padding + i + offset[:, at]
            x = torch.arange(ow) * stride - padding + j + offset[:, at + 1]
            grid = torch.stack([(2 * x + 1) / w - 1, (2 * y + 1) / h - 1], -1)
            output += torch.einsum("ncij,fc->nfij", sample(input, grid, 0, 0, False), kernel[:, :, i, j])
    return output if bias is None else output + bias[:, None, None]
