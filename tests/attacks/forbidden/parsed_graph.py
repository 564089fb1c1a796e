# runs a convolution out of a graph in TorchScript's own text form
# expected: 0
# says: has no attribute '(parse_ir|_create_function_from_graph)'
# alive: no: nothing of a free worker has to
import torch
import torch.nn.functional as F

TEXT = """
graph(%image : Tensor, %weight : Tensor, %none : NoneType, %steps : int[], %zeros : int[], %ones : int[], %one : int):
  %output : Tensor = prim::mkldnn_convolution(%image, %weight, %none, %steps, %zeros, %ones, %one)
  return (%output)
"""


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    run = torch._C._create_function_from_graph("run", torch._C.parse_ir(TEXT))
    return run(image, weight, None, [stride] * 2, [0, 0], [1, 1], 1)[0, 0] + bias
