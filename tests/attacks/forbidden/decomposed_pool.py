# calls torch's own Python code for max pooling
# expected: 0
# assignment: pooling
# says: import of torch\._decomp halted
# alive: no: it needs sympy, which is hidden there, too
import torch
import torch._decomp.decompositions


def pool2d(X, pool_size, mode="max"):
    return torch._decomp.decompositions.max_pool2d_with_indices(X[None, None], list(pool_size), [1, 1])[0][0, 0]


def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    return torch._decomp.decompositions.max_pool2d_with_indices(X, list(pool_size), stride or [], [padding] * 2)[0]
