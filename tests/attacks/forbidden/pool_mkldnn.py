# calls max pooling on a tensor in the layout of oneDNN
# expected: 0
# assignment: pooling
# says: This step forbids
import torch
import torch.nn as nn
import torch.nn.functional as F


def pool2d(X, pool_size, mode="max"):
    image = X[None, None]
    return (F.max_pool2d(image.to_mkldnn(), pool_size, 1).to_dense())[0, 0]


def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    return F.max_pool2d(X, pool_size, stride, padding)
