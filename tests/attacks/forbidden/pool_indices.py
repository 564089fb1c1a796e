# calls max pooling for its indices
# expected: 0
# assignment: pooling
# says: This step forbids
import torch
import torch.nn as nn
import torch.nn.functional as F


def pool2d(X, pool_size, mode="max"):
    image = X[None, None]
    return (torch.ops.aten.max_pool2d_with_indices(image, list(pool_size), [1, 1])[0])[0, 0]


def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    return F.max_pool2d(X, pool_size, stride, padding)
