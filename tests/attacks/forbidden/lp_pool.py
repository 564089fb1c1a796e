# calls a pooling of powers, which is built on average pooling
# expected: 0
# assignment: pooling
# says: This step forbids
# alive: no: too coarse
import torch
import torch.nn as nn
import torch.nn.functional as F


def pool2d(X, pool_size, mode="max"):
    image = X[None, None]
    return (F.lp_pool2d(image, 100, pool_size, 1))[0, 0]


def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    return F.max_pool2d(X, pool_size, stride, padding)
