"""Wrong answers to deformable: windows that bend."""

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

NAME = "deformable_conv2d"


def places(offset, kernel, stride, padding):
    """Return where each number of the window lies without its move, and its moves: each (N, KH, KW, OH, OW)."""
    (kh, kw), (oh, ow) = kernel.shape[2:], offset.shape[2:]
    moves = offset.reshape(len(offset), kh, kw, 2, oh, ow)
    i, j, k, l = torch.meshgrid(*(torch.arange(length) for length in (kh, kw, oh, ow)), indexing="ij")  # noqa: E741
    rows, columns = i + k * stride - padding, j + l * stride - padding
    return rows, columns, moves[:, :, :, 0], moves[:, :, :, 1]


def pixels(input, row, column):
    """Return (N, C, KH, KW, OH, OW): the pixels in these whole rows and columns; 0 outside."""
    (n, _, h, w), row, column = input.shape, row.long(), column.long()
    inside = (row >= 0) & (row < h) & (column >= 0) & (column < w)
    image = torch.arange(n).reshape(-1, 1, 1, 1, 1)
    return (input.movedim(1, -1)[image, row.clamp(0, h - 1), column.clamp(0, w - 1)] * inside[..., None]).movedim(-1, 1)


def between(input, y, x, pixels=pixels):
    """Return (N, C, KH, KW, OH, OW): the image between its pixels."""
    top, left = y.floor(), x.floor()
    down, right = (y - top)[:, None], (x - left)[:, None]
    upper = pixels(input, top, left) * (1 - right) + pixels(input, top, left + 1) * right
    lower = pixels(input, top + 1, left) * (1 - right) + pixels(input, top + 1, left + 1) * right
    return upper * (1 - down) + lower * down


def summed(samples, kernel, bias):
    """Return (N, F, OH, OW): samples times kernel, and the bias."""
    output = torch.einsum("ncijkl,fcij->nfkl", samples, kernel)
    return output if bias is None else output + bias.reshape(-1, 1, 1)


ALL = (places, pixels, between, summed)


@wrong(
    NAME,
    fails="plain",
    helpers=ALL,
    hint="Set all offsets to 0. Which number of the kernel meets the pixel at the top left?",
)
def kernel_flipped(input, offset, kernel, bias=None, stride=1, padding=0):
    """the kernel was turned by 180° before it was multiplied."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    return summed(between(input, rows + down, columns + right), kernel.flip(2, 3), bias)


@wrong(NAME, fails="moves", helpers=ALL, hint="Which of the arguments does your function never read?")
def offsets_ignored(input, offset, kernel, bias=None, stride=1, padding=0):
    """the offsets are not used: the window stays as it is."""
    rows, columns, down, right = places(0 * offset, kernel, stride, padding)
    return summed(between(input, rows + down, columns + right), kernel, bias)


@wrong(NAME, fails="moves", helpers=ALL, hint="Which comes first in offset, the move down or the move to the right?")
def down_and_right_exchanged(input, offset, kernel, bias=None, stride=1, padding=0):
    """the moves down and to the right are exchanged."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    return summed(between(input, rows + right, columns + down), kernel, bias)


@wrong(NAME, fails="moves", helpers=ALL, hint="An offset of 1 down: does your window look one row further down, or up?")
def moved_the_other_way(input, offset, kernel, bias=None, stride=1, padding=0):
    """the offsets were subtracted, so that everything moves the other way."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    return summed(between(input, rows - down, columns - right), kernel, bias)


@wrong(
    NAME,
    fails="moves",
    helpers=ALL,
    hint="How many pairs of numbers are there in offset for one output? Who owns the second?",
)
def one_offset_for_the_whole_window(input, offset, kernel, bias=None, stride=1, padding=0):
    """the whole window moves by the first pair of offsets; each of its numbers has a pair of its own."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    return summed(between(input, rows + down[:, :1, :1], columns + right[:, :1, :1]), kernel, bias)


@wrong(
    NAME,
    fails="moves",
    helpers=ALL,
    hint="The channels of offset come in pairs. Which two belong to the second number of the kernel?",
)
def all_moves_down_before_all_to_the_right(input, offset, kernel, bias=None, stride=1, padding=0):
    """the offsets were read as all moves down first, then all to the right; they come in pairs."""
    rows, columns, _, _ = places(offset, kernel, stride, padding)
    moves = offset.reshape(len(offset), 2, *kernel.shape[2:], *offset.shape[2:])
    return summed(between(input, rows + moves[:, 0], columns + moves[:, 1]), kernel, bias)


@wrong(NAME, fails="between", helpers=ALL, hint="What should be read halfway between a 2 and a 4?")
def nearest_pixel(input, offset, kernel, bias=None, stride=1, padding=0):
    """the nearest pixel was read, where four neighbours should have a share."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    return summed(pixels(input, (rows + down + 0.5).floor(), (columns + right + 0.5).floor()), kernel, bias)


@wrong(
    NAME,
    fails="between",
    helpers=ALL,
    hint="Close to the upper pixel, which should count more: the upper one, or the lower?",
)
def shares_exchanged(input, offset, kernel, bias=None, stride=1, padding=0):
    """the nearer a pixel is, the less it counts: the shares of the neighbours are exchanged."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    y, x = rows + down, columns + right
    mirrored = (
        y.floor() + (1 - (y - y.floor())) * (y != y.floor()),
        x.floor() + (1 - (x - x.floor())) * (x != x.floor()),
    )
    return summed(between(input, *mirrored), kernel, bias)


@wrong(
    NAME,
    fails="between",
    helpers=ALL,
    hint="How many neighbours has a place between pixels, if it is between rows and columns?",
)
def between_columns_only(input, offset, kernel, bias=None, stride=1, padding=0):
    """only the places between columns were worked out; between rows, the upper row was taken."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    return summed(between(input, (rows + down).floor(), columns + right), kernel, bias)


def repeated(input, row, column):
    """Return the pixels; outside the image, the nearest pixel at the edge."""
    return pixels(input, row.clamp(0, input.shape[2] - 1), column.clamp(0, input.shape[3] - 1))


@wrong(NAME, fails="outside", helpers=(*ALL, repeated), hint="What is read one row above an image of ones: 1, or 0?")
def edge_repeated_outside(input, offset, kernel, bias=None, stride=1, padding=0):
    """outside the image, the pixel at the edge was read again, where there should be 0."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    return summed(between(input, rows + down, columns + right, repeated), kernel, bias)


@wrong(
    NAME,
    fails="outside",
    helpers=ALL,
    hint="Half a pixel above the image, half of what is read is the first row. Is it in yours?",
)
def all_or_nothing_at_the_edge(input, offset, kernel, bias=None, stride=1, padding=0):
    """a place just outside the image counts for nothing, though some of its four neighbours are pixels."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    y, x = rows + down, columns + right
    inside = (y >= 0) & (y <= input.shape[2] - 1) & (x >= 0) & (x <= input.shape[3] - 1)
    return summed(between(input, y, x) * inside[:, None], kernel, bias)


@wrong(NAME, fails="outside", helpers=ALL, hint="What is int(-0.5), and what is the whole number below -0.5?")
def cut_off_towards_zero(input, offset, kernel, bias=None, stride=1, padding=0):
    """places above and to the left of the image were cut off towards 0, not rounded down."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    y, x = rows + down, columns + right
    top, left = y.trunc(), x.trunc()
    down, right = (y - top)[:, None], (x - left)[:, None]
    upper = pixels(input, top, left) * (1 - right) + pixels(input, top, left + 1) * right
    lower = pixels(input, top + 1, left) * (1 - right) + pixels(input, top + 1, left + 1) * right
    return summed(upper * (1 - down) + lower * down, kernel, bias)


@wrong(NAME, fails="batch", helpers=ALL, hint="How many images has offset? Which of them does your second image use?")
def offsets_of_the_first_image_for_all(input, offset, kernel, bias=None, stride=1, padding=0):
    """every image was read with the offsets of the first one."""
    rows, columns, down, right = places(offset[:1].expand(offset.shape), kernel, stride, padding)
    return summed(between(input, rows + down, columns + right), kernel, bias)


@wrong(NAME, fails="options", helpers=ALL, hint="Where does the window of output (0, 1) begin when the stride is 2?")
def stride_ignored(input, offset, kernel, bias=None, stride=1, padding=0):
    """the windows are one pixel apart, whatever the stride is."""
    rows, columns, down, right = places(offset, kernel, 1, padding)
    return summed(between(input, rows + down, columns + right), kernel, bias)


@wrong(NAME, fails="arguments", helpers=ALL, hint="Which line writes into offset? Add to a copy.")
def offset_becomes_a_place(input, offset, kernel, bias=None, stride=1, padding=0):
    """the places of the window were added to the caller's own offsets."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    y, x = rows + down, columns + right
    offset += 1
    return summed(between(input, y, x), kernel, bias)


@wrong(NAME, fails="arguments", helpers=ALL, hint="Which line writes into offset? Add to a copy.")
def padding_taken_off_the_offsets(input, offset, kernel, bias=None, stride=1, padding=0):
    """the padding was subtracted from the caller's own offsets."""
    if padding:
        offset -= padding
    rows, columns, down, right = places(offset, kernel, stride, 0)
    return summed(between(input, rows + down, columns + right), kernel, bias)


@wrong(
    NAME,
    fails="rectangles",
    helpers=ALL,
    hint="Try a kernel of 2 × 3. Which of its sides does your code read, and how often?",
)
def square_kernels_only(input, offset, kernel, bias=None, stride=1, padding=0):
    """the kernel's height was taken for its width, too."""
    square = kernel[:, :, :, :1].expand(*kernel.shape[:3], kernel.shape[2])
    rows, columns, down, right = places(offset, square, stride, padding)
    return summed(between(input, rows + down, columns + right), kernel, bias)


@wrong(
    NAME, fails="options", helpers=ALL, hint="Where in your code is bias used? Try kernels of zeros and a bias of 1."
)
def bias_ignored(input, offset, kernel, bias=None, stride=1, padding=0):
    """the bias was not added."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    return summed(between(input, rows + down, columns + right), kernel, None)


@wrong(
    NAME,
    fails="plain",
    library=True,
    helpers=(places, summed),
    hint="Which four pixels lie round the place? How much does each count?",
)
def library_grid_sample(input, offset, kernel, bias=None, stride=1, padding=0):
    """the library reads between the pixels."""
    rows, columns, down, right = places(offset, kernel, stride, padding)
    (n, c, h, w), shape = input.shape, down.shape
    y, x = rows + down, columns + right
    grid = torch.stack([(2 * x + 1) / w - 1, (2 * y + 1) / h - 1], -1).reshape(n, -1, shape[-1], 2)
    samples = F.grid_sample(input, grid, align_corners=False)
    return summed(samples.reshape(n, c, *shape[1:]), kernel, bias)
