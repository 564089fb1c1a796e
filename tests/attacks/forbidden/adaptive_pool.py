# calls an adaptive pooling
# expected: 0
# assignment: pooling
# says: This step forbids
# alive: no: its windows are others
import torch
import torch.nn as nn
import torch.nn.functional as F


def pool2d(X, pool_size, mode="max"):
    image = X[None, None]
    return (F.adaptive_max_pool2d(image, (X.shape[0] - pool_size[0] + 1, X.shape[1] - pool_size[1] + 1)))[0, 0]


def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    return F.max_pool2d(X, pool_size, stride, padding)
