"""Answers to pooling: two functions."""

# ruff: noqa: RUF059  (a mistake may leave a name unused)

import math

import torch
import torch.nn.functional as F

from answers import right, wrong

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
def image_by_numpy_in_float64(X, pool_size, mode="max"):
    import numpy as np

    windows = np.lib.stride_tricks.sliding_window_view(X.numpy().astype(float), tuple(pool_size))
    pool = {"max": np.max, "avg": np.mean}.get(mode)
    if pool is None:
        raise ValueError(f"unknown mode {mode}")
    return torch.from_numpy(pool(windows, axis=(2, 3)))


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


@wrong(IMAGE, fails="max", mistake=13)
def maximum_starts_at_zero(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    ph, pw = pool_size
    output = torch.zeros(X.shape[0] - ph + 1, X.shape[1] - pw + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = X[i : i + ph, j : j + pw]
            output[i, j] = window.max().clamp(min=0) if mode == "max" else window.mean()
    return output


@wrong(IMAGE, fails="max")
def smallest_value(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    ph, pw = pool_size
    output = torch.zeros(X.shape[0] - ph + 1, X.shape[1] - pw + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = X[i : i + ph, j : j + pw]
            output[i, j] = window.min() if mode == "max" else window.mean()
    return output


@wrong(IMAGE, fails="max", mistake=3)
def height_and_width_of_the_window_exchanged(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    pw, ph = pool_size
    output = torch.zeros(X.shape[0] - ph + 1, X.shape[1] - pw + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = X[i : i + ph, j : j + pw]
            output[i, j] = window.max() if mode == "max" else window.mean()
    return output


@wrong(IMAGE, fails="max", mistake=8)
def image_moves_by_the_pool_size(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    ph, pw = pool_size
    output = torch.zeros(X.shape[0] // ph, X.shape[1] // pw)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = X[i * ph : (i + 1) * ph, j * pw : (j + 1) * pw]
            output[i, j] = window.max() if mode == "max" else window.mean()
    return output


@wrong(IMAGE, fails="average")
def sum_for_the_mean(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    ph, pw = pool_size
    output = torch.zeros(X.shape[0] - ph + 1, X.shape[1] - pw + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = X[i : i + ph, j : j + pw]
            output[i, j] = window.max() if mode == "max" else window.sum()
    return output


@wrong(IMAGE, fails="average", mistake=3)
def mean_divides_by_the_height_squared(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    ph, pw = pool_size
    output = torch.zeros(X.shape[0] - ph + 1, X.shape[1] - pw + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = X[i : i + ph, j : j + pw]
            output[i, j] = window.max() if mode == "max" else window.sum() / ph**2
    return output


@wrong(IMAGE, fails="mode")
def image_mode_not_checked(X, pool_size, mode="max"):
    ph, pw = pool_size
    output = torch.zeros(X.shape[0] - ph + 1, X.shape[1] - pw + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = X[i : i + ph, j : j + pw]
            output[i, j] = window.max() if mode == "max" else window.mean()
    return output


@wrong(IMAGE, fails="arguments", mistake=16)
def image_overwritten(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    ph, pw = pool_size
    output = torch.zeros(X.shape[0] - ph + 1, X.shape[1] - pw + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = X[i : i + ph, j : j + pw]
            output[i, j] = window.max() if mode == "max" else window.mean()
    X[0, 0] = output[0, 0] - 1
    return output


@wrong(IMAGE, fails="arguments", mistake=16)
def image_contiguous_only(X, pool_size, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    ph, pw = pool_size
    output = torch.zeros(X.shape[0] - ph + 1, X.shape[1] - pw + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = X.view(-1).reshape(X.shape)[i : i + ph, j : j + pw]
            output[i, j] = window.max() if mode == "max" else window.mean()
    return output


@wrong(BATCH, fails="channels", mistake=9)
def maximum_over_the_channels(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((1, 4, 5))[:, None].expand(windows.shape[:4]) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="channels", mistake=16)
def first_image_for_all(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X[:1].expand_as(X), (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="channels", mistake=16)
def batch_of_one_squeezed(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return (windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))).squeeze(0)


@wrong(BATCH, fails="stride", mistake=13)
def stride_1_for_none(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = 1 if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="stride", mistake=8)
def stride_always_1(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, 1).unfold(3, pw, 1)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="stride", mistake=8)
def stride_downwards_only(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, 1)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="stride", mistake=8)
def remainder_rows_kept(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    above, left = (-(images.shape[2] - ph)) % sh, (-(images.shape[3] - pw)) % sw
    images = F.pad(images, (0, left, 0, above), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="stride", mistake=3)
def square_images_only(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)[:, :, :, : (images.shape[2] - ph) // sh + 1]
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="max_padding", mistake=13)
def zeros_around_the_maximum(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="average_padding", mistake=13)
def padding_left_out_of_the_mean(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return (
        windows.amax((4, 5))
        if mode == "max"
        else windows.mean((4, 5))
        * ph
        * pw
        / F.pad(torch.ones_like(X), (dw, dw, dh, dh)).unfold(2, ph, sh).unfold(3, pw, sw).sum((4, 5))
    )


@wrong(BATCH, fails="average_padding", mistake=13)
def minus_infinity_around_the_mean(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails=("max_padding", "average_padding"), mistake=7)
def padding_at_the_end_only(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (0, 2 * dw, 0, 2 * dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="pairs", mistake=16)
def numbers_only(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size)
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="pairs", mistake=2)
def pair_of_the_padding_exchanged(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dh, dh, dw, dw), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="pairs", mistake=3)
def pair_of_the_stride_exchanged(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride[::-1]
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="mode")
def batch_mode_not_checked(X, pool_size, mode="max", stride=None, padding=0):
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="mode")
def another_error_for_a_wrong_mode(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise KeyError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="arguments", mistake=16)
def batch_overwritten(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X, (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    output = windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))
    X.zero_()
    return output


@wrong(BATCH, fails="arguments", mistake=16)
def batch_contiguous_only(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    stride = pool_size if stride is None else stride
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    dh, dw = (padding, padding) if isinstance(padding, int) else padding
    images = F.pad(X.view(-1).reshape(X.shape), (dw, dw, dh, dh), value=-math.inf if mode == "max" else 0.0)
    windows = images.unfold(2, ph, sh).unfold(3, pw, sw)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


@wrong(BATCH, fails="channels", mistake=15)
def library_pooling(X, pool_size, mode="max", stride=None, padding=0):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")
    return (F.max_pool2d if mode == "max" else F.avg_pool2d)(X, pool_size, stride, padding)
