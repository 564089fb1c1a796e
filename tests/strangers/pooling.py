"""Ten wrong answers to pooling that no known mistake was made from."""

import math

import torch
import torch.nn.functional as F

SINGLE, FULL = "pool2d", "pool2d_full"


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def windows_of(X, pool_size, stride, padding, fill):
    (ph, pw), (sh, sw), (h, w) = pair(pool_size), pair(stride), pair(padding)
    return F.pad(X, (w, w, h, h), value=fill).unfold(-2, ph, sh).unfold(-2, pw, sw)


def reduced(windows, mode):
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    return windows.amax((-2, -1)) if mode == "max" else windows.mean((-2, -1))


def sum_for_the_mean(X, pool_size, mode="max"):
    """the average is not divided"""
    windows = windows_of(X, pool_size, 1, 0, 0.0)
    return reduced(windows, mode) if mode != "avg" else windows.sum((-2, -1))


def largest_by_its_size_alone(X, pool_size, mode="max"):
    """the number that is farthest from zero wins"""
    windows = windows_of(X, pool_size, 1, 0, 0.0).flatten(-2)
    if mode != "max":
        return reduced(windows[..., None], mode)
    return windows.gather(-1, windows.abs().argmax(-1, keepdim=True))[..., 0]


def where_the_largest_stands(X, pool_size, mode="max"):
    """returns the place of the maximum within the window"""
    windows = windows_of(X, pool_size, 1, 0, 0.0)
    return reduced(windows, mode) if mode != "max" else windows.flatten(-2).argmax(-1).float()


def divided_by_the_height_squared(X, pool_size, mode="max"):
    """the mean divides by PH · PH"""
    windows = windows_of(X, pool_size, 1, 0, 0.0)
    return reduced(windows, mode) if mode != "avg" else windows.sum((-2, -1)) / pool_size[0] ** 2


def windows_without_overlap(X, pool_size, mode="max"):
    """the window moves by its own size, where the stride is 1"""
    return reduced(windows_of(X, pool_size, pool_size, 0, 0.0), mode)


def minus_100_as_padding(X, pool_size, mode="max", stride=None, padding=0):
    """pads with a number that is only hoped to be small enough"""
    fill = -100.0 if mode == "max" else 0.0
    return reduced(windows_of(X, pool_size, pool_size if stride is None else stride, padding, fill), mode)


def stride_pair_exchanged(X, pool_size, mode="max", stride=None, padding=0):
    """a stride (down, right) is taken for (right, down)"""
    stride = pair(pool_size) if stride is None else pair(stride)[::-1]
    fill = -math.inf if mode == "max" else 0.0
    return reduced(windows_of(X, pool_size, stride, padding, fill), mode)


def padding_on_one_side(X, pool_size, mode="max", stride=None, padding=0):
    """pads above and to the left by twice as much, and not below or to the right"""
    (ph, pw), (h, w) = pair(pool_size), pair(padding)
    sh, sw = pair(pool_size if stride is None else stride)
    padded = F.pad(X, (2 * w, 0, 2 * h, 0), value=-math.inf if mode == "max" else 0.0)
    return reduced(padded.unfold(-2, ph, sh).unfold(-2, pw, sw), mode)


def none_is_returned_for_an_unknown_mode(X, pool_size, mode="max", stride=None, padding=0):
    """another mode falls through"""
    if mode in ("max", "avg"):
        fill = -math.inf if mode == "max" else 0.0
        return reduced(windows_of(X, pool_size, pool_size if stride is None else stride, padding, fill), mode)
    return None


def mean_over_the_channels_too(X, pool_size, mode="max", stride=None, padding=0):
    """the average is taken over all channels and handed to each of them"""
    fill = -math.inf if mode == "max" else 0.0
    output = reduced(windows_of(X, pool_size, pool_size if stride is None else stride, padding, fill), mode)
    return output if mode == "max" else output.mean(1, keepdim=True).expand_as(output) * torch.ones_like(output)


def midway_between_largest_and_smallest(X, pool_size, mode="max"):
    """the average is the middle between the two ends"""
    windows = windows_of(X, pool_size, 1, 0, 0.0)
    return reduced(windows, mode) if mode != "avg" else (windows.amax((-2, -1)) + windows.amin((-2, -1))) / 2


def smooth_maximum(X, pool_size, mode="max"):
    """a soft maximum, which is a little too large"""
    windows = windows_of(X, pool_size, 1, 0, 0.0)
    return reduced(windows, mode) if mode != "max" else windows.flatten(-2).logsumexp(-1)


def nearest_edge_as_padding(X, pool_size, mode="max", stride=None, padding=0):
    """pads with the nearest number"""
    (h, w), stride = pair(padding), pool_size if stride is None else stride
    return reduced(windows_of(F.pad(X, (w, w, h, h), mode="replicate"), pool_size, stride, 0, 0.0), mode)


def corners_only(X, pool_size, mode="max", stride=None, padding=0):
    """looks at the first and the last number of each window"""
    fill = -math.inf if mode == "max" else 0.0
    windows = windows_of(X, pool_size, pool_size if stride is None else stride, padding, fill)
    return reduced(torch.stack([windows[..., :1, 0], windows[..., -1:, -1]], -1), mode)


def mean_of_the_channels_before(X, pool_size, mode="max", stride=None, padding=0):
    """each channel is averaged with the one before it"""
    fill = -math.inf if mode == "max" else 0.0
    output = reduced(windows_of(X, pool_size, pool_size if stride is None else stride, padding, fill), mode)
    return torch.cat([output[:, :1], (output[:, 1:] + output[:, :-1]) / 2], 1)


STRANGERS = {
    SINGLE: (
        sum_for_the_mean, largest_by_its_size_alone, where_the_largest_stands, divided_by_the_height_squared,
        windows_without_overlap,
        midway_between_largest_and_smallest, smooth_maximum,
    ),
    FULL: (
        minus_100_as_padding, stride_pair_exchanged, padding_on_one_side, none_is_returned_for_an_unknown_mode,
        mean_over_the_channels_too,
        nearest_edge_as_padding, corners_only, mean_of_the_channels_before,
    ),
}  # fmt: skip
HELPERS = (pair, windows_of, reduced)
