# forges operands of a product that take the judge long to look at
# expected: at most 9
# assignment: flatten
import torch
import torch.nn.functional as F

from autograder.sandbox.worker import counting, values

K = 1 << 20


def fields(self, sent):
    g = torch.Generator().manual_seed(1)
    a = torch.randint(0, 255, (1, K), dtype=torch.uint8, generator=g)
    b = torch.randint(0, 255, (K, 1), dtype=torch.uint8, generator=g)
    return {
        "products": self.shapes,
        "transforms": 0,
        "operands": [values.describe(a, sent), values.describe(b, sent)],
        "transformed": [],
    }


counting.Counting.fields = fields


def matrix_multiplication_for_conv2d_flatten(input, kernel, bias=0, stride=1, padding=0):
    x = F.pad(input, (padding,) * 4)
    kh, kw = kernel.shape
    w = x.unfold(0, kh, stride).unfold(1, kw, stride)
    return (w.reshape(-1, kh * kw) @ kernel.reshape(-1)).reshape(w.shape[:2]) + bias
