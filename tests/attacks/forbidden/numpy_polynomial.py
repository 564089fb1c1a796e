# multiplies numpy's polynomials, in a module that is loaded anew
# expected: 0
# says: No module named|PermissionError
# alive: no: it is hidden there, too
import sys

import numpy as np
import torch
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    for name in [name for name in sys.modules if name.startswith("numpy.polynomial")]:
        del sys.modules[name]
    from numpy.polynomial.legendre import leg2poly, legmul, poly2leg

    image, weight = F.pad(input, (padding,) * 4).double().numpy(), kernel.flip(1).double().numpy()
    h, w = kernel.shape

    def product(one, other):
        whole = leg2poly(legmul(poly2leg(one), poly2leg(other)))
        return np.pad(whole, (0, len(one) + len(other) - 1 - len(whole)))

    rows = [
        sum(product(image[top + i], weight[i]) for i in range(h))[w - 1 : image.shape[1]]
        for top in range(0, len(image) - h + 1, stride)
    ]
    return torch.tensor(np.stack(rows)[:, ::stride]).float() + bias
