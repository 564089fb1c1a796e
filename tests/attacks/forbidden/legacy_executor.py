# takes the gradient by TorchScript's own differentiation, which records beneath the dispatcher
# expected: 0
# assignment: gradient
# says: has no attribute
# alive: no: only what TorchScript is not needed for
import torch
import torch.nn.functional as F

torch._C._jit_set_profiling_executor(False)
torch._C._jit_set_profiling_mode(False)
torch._C._debug_set_autodiff_subgraph_inlining(False)
module = torch.jit.ScriptModule()
module.define("""
def forward(self, windows, kernel):
    return (torch.mm(windows * 1, kernel) * 1) + 0
""")


def conv2d_backward(input, kernel, grad_output, stride=1, padding=0):
    (n, f, oh, ow), (c, kh, kw) = grad_output.shape, kernel.shape[1:]
    images = F.pad(input, [padding] * 4)
    windows = images.unfold(2, kh, stride).unfold(3, kw, stride).permute(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, -1)
    columns, given = kernel.flatten(1).T.clone(), grad_output.permute(0, 2, 3, 1).reshape(n * oh * ow, f)
    gradients = []
    # One at a time: what is captured for the way back must not require a gradient itself.
    for pair in ((windows.clone().requires_grad_(), columns), (windows, columns.clone().requires_grad_())):
        module.forward(*pair).backward(given)
        gradients += [each.grad for each in pair if each.requires_grad]
    by_windows, by_columns = gradients
    spread = by_windows.reshape(n, oh, ow, c, kh, kw)
    whole = torch.zeros_like(images)
    for i in range(oh):
        for j in range(ow):
            whole[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += spread[:, i, j]
    h, w = input.shape[2:]
    whole = whole[:, :, padding : padding + h, padding : padding + w]
    return whole, by_columns.T.reshape(kernel.shape), grad_output.sum((0, 2, 3))
