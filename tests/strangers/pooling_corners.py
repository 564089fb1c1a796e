"""Wrong answers to pooling, made up from the stub alone: most are wrong in a corner only."""

import math

import torch
import torch.nn.functional as F


def as_pair(value):
    """a number becomes a pair (helper, right)"""
    return (value, value) if isinstance(value, int) else tuple(value)


def windows_of(X, pool_size, stride):
    """all windows of the last two axes as (..., OH, OW, PH, PW) (helper, right)"""
    return X.unfold(-2, pool_size[0], stride[0]).unfold(-2, pool_size[1], stride[1])


def pooled(windows, mode):
    """one number for each window (helper, right)"""
    if mode == "max":
        return windows.amax(dim=(-2, -1))
    if mode == "avg":
        return windows.mean(dim=(-2, -1))
    raise ValueError(f"unknown mode {mode!r}")


def with_border(X, padding, mode):
    """X with its border for the mode (helper, right)"""
    DH, DW = padding
    return F.pad(X, (DW, DW, DH, DH), value=-math.inf if mode == "max" else 0.0)


def size_read_as_width_and_height(X, pool_size, mode="max"):
    """the pair is read as width and height"""
    PW, PH = pool_size
    H, W = X.shape
    output = torch.zeros(H - PH + 1, W - PW + 1)
    for r in range(H - PH + 1):
        for c in range(W - PW + 1):
            window = X[r : r + PH, c : c + PW]
            if mode == "max":
                output[r, c] = window.max()
            elif mode == "avg":
                output[r, c] = window.mean()
            else:
                raise ValueError(mode)
    return output


def average_divides_by_the_height_squared(X, pool_size, mode="max"):
    """the sum of a window is divided by PH * PH, as if every window were square"""
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    PH, PW = pool_size
    windows = X.unfold(0, PH, 1).unfold(1, PW, 1)
    if mode == "max":
        return windows.amax(dim=(2, 3))
    return windows.sum(dim=(2, 3)) / PH**2


def maximum_starts_at_zero(X, pool_size, mode="max"):
    """the search for the largest number starts with zero, which beats windows of negative numbers"""
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    PH, PW = pool_size
    OH, OW = X.shape[0] - PH + 1, X.shape[1] - PW + 1
    output = torch.zeros(OH, OW)
    for i in range(PH):
        for j in range(PW):
            part = X[i : i + OH, j : j + OW]
            output = torch.maximum(output, part) if mode == "max" else output + part / (PH * PW)
    return output


def largest_starts_at_the_first_pixel(X, pool_size, mode="max"):
    """the search for the largest number starts with the first pixel of the image, not of the window"""
    if mode != "max" and mode != "avg":
        raise ValueError("mode must be max or avg")
    PH, PW = pool_size
    H, W = X.shape
    output = torch.zeros(H - PH + 1, W - PW + 1)
    for r in range(H - PH + 1):
        for c in range(W - PW + 1):
            best, total = X[0, 0], 0.0
            for i in range(PH):
                for j in range(PW):
                    value = X[r + i, c + j]
                    best = value if value > best else best
                    total = total + value
            output[r, c] = best if mode == "max" else total / (PH * PW)
    return output


def largest_not_reset_in_a_row(X, pool_size, mode="max"):
    """the largest number so far is reset for each row of the output, but not for each window"""
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    PH, PW = pool_size
    H, W = X.shape
    output = torch.zeros(H - PH + 1, W - PW + 1)
    for r in range(H - PH + 1):
        best = -math.inf
        for c in range(W - PW + 1):
            window = X[r : r + PH, c : c + PW]
            best = max(best, window.max().item())
            output[r, c] = best if mode == "max" else window.mean()
    return output


def strongest_instead_of_largest(X, pool_size, mode="max"):
    """max keeps the number furthest from zero, with its sign, instead of the largest"""
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    windows = X.unfold(0, pool_size[0], 1).unfold(1, pool_size[1], 1).flatten(2)
    if mode == "avg":
        return windows.mean(dim=2)
    where = windows.abs().argmax(dim=2, keepdim=True)
    return windows.gather(2, where)[..., 0]


def average_rounded_down(X, pool_size, mode="max"):
    """the average is made with // and so rounded down"""
    PH, PW = pool_size
    windows = X.unfold(0, PH, 1).unfold(1, PW, 1)
    if mode == "max":
        return windows.amax(dim=(2, 3))
    if mode == "avg":
        return windows.sum(dim=(2, 3)) // (PH * PW)
    raise ValueError(mode)


def last_windows_missed(X, pool_size, mode="max"):
    """the + 1 is forgotten, so the last row and the last column of windows are missing"""
    PH, PW = pool_size
    H, W = X.shape
    rows = []
    for r in range(H - PH or 1):
        rows.append([])
        for c in range(W - PW or 1):
            window = X[r : r + PH, c : c + PW]
            if mode == "max":
                rows[-1].append(window.max())
            elif mode == "avg":
                rows[-1].append(window.mean())
            else:
                raise ValueError(mode)
    return torch.tensor(rows)


def only_the_first_column_of_the_window(X, pool_size, mode="max"):
    """the maximum is taken down the window, and then only its first column is kept"""
    windows = X.unfold(0, pool_size[0], 1).unfold(1, pool_size[1], 1)
    if mode == "max":
        return windows.max(dim=2).values[..., 0]
    if mode == "avg":
        return windows.mean(dim=(2, 3))
    raise ValueError(mode)


def moves_by_the_pool_size_at_once(X, pool_size, mode="max"):
    """the windows of pool2d do not overlap, as in pool2d_full"""
    PH, PW = pool_size
    windows = X.unfold(0, PH, PH).unfold(1, PW, PW)
    if mode == "max":
        return windows.amax(dim=(2, 3))
    if mode == "avg":
        return windows.mean(dim=(2, 3))
    raise ValueError(mode)


def every_other_mode_is_average(X, pool_size, mode="max"):
    """every mode but max gives the average, and no error"""
    windows = X.unfold(0, pool_size[0], 1).unfold(1, pool_size[1], 1)
    return windows.amax(dim=(2, 3)) if mode == "max" else windows.mean(dim=(2, 3))


def unknown_mode_raises_key_error(X, pool_size, mode="max"):
    """the mode is looked up in a dictionary, so an unknown one raises KeyError instead of ValueError"""
    reduce = {"max": torch.amax, "avg": torch.mean}[mode]
    return reduce(X.unfold(0, pool_size[0], 1).unfold(1, pool_size[1], 1), dim=(2, 3))


def mode_found_inside_a_string(X, pool_size, mode="max"):
    """the mode is checked with `in` against one long string, so parts of the two names are let through"""
    if mode not in "max, avg":
        raise ValueError(f"unknown mode {mode}")
    windows = X.unfold(0, pool_size[0], 1).unfold(1, pool_size[1], 1)
    return windows.amax(dim=(2, 3)) if mode == "max" else windows.mean(dim=(2, 3))


def results_written_into_the_image(X, pool_size, mode="max"):
    """the output is a slice of X and not a new tensor, so the caller's image is overwritten"""
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    PH, PW = pool_size
    output = X[: X.shape[0] - PH + 1, : X.shape[1] - PW + 1]
    for r in range(output.shape[0]):
        for c in range(output.shape[1]):
            window = X[r : r + PH, c : c + PW]
            output[r, c] = window.max() if mode == "max" else window.mean()
    return output


def single_row_loses_its_axis(X, pool_size, mode="max"):
    """an output of only one row or only one column loses that axis"""
    windows = X.unfold(0, pool_size[0], 1).unfold(1, pool_size[1], 1).flatten(2)
    if mode == "max":
        return windows.max(dim=-1).values.squeeze()
    if mode == "avg":
        return windows.mean(dim=-1).squeeze()
    raise ValueError(mode)


def default_stride_is_one(X, pool_size, mode="max", stride=None, padding=0):
    """stride None means 1 instead of the pool size"""
    size, step = as_pair(pool_size), as_pair(stride or 1)
    return pooled(windows_of(with_border(X, as_pair(padding), mode), size, step), mode)


def default_stride_is_the_height(X, pool_size, mode="max", stride=None, padding=0):
    """stride None means the height of the window, across as well as down"""
    PH, PW = as_pair(pool_size)
    SH, SW = (PH, PH) if stride is None else as_pair(stride)
    return pooled(windows_of(with_border(X, as_pair(padding), mode), (PH, PW), (SH, SW)), mode)


def stride_ignored_by_reshaping(X, pool_size, mode="max", stride=None, padding=0):
    """cuts the image into tiles with reshape, so that the stride is always the pool size"""
    PH, PW = as_pair(pool_size)
    X = with_border(X, as_pair(padding), mode)
    N, C, H, W = X.shape
    OH, OW = H // PH, W // PW
    tiles = X[:, :, : OH * PH, : OW * PW].reshape(N, C, OH, PH, OW, PW).transpose(3, 4)
    return pooled(tiles, mode)


def stride_pair_swapped(X, pool_size, mode="max", stride=None, padding=0):
    """the first number of the stride goes to the right and the second one down"""
    size = as_pair(pool_size)
    SW, SH = as_pair(stride) if stride is not None else (size[1], size[0])
    return pooled(windows_of(with_border(X, as_pair(padding), mode), size, (SH, SW)), mode)


def padding_pair_swapped(X, pool_size, mode="max", stride=None, padding=0):
    """the first number of the padding goes left and right, because F.pad begins with the last axis"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    DH, DW = as_pair(padding)
    X = F.pad(X, (DH, DH, DW, DW), value=-math.inf if mode == "max" else 0.0)
    return pooled(windows_of(X, size, step), mode)


def stride_number_goes_down_only(X, pool_size, mode="max", stride=None, padding=0):
    """a stride given as one number is used going down only, to the right the window moves by its width"""
    PH, PW = as_pair(pool_size)
    SH, SW = PH, PW
    if isinstance(stride, int):
        SH = stride
    elif stride is not None:
        SH, SW = stride
    return pooled(windows_of(with_border(X, as_pair(padding), mode), (PH, PW), (SH, SW)), mode)


def numbers_or_pairs_by_the_pool_size(X, pool_size, mode="max", stride=None, padding=0):
    """looks only at the pool size to tell whether all arguments are numbers or pairs, and fails if they are mixed"""
    stride = pool_size if stride is None else stride
    if isinstance(pool_size, int):
        pool_size, stride, padding = (pool_size, pool_size), (stride, stride), (padding, padding)
    elif padding == 0:
        padding = (0, 0)
    (PH, PW), (SH, SW), (DH, DW) = pool_size, stride, padding
    X = F.pad(X, (DW, DW, DH, DH), value=-math.inf if mode == "max" else 0.0)
    return pooled(X.unfold(2, PH, SH).unfold(3, PW, SW), mode)


def zeros_round_the_maximum(X, pool_size, mode="max", stride=None, padding=0):
    """the border is zero for the maximum too"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    return pooled(windows_of(with_border(X, as_pair(padding), "avg"), size, step), mode)


def border_is_minus_one_thousand(X, pool_size, mode="max", stride=None, padding=0):
    """the border for the maximum is -1000 instead of minus infinity"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    DH, DW = as_pair(padding)
    X = F.pad(X, (DW, DW, DH, DH), value=-1000.0 if mode == "max" else 0.0)
    return pooled(windows_of(X, size, step), mode)


def minus_infinity_round_the_average(X, pool_size, mode="max", stride=None, padding=0):
    """the border is minus infinity for the average too"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    return pooled(windows_of(with_border(X, as_pair(padding), "max"), size, step), mode)


def padding_not_counted_in_the_average(X, pool_size, mode="max", stride=None, padding=0):
    """the average divides by the number of pixels of the image in the window, without the border"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    pad = as_pair(padding)
    windows = windows_of(with_border(X, pad, mode), size, step)
    if mode == "avg":
        inside = windows_of(with_border(torch.ones_like(X), pad, "avg"), size, step)
        return windows.sum(dim=(-2, -1)) / inside.sum(dim=(-2, -1))
    return pooled(windows, mode)


def zeros_of_the_image_taken_for_border(X, pool_size, mode="max", stride=None, padding=0):
    """pads with zeros and then makes every zero minus infinity, those of the image as well"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    padded = with_border(X, as_pair(padding), "avg")
    if mode == "max":
        padded[padded == 0] = -math.inf
    return pooled(windows_of(padded, size, step), mode)


def padded_only_if_the_first_is_positive(X, pool_size, mode="max", stride=None, padding=0):
    """asks only whether the padding of the height is positive, and pads neither axis if it is not"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    pad = as_pair(padding)
    if pad[0] > 0:
        X = with_border(X, pad, mode)
    return pooled(windows_of(X, size, step), mode)


def padding_above_and_left_only(X, pool_size, mode="max", stride=None, padding=0):
    """the border goes above and to the left, none below and to the right"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    DH, DW = as_pair(padding)
    X = F.pad(X, (DW, 0, DH, 0), value=-math.inf if mode == "max" else 0.0)
    return pooled(windows_of(X, size, step), mode)


def remainder_gets_its_own_window(X, pool_size, mode="max", stride=None, padding=0):
    """the output size is rounded up, and rows and columns left at the end get a smaller window"""
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    (PH, PW), (DH, DW) = as_pair(pool_size), as_pair(padding)
    SH, SW = (PH, PW) if stride is None else as_pair(stride)
    X = with_border(X, (DH, DW), mode)
    N, C, H, W = X.shape
    OH, OW = math.ceil((H - PH) / SH) + 1, math.ceil((W - PW) / SW) + 1
    output = torch.zeros(N, C, OH, OW)
    for r in range(OH):
        for c in range(OW):
            window = X[:, :, r * SH : r * SH + PH, c * SW : c * SW + PW]
            if window.numel():
                output[:, :, r, c] = window.amax(dim=(2, 3)) if mode == "max" else window.mean(dim=(2, 3))
    return output


def remainder_left_out_at_the_start(X, pool_size, mode="max", stride=None, padding=0):
    """rows and columns that do not fill a window are left out at the beginning instead of the end"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    X = with_border(X, as_pair(padding), mode)
    top, left = (X.shape[2] - size[0]) % step[0], (X.shape[3] - size[1]) % step[1]
    return pooled(windows_of(X[:, :, top:, left:], size, step), mode)


def output_size_forgets_the_window(X, pool_size, mode="max", stride=None, padding=0):
    """the output size is the padded size divided by the stride, so the last windows hang over the end"""
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    PH, PW = as_pair(pool_size)
    SH, SW = (PH, PW) if stride is None else as_pair(stride)
    X = with_border(X, as_pair(padding), mode)
    OH, OW = X.shape[2] // SH, X.shape[3] // SW
    output = torch.empty(*X.shape[:2], OH, OW)
    for r in range(OH):
        for c in range(OW):
            window = X[:, :, r * SH : r * SH + PH, c * SW : c * SW + PW]
            output[:, :, r, c] = window.amax(dim=(2, 3)) if mode == "max" else window.mean(dim=(2, 3))
    return output


def channels_pooled_together(X, pool_size, mode="max", stride=None, padding=0):
    """the window goes through all channels, and each channel gets the same result"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    each = pooled(windows_of(with_border(X, as_pair(padding), mode), size, step), mode)
    together = each.amax(dim=1, keepdim=True) if mode == "max" else each.mean(dim=1, keepdim=True)
    return together.expand_as(each).clone()


def first_image_for_the_whole_batch(X, pool_size, mode="max", stride=None, padding=0):
    """only the first image is pooled, and its result is given for every image of the batch"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    channels = [pooled(windows_of(with_border(channel, as_pair(padding), mode), size, step), mode) for channel in X[0]]
    return torch.stack([torch.stack(channels)] * len(X))


def strides_of_the_image_without_border(X, pool_size, mode="max", stride=None, padding=0):
    """as_strided reads the padded image with the memory strides of the image before padding"""
    (PH, PW), (DH, DW) = as_pair(pool_size), as_pair(padding)
    SH, SW = (PH, PW) if stride is None else as_pair(stride)
    N, C, H, W = X.shape
    OH, OW = (H + 2 * DH - PH) // SH + 1, (W + 2 * DW - PW) // SW + 1
    n, c, h, w = X.stride()
    padded = F.pad(X, (DW, DW, DH, DH), value=-math.inf if mode == "max" else 0.0)
    return pooled(padded.as_strided((N, C, OH, OW, PH, PW), (n, c, h * SH, w * SW, h, w)), mode)


def memory_order_taken_for_granted(X, pool_size, mode="max", stride=None, padding=0):
    """as_strided takes it that the image lies in memory row by row, which a transposed one does not"""
    (PH, PW), (DH, DW) = as_pair(pool_size), as_pair(padding)
    SH, SW = (PH, PW) if stride is None else as_pair(stride)
    if DH or DW:
        X = with_border(X, (DH, DW), mode).contiguous()
    N, C, H, W = X.shape
    OH, OW = (H - PH) // SH + 1, (W - PW) // SW + 1
    return pooled(X.as_strided((N, C, OH, OW, PH, PW), (C * H * W, H * W, SH * W, SW, W, 1)), mode)


def average_divides_the_argument(X, pool_size, mode="max", stride=None, padding=0):
    """for the average the caller's own images are divided by the size of the window, before the sum"""
    PH, PW = as_pair(pool_size)
    step = (PH, PW) if stride is None else as_pair(stride)
    if mode == "avg":
        X /= PH * PW
        return windows_of(with_border(X, as_pair(padding), mode), (PH, PW), step).sum(dim=(-2, -1))
    return pooled(windows_of(with_border(X, as_pair(padding), mode), (PH, PW), step), mode)


def capital_letters_accepted(X, pool_size, mode="max", stride=None, padding=0):
    """the mode is made lower case first, so that "Max" and "AVG" are not refused"""
    mode = mode.lower()
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    return pooled(windows_of(with_border(X, as_pair(padding), mode), size, step), mode)


def any_other_mode_is_average_in_full(X, pool_size, mode="max", stride=None, padding=0):
    """every mode but max gives the average, and no error, for batches"""
    size = as_pair(pool_size)
    step = size if stride is None else as_pair(stride)
    windows = windows_of(with_border(X, as_pair(padding), mode), size, step)
    return windows.amax(dim=(-2, -1)) if mode == "max" else windows.mean(dim=(-2, -1))


STRANGERS = {
    "pool2d": (
        size_read_as_width_and_height,
        average_divides_by_the_height_squared,
        maximum_starts_at_zero,
        largest_starts_at_the_first_pixel,
        largest_not_reset_in_a_row,
        strongest_instead_of_largest,
        average_rounded_down,
        last_windows_missed,
        only_the_first_column_of_the_window,
        moves_by_the_pool_size_at_once,
        every_other_mode_is_average,
        unknown_mode_raises_key_error,
        mode_found_inside_a_string,
        results_written_into_the_image,
        single_row_loses_its_axis,
    ),
    "pool2d_full": (
        default_stride_is_one,
        default_stride_is_the_height,
        stride_ignored_by_reshaping,
        stride_pair_swapped,
        padding_pair_swapped,
        stride_number_goes_down_only,
        numbers_or_pairs_by_the_pool_size,
        zeros_round_the_maximum,
        border_is_minus_one_thousand,
        minus_infinity_round_the_average,
        padding_not_counted_in_the_average,
        zeros_of_the_image_taken_for_border,
        padded_only_if_the_first_is_positive,
        padding_above_and_left_only,
        remainder_gets_its_own_window,
        remainder_left_out_at_the_start,
        output_size_forgets_the_window,
        channels_pooled_together,
        first_image_for_the_whole_batch,
        strides_of_the_image_without_border,
        memory_order_taken_for_granted,
        average_divides_the_argument,
        capital_letters_accepted,
        any_other_mode_is_average_in_full,
    ),
}
HELPERS = (
    as_pair,
    windows_of,
    pooled,
    with_border,
)
