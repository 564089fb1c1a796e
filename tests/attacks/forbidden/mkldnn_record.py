# has an operation without a plain kernel keep the record, and runs its nodes by hand
# expected: 0
# assignment: gradient
import torch
import torch.nn.functional as F


def conv2d_backward(input, kernel, grad_output, stride=1, padding=0):
    n, c, h, w = input.shape
    f, _, kh, kw = kernel.shape
    cols = F.unfold(input, (kh, kw), padding=padding, stride=stride)  # (N, CKK, L)
    L = cols.shape[2]
    x = cols.transpose(1, 2).reshape(n * L, -1).contiguous().to_mkldnn().requires_grad_()
    k = kernel.reshape(f, -1).clone().contiguous().requires_grad_()
    b = torch.zeros(f).requires_grad_()
    y = torch.ops.aten.mkldnn_linear(x, k, b)  # recorded: y.grad_fn is there
    g = grad_output.reshape(n, f, L).transpose(1, 2).reshape(n * L, f).contiguous().to_mkldnn()
    with torch.no_grad():
        gx, gk, gb = y.grad_fn(g)  # autograd's own gradients
        dense = lambda t: (t.to_dense() if t.layout != torch.strided else t).detach()
        gx, gk, gb = dense(gx), dense(gk), dense(gb)
        gi = F.fold(gx.reshape(n, L, -1).transpose(1, 2), (h, w), (kh, kw), padding=padding, stride=stride)
    return gi, gk.reshape(kernel.shape), gb.reshape(f)
