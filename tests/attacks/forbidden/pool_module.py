# calls nn.MaxPool2d and nn.AvgPool2d
# expected: 0
# assignment: pooling
# says: This step forbids
import torch
import torch.nn as nn
import torch.nn.functional as F


def pool2d(X, pool_size, mode="max"):
    image = X[None, None]
    return ((nn.MaxPool2d if mode == "max" else nn.AvgPool2d)(pool_size, stride=1)(image))[0, 0]


def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    return F.max_pool2d(X, pool_size, stride, padding)
