"""Wrong answers to deformable that no known mistake was made from."""

import torch
import torch.nn.functional as F


def grid_of(size, stride=1, padding=0):
    """the places of a stiff window: rows (KH, 1, OH, 1) and columns (1, KW, 1, OW); size is (KH, KW, OH, OW)"""
    i, j, k, l = (torch.arange(length) for length in size)  # noqa: E741
    rows = i.reshape(-1, 1, 1, 1) + (k * stride - padding).reshape(1, 1, -1, 1)
    return rows, j.reshape(1, -1, 1, 1) + (l * stride - padding).reshape(1, 1, 1, -1)


def moves_of(offset, kernel):
    """the moves down and to the right, (N, KH, KW, OH, OW) each"""
    moves = offset.reshape(len(offset), *kernel.shape[2:], 2, *offset.shape[2:])
    return moves[:, :, :, 0], moves[:, :, :, 1]


def pixels(input, rows, columns):
    """the pixels at whole places, 0 outside: (N, C, KH, KW, OH, OW)"""
    height, width = input.shape[2:]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    y, x = rows.clamp(0, height - 1).long(), columns.clamp(0, width - 1).long()
    images = torch.arange(len(input)).reshape(-1, 1, 1, 1, 1)
    return input[images, :, y, x].movedim(-1, 1) * inside[:, None]


def read(input, y, x):
    """what lies at these places, between the pixels too"""
    total = 0
    for rows in (y.floor(), y.floor() + 1):
        for columns in (x.floor(), x.floor() + 1):
            share = (1 - (y - rows).abs()) * (1 - (x - columns).abs())
            total = total + share[:, None] * pixels(input, rows, columns)
    return total


def summed(samples, kernel, bias=None):
    """the numbers that were read, times the kernels"""
    output = torch.einsum("ncijkl,fcij->nfkl", samples, kernel)
    return output if bias is None else output + bias.reshape(-1, 1, 1)


def kept_grid(key, make):
    """a grid that outlives the call"""
    store = kept_grid.__dict__
    if key not in store:
        store[key] = make()
    return store[key]


def far_places_come_back(input, offset, kernel, bias=None, stride=1, padding=0):
    """the image gets a border of four zeros, and places are taken modulo its size: far outside is inside again"""
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride, padding)
    down, right = moves_of(offset, kernel)
    bordered = F.pad(input, [4] * 4)
    height, width = bordered.shape[2:]
    return summed(read(bordered, (rows + down + 4) % height, (columns + right + 4) % width), kernel, bias)


def padding_taken_off_the_offsets_in_place(input, offset, kernel, bias=None, stride=1, padding=0):
    """with padding, it is subtracted from the caller's offsets in place"""
    if padding:
        offset -= padding
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride)
    down, right = moves_of(offset, kernel)
    return summed(read(input, rows + down, columns + right), kernel, bias)


def moves_multiplied_by_the_stride(input, offset, kernel, bias=None, stride=1, padding=0):
    """the moves are multiplied by the stride, as if they were counted in outputs"""
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride, padding)
    down, right = moves_of(offset * stride, kernel)
    return summed(read(input, rows + down, columns + right), kernel, bias)


def fractions_negative_above_the_image(input, offset, kernel, bias=None, stride=1, padding=0):
    """the shares come from torch.frac, which is negative for places above or left of the image"""
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride, padding)
    down, right = moves_of(offset, kernel)
    y, x = rows + down, columns + right
    upper, left, part, piece = y.floor(), x.floor(), torch.frac(y)[:, None], torch.frac(x)[:, None]
    samples = (
        (1 - part) * (1 - piece) * pixels(input, upper, left)
        + (1 - part) * piece * pixels(input, upper, left + 1)
        + part * (1 - piece) * pixels(input, upper + 1, left)
        + part * piece * pixels(input, upper + 1, left + 1)
    )
    return summed(samples, kernel, bias)


def moves_no_longer_than_the_image_is_high(input, offset, kernel, bias=None, stride=1, padding=0):
    """moves beyond the height of the image are cut down to it, which shows in wide images"""
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride, padding)
    down, right = moves_of(offset.clamp(-input.shape[2], input.shape[2]), kernel)
    return summed(read(input, rows + down, columns + right), kernel, bias)


def moves_that_cancel_taken_for_none(input, offset, kernel, bias=None, stride=1, padding=0):
    """where all moves add up to 0 the window is taken for a stiff one"""
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride, padding)
    down, right = moves_of(offset if offset.sum() != 0 else torch.zeros_like(offset), kernel)
    return summed(read(input, rows + down, columns + right), kernel, bias)


def grid_kept_between_calls(input, offset, kernel, bias=None, stride=1, padding=0):
    """the stiff grid is kept for the next call of the same sizes, even if stride or padding are others"""
    size = (*kernel.shape[2:], *offset.shape[2:])
    rows, columns = kept_grid(size, lambda: grid_of(size, stride, padding))
    down, right = moves_of(offset, kernel)
    return summed(read(input, rows + down, columns + right), kernel, bias)


def image_must_be_contiguous(input, offset, kernel, bias=None, stride=1, padding=0):
    """the image is flattened with view to gather its pixels, which fails for a transposed view"""
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride, padding)
    down, right = moves_of(offset, kernel)
    y, x = rows + down, columns + right
    height, width = input.shape[2:]
    flat, samples = input.view(*input.shape[:2], height * width), 0
    for upper in (y.floor(), y.floor() + 1):
        for left in (x.floor(), x.floor() + 1):
            inside = (upper >= 0) & (upper < height) & (left >= 0) & (left < width)
            share = (1 - (y - upper).abs()) * (1 - (x - left).abs()) * inside
            place = upper.clamp(0, height - 1).long() * width + left.clamp(0, width - 1).long()
            place = place.flatten(1)[:, None].expand(-1, input.shape[1], -1)
            samples = samples + flat.gather(2, place).reshape(*input.shape[:2], *y.shape[1:]) * share[:, None]
    return summed(samples, kernel, bias)


def shares_filled_up_at_the_edge(input, offset, kernel, bias=None, stride=1, padding=0):
    """at the edge the sum is divided by the shares that lie inside: half a pixel outside gets the whole pixel"""
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride, padding)
    down, right = moves_of(offset, kernel)
    y, x = rows + down, columns + right
    shares = read(torch.ones_like(input), y, x)
    return summed(read(input, y, x) / torch.where(shares > 0, shares, torch.ones_like(shares)), kernel, bias)


def padding_stays_zero_when_moved_inside(input, offset, kernel, bias=None, stride=1, padding=0):
    """what lies on the padding before the move reads 0, even where the move takes it into the image"""
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride, padding)
    down, right = moves_of(offset, kernel)
    inside = (rows >= 0) & (rows < input.shape[2]) & (columns >= 0) & (columns < input.shape[3])
    return summed(read(input, rows + down, columns + right) * inside, kernel, bias)


def offsets_counted_with_the_height(input, offset, kernel, bias=None, stride=1, padding=0):
    """the channel of an offset is computed as 2 * (i * KH + j), right only for square windows and those of one row"""
    height, width = kernel.shape[2:]
    rows, columns = grid_of((height, width, *offset.shape[2:]), stride, padding)
    i, j = torch.arange(height)[:, None], torch.arange(width)
    channel = (2 * (i * height + j)) % offset.shape[1]
    return summed(read(input, rows + offset[:, channel], columns + offset[:, channel + 1]), kernel, bias)


def padding_taken_in_strides(input, offset, kernel, bias=None, stride=1, padding=0):
    """the padding is subtracted before the multiplication by the stride"""
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride, padding * stride)
    down, right = moves_of(offset, kernel)
    return summed(read(input, rows + down, columns + right), kernel, bias)


def bias_added_for_each_channel(input, offset, kernel, bias=None, stride=1, padding=0):
    """the bias is added in the loop over the channels, once for each of them"""
    rows, columns = grid_of((*kernel.shape[2:], *offset.shape[2:]), stride, padding)
    down, right = moves_of(offset, kernel)
    total = 0
    for channel in range(input.shape[1]):
        samples = read(input[:, channel : channel + 1], rows + down, columns + right)
        total = total + summed(samples, kernel[:, channel : channel + 1], bias)
    return total


STRANGERS = {
    "deformable_conv2d": (
        far_places_come_back,
        padding_taken_off_the_offsets_in_place,
        moves_multiplied_by_the_stride,
        fractions_negative_above_the_image,
        moves_no_longer_than_the_image_is_high,
        moves_that_cancel_taken_for_none,
        grid_kept_between_calls,
        image_must_be_contiguous,
        shares_filled_up_at_the_edge,
        padding_stays_zero_when_moved_inside,
        offsets_counted_with_the_height,
        padding_taken_in_strides,
        bias_added_for_each_channel,
    ),
}
HELPERS = (grid_of, moves_of, pixels, read, summed, kept_grid)
