"""Right answers to pooling: two functions."""

import math

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import right

IMAGE = "pool2d"
BATCH = "pool2d_full"


@right(IMAGE)
def image_by_loops(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    ph, pw = pool_size
    output = torch.zeros(X.shape[0] - ph + 1, X.shape[1] - pw + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = X[i : i + ph, j : j + pw]
            output[i, j] = window.max() if mode == "max" else window.mean()
    return output


@right(IMAGE)
def image_by_tensor_unfold(X, pool_size, mode="max"):
    windows = X.unfold(0, pool_size[0], 1).unfold(1, pool_size[1], 1).flatten(2)
    if mode == "max":
        return windows.max(2).values
    elif mode == "avg":
        return windows.sum(2) / windows.shape[2]
    raise ValueError(mode)


@right(IMAGE)
def image_by_bags(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError(f"unknown mode {mode!r}")
    windows = X.unfold(0, pool_size[0], 1).unfold(1, pool_size[1], 1).flatten(2)
    numbers = windows.reshape(-1, 1)
    bags = torch.arange(len(numbers)).reshape(-1, windows.shape[2])
    return F.embedding_bag(bags, numbers, mode={"max": "max", "avg": "mean"}[mode]).reshape(windows.shape[:2])


@right(IMAGE)
def image_by_numpy_in_float64(X, pool_size, mode="max"):
    import numpy as np

    windows = np.lib.stride_tricks.sliding_window_view(X.numpy().astype(float), tuple(pool_size))
    pool = {"max": np.max, "avg": np.mean}.get(mode)
    if pool is None:
        raise ValueError(f"unknown mode {mode}")
    return torch.from_numpy(pool(windows, axis=(2, 3)))


@right(IMAGE)
def image_by_list_comprehension_keyword_only(X, pool_size, *, mode="max"):
    if mode not in ["max", "avg"]:
        raise ValueError(f"no mode {mode}")
    pool = torch.max if mode == "max" else torch.mean
    (ph, pw), (h, w) = pool_size, X.shape
    rows = [[pool(X[i : i + ph, j : j + pw]) for j in range(w - pw + 1)] for i in range(h - ph + 1)]
    return torch.stack([torch.stack(row) for row in rows])


def along(X, size, mode):
    """Pool the last axis: the first numbers of all windows, and by recursion the rest of each."""
    places = X.shape[-1] - size + 1
    if size == 1:
        return X
    rest = along(X[..., 1:], size - 1, mode)
    first = X[..., :places]
    return torch.maximum(first, rest) if mode == "max" else first + rest


@right(IMAGE, helpers=(along,))
def image_axis_by_axis_by_recursion(X, pool_size, mode="max"):
    if mode != "max" and mode != "avg":
        raise ValueError("mode")
    output = along(along(X, pool_size[1], mode).T, pool_size[0], mode).T
    return output if mode == "max" else output / (pool_size[0] * pool_size[1])


@right(IMAGE)
def image_by_as_strided(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    (h, w), (ph, pw), (down, right) = X.shape, pool_size, X.stride()
    windows = X.as_strided((h - ph + 1, w - pw + 1, ph, pw), (down, right, down, right))
    return windows.amax(dim=(2, 3)) if mode == "max" else windows.mean(dim=(2, 3))


@right(BATCH)
def batch_by_loops(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    (ph, pw), (sh, sw), (dh, dw) = (
        (value, value) if isinstance(value, int) else value for value in (pool_size, stride, padding)
    )
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    n, c, h, w = images.shape
    output = torch.zeros(n, c, (h - ph) // sh + 1, (w - pw) // sw + 1)
    for i in range(output.shape[2]):
        for j in range(output.shape[3]):
            window = images[:, :, i * sh : i * sh + ph, j * sw : j * sw + pw].flatten(2)
            output[:, :, i, j] = window.max(2).values if mode == "max" else window.mean(2)
    return output


@right(BATCH)
def batch_by_clipped_windows(X, pool_size, mode="max", stride=None, padding=0):
    def pair(value):
        return value if isinstance(value, (tuple, list)) else (value, value)

    if mode != "max" and mode != "avg":
        raise ValueError("mode")
    (ph, pw), (dh, dw) = pair(pool_size), pair(padding)
    sh, sw = pair(stride) if stride is not None else (ph, pw)
    n, c, h, w = X.shape
    oh, ow = (h + 2 * dh - ph) // sh + 1, (w + 2 * dw - pw) // sw + 1
    output = X.new_empty(n, c, oh, ow)
    for i in range(oh):
        for j in range(ow):
            top, left = i * sh - dh, j * sw - dw
            window = X[:, :, max(top, 0) : top + ph, max(left, 0) : left + pw]
            output[:, :, i, j] = window.amax((2, 3)) if mode == "max" else window.sum((2, 3)) / (ph * pw)
    return output


@right(BATCH)
def batch_by_as_strided_in_float64(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in {"max", "avg"}:
        raise ValueError(mode)
    ph, pw = pool_size if type(pool_size) is tuple else (pool_size,) * 2
    sh, sw = (ph, pw) if stride is None else stride if type(stride) is tuple else (stride,) * 2
    dh, dw = padding if type(padding) is tuple else (padding,) * 2
    images = F.pad(X.double(), (dw, dw, dh, dh), value=float("-inf") if mode == "max" else 0).contiguous()
    n, c, h, w = images.shape
    shape = (n, c, (h - ph) // sh + 1, (w - pw) // sw + 1, ph, pw)
    windows = torch.as_strided(images, shape, (c * h * w, h * w, sh * w, sw, w, 1))
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


class Pool:
    """One mode: what the padding holds, and how a window becomes a number."""

    def __init__(self, mode):
        if mode not in ("max", "avg"):
            raise ValueError(f"{mode} is not known")
        self.mode = mode
        self.filling = -math.inf if mode == "max" else 0.0

    def __call__(self, windows):
        weights = torch.full(windows.shape[-2:], 1 / windows[0, 0, 0, 0].numel())
        if self.mode == "avg":
            return torch.einsum("ncijkl,kl->ncij", windows, weights)
        return windows.max(-1).values.max(-1).values


@right(BATCH, helpers=(Pool,))
def batch_by_a_class_and_einsum(X, pool_size, mode="max", *, stride=None, padding=0):
    pool = Pool(mode)
    stride = stride or pool_size
    (ph, pw), (sh, sw), (dh, dw) = (
        value if isinstance(value, tuple) else [value] * 2 for value in (pool_size, stride, padding)
    )
    images = F.pad(X, (dw, dw, dh, dh), value=pool.filling)
    return pool(images.unfold(2, ph, sh).unfold(3, pw, sw))


@right(BATCH)
def batch_by_shifted_slices(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    (ph, pw), (dh, dw) = (value if isinstance(value, tuple) else (value, value) for value in (pool_size, padding))
    sh, sw = (ph, pw) if stride is None else stride if isinstance(stride, tuple) else (stride, stride)
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    oh, ow = (images.shape[2] - ph) // sh + 1, (images.shape[3] - pw) // sw + 1
    shifted = [images[:, :, i::sh, j::sw][:, :, :oh, :ow] for i in range(ph) for j in range(pw)]
    return torch.stack(shifted).amax(0) if mode == "max" else sum(shifted) / len(shifted)


@right(BATCH)
def batch_image_by_image_in_numpy(X, pool_size, mode="max", stride=None, padding=0):
    import numpy as np

    pool = {"max": np.max, "avg": np.mean}
    if mode not in pool:
        raise ValueError(f"mode {mode}")
    (ph, pw), (dh, dw) = (value if isinstance(value, tuple) else (value, value) for value in (pool_size, padding))
    sh, sw = (ph, pw) if stride is None else stride if isinstance(stride, tuple) else (stride, stride)
    filling = -np.inf if mode == "max" else 0.0

    def one(image):
        image = np.pad(image, ((dh, dh), (dw, dw)), constant_values=filling)
        windows = np.lib.stride_tricks.sliding_window_view(image, (ph, pw))[::sh, ::sw]
        return pool[mode](windows, axis=(2, 3))

    return torch.tensor(np.array([[one(image) for image in channels] for channels in X.double().numpy()]))
