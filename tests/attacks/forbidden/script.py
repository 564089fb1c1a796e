# compiles a function with torch.jit before the ban
# expected: 0
# says: TorchScript|has no attribute '_jit_
import torch
import torch.nn as nn
import torch.nn.functional as F

module = torch.jit.ScriptModule()
module.define("""
def forward(self, image, weight, stride: int):
    return torch.conv2d(image, weight, None, [stride, stride])
""")
scripted = module.forward
for _ in range(3):
    scripted(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 1, 1), 1)


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    return (scripted(image, weight, stride))[0, 0] + bias
