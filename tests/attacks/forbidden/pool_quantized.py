# calls the quantized pooling
# expected: 0
# assignment: pooling
# says: This step forbids
# alive: no: too coarse
import torch
import torch.nn as nn
import torch.nn.functional as F


def pool2d(X, pool_size, mode="max"):
    image = X[None, None]
    return (
        torch.ops.quantized.max_pool2d(
            torch.quantize_per_tensor(image, 1.0, 128, torch.quint8), list(pool_size), [1, 1], [0, 0], [1, 1], False
        ).dequantize()
    )[0, 0]


def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    return F.max_pool2d(X, pool_size, stride, padding)
