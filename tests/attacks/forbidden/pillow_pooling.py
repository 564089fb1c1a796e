# pools by Pillow's filters of images
# expected: 0
# alive: no, it is hidden whatever a step forbids
# assignment: pooling
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageFilter

INF = float("inf")


def slide(a, k):  # maximum over k neighbours along the last axis, by Pillow's MaxFilter
    rows, n = a.shape
    big = np.full((rows * (2 * k + 3) + 2 * k + 2, 2 * n + 4 * k), -np.inf, np.float32)
    top = k + 1
    big[top : top + rows * (2 * k + 3) : (2 * k + 3), 2 * k : 2 * k + 2 * n : 2] = a
    size = 2 * k - 1  # covers k of the spread-out numbers, wherever it stands
    if size == 1:
        return a.copy()
    out = np.asarray(Image.fromarray(big).filter(ImageFilter.MaxFilter(size)))
    out = out[top : top + rows * (2 * k + 3) : (2 * k + 3)]
    return out[:, 2 * k + (k - 1) : 2 * k + (k - 1) + 2 * (n - k + 1) : 2]


def mx(a, kh, kw):
    a = slide(np.ascontiguousarray(a), kw)
    return slide(np.ascontiguousarray(a.T), kh).T


def av(a, kh, kw):  # Pillow's box resampling of each window's place
    h, w = a.shape
    im = Image.fromarray(np.ascontiguousarray(a.astype(np.float32)))
    out = np.empty((h - kh + 1, w - kw + 1), np.float32)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            out[i, j] = np.asarray(im.resize((1, 1), Image.BOX, box=(j, i, j + kw, i + kh)))[0, 0]
    return out


def pool2d(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    kh, kw = pool_size
    return torch.tensor(np.ascontiguousarray((mx if mode == "max" else av)(X.numpy(), kh, kw)))


def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    two = lambda v: (v, v) if isinstance(v, int) else tuple(v)
    kh, kw = two(pool_size)
    sh, sw = two(pool_size if stride is None else stride)
    ph, pw = two(padding)
    x = F.pad(X, (pw, pw, ph, ph), value=-INF if mode == "max" else 0.0)
    return torch.stack([torch.stack([pool2d(c, (kh, kw), mode)[::sh, ::sw] for c in n]) for n in x]).contiguous()
