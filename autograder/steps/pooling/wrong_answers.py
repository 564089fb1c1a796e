"""Wrong answers to pooling: one image with stride 1, and a batch with stride and padding."""

import math

import torch
import torch.nn.functional as F

from autograder.suite.known_answers import wrong

IMAGE = "pool2d"
BATCH = "pool2d_full"


def refuse_unknown(mode):
    if mode not in ("max", "avg"):
        raise ValueError("mode must be max or avg")


def windows_of(images, size, strides):
    """Map (…, H, W) to (…, OH, OW, PH, PW)."""
    return images.unfold(-2, size[0], strides[0]).unfold(-2, size[1], strides[1])


def reduced(windows, mode):
    return windows.amax((-2, -1)) if mode == "max" else windows.mean((-2, -1))


def pair(value):
    return (value, value) if isinstance(value, int) else value


def padded(X, mode, padding):
    (rows, columns), filling = pair(padding), -math.inf if mode == "max" else 0.0
    return F.pad(X, (columns, columns, rows, rows), value=filling)


def pooled(images, pool_size, mode, stride):
    size = pair(pool_size)
    return reduced(windows_of(images, size, size if stride is None else pair(stride)), mode)


ONE = (refuse_unknown, windows_of, reduced)
MANY = (*ONE, pair, padded, pooled)


@wrong(
    IMAGE,
    fails="max",
    helpers=ONE,
    hint="What is the largest number of a window that holds nothing but negative ones?",
)
def maximum_starts_at_zero(X, pool_size, mode="max"):
    """the search for the largest value starts at 0, which is larger than every negative number."""
    refuse_unknown(mode)
    output = reduced(windows_of(X, pool_size, (1, 1)), mode)
    return output.clamp(min=0) if mode == "max" else output


@wrong(IMAGE, fails="max", helpers=ONE, hint="Order the numbers of one window. Which one did you return?")
def smallest_value(X, pool_size, mode="max"):
    """each window gave its smallest value."""
    refuse_unknown(mode)
    windows = windows_of(X, pool_size, (1, 1))
    return windows.amin((2, 3)) if mode == "max" else windows.mean((2, 3))


@wrong(
    IMAGE,
    fails="rectangles",
    helpers=ONE,
    hint="Which number in pool_size comes first, the height or the width? Try a window of 1 x 3.",
)
def height_and_width_of_the_window_exchanged(X, pool_size, mode="max"):
    """height and width of the window were exchanged."""
    refuse_unknown(mode)
    return reduced(windows_of(X, (pool_size[1], pool_size[0]), (1, 1)), mode)


@wrong(
    IMAGE,
    fails="max",
    helpers=ONE,
    hint="How far does the window of this function move? And the one of the function after it?",
)
def image_moves_by_the_pool_size(X, pool_size, mode="max"):
    """the window moved by its own size, where it should move by 1."""
    refuse_unknown(mode)
    return reduced(windows_of(X, pool_size, pool_size), mode)


@wrong(
    IMAGE,
    fails="max",
    helpers=ONE,
    hint="How many places does a window of 2 have in a row of 3? How many numbers are in your row?",
)
def last_places_left_out(X, pool_size, mode="max"):
    """the output was made one row and one column too small: the window's last places were left out."""
    refuse_unknown(mode)
    return reduced(windows_of(X, pool_size, (1, 1)), mode)[:-1, :-1]


@wrong(
    IMAGE,
    fails="max",
    helpers=ONE,
    hint="Pooling has nothing to learn and nothing to locate. What is to be in the output: where, or how large?",
)
def place_of_the_maximum(X, pool_size, mode="max"):
    """each window gave the place of its largest value, not the value."""
    refuse_unknown(mode)
    windows = windows_of(X, pool_size, (1, 1)).flatten(2)
    return windows.argmax(2).to(X.dtype) if mode == "max" else windows.mean(2)


@wrong(
    IMAGE,
    fails="max",
    helpers=ONE,
    hint="Which numbers of the window did your maximum look at? There are PH times PW of them.",
)
def maximum_of_the_first_row(X, pool_size, mode="max"):
    """only the first row of each window was looked at."""
    refuse_unknown(mode)
    windows = windows_of(X, pool_size, (1, 1))
    return windows[:, :, 0].amax(2) if mode == "max" else windows.mean((2, 3))


@wrong(
    IMAGE,
    fails="average",
    helpers=ONE,
    hint="Take a window that holds the same number everywhere. What should its average be?",
)
def sum_for_the_mean(X, pool_size, mode="max"):
    """the numbers of a window were added up, but not divided by how many they are."""
    refuse_unknown(mode)
    windows = windows_of(X, pool_size, (1, 1))
    return windows.amax((2, 3)) if mode == "max" else windows.sum((2, 3))


@wrong(
    IMAGE,
    fails="rectangles",
    helpers=ONE,
    hint="How many numbers are there in a window of 2 x 3?",
)
def mean_divides_by_the_height_squared(X, pool_size, mode="max"):
    """the sum of a window was divided by the square of its height, as if every window were square."""
    refuse_unknown(mode)
    windows = windows_of(X, pool_size, (1, 1))
    return windows.amax((2, 3)) if mode == "max" else windows.sum((2, 3)) / pool_size[0] ** 2


@wrong(IMAGE, fails="average", helpers=ONE, hint="Where in your code does mode have an effect?")
def maximum_in_every_mode(X, pool_size, mode="max"):
    """the largest value was taken whatever the mode says."""
    refuse_unknown(mode)
    return reduced(windows_of(X, pool_size, (1, 1)), "max")


@wrong(
    IMAGE,
    fails="average",
    helpers=ONE,
    hint="Sort the numbers 1, 2, 3, 10. Which of them is in the middle, and what is their average?",
)
def median_for_the_mean(X, pool_size, mode="max"):
    """the number in the middle of a window was taken for its average."""
    refuse_unknown(mode)
    windows = windows_of(X, pool_size, (1, 1)).flatten(2)
    return windows.amax(2) if mode == "max" else windows.median(2).values


@wrong(
    IMAGE,
    fails="mode",
    helpers=ONE,
    hint='What does your function do when it is asked for the mode "median"?',
)
def image_mode_not_checked(X, pool_size, mode="max"):
    """a mode that is not known was not refused."""
    return reduced(windows_of(X, pool_size, (1, 1)), mode)


@wrong(
    IMAGE,
    fails="mode",
    helpers=ONE,
    hint='What does your function do when it is asked for the mode "ma"? `in` finds a part of a text, too.',
)
def image_mode_may_be_a_part_of_a_name(X, pool_size, mode="max"):
    """a mode was accepted that is only a part of a known mode's name."""
    refuse_unknown("max" if mode in "max" else "avg" if mode in "avg" else mode)
    return reduced(windows_of(X, pool_size, (1, 1)), mode)


@wrong(
    IMAGE,
    fails="arguments",
    helpers=ONE,
    hint="Print X before and after the call.",
)
def image_overwritten(X, pool_size, mode="max"):
    """the result was written into the caller's own image."""
    refuse_unknown(mode)
    output = reduced(windows_of(X, pool_size, (1, 1)), mode)
    X[0, 0] = output[0, 0] - 1
    return output


@wrong(
    IMAGE,
    fails="arguments",
    helpers=ONE,
    hint="Call it with X.T. Which of reshape and view takes a tensor that does not lie in one piece?",
)
def image_contiguous_only(X, pool_size, mode="max"):
    """the image was reshaped in a way that only works where it lies in memory row by row."""
    refuse_unknown(mode)
    return reduced(windows_of(X.view(-1).reshape(X.shape), pool_size, (1, 1)), mode)


@wrong(
    BATCH,
    fails="channels",
    helpers=MANY,
    hint="Give it two channels, one with small and one with large numbers. Can you find the small ones in the result?",
)
def maximum_over_the_channels(X, pool_size, mode="max", stride=None, padding=0):
    """the maximum was taken over all channels at once."""
    refuse_unknown(mode)
    output = pooled(padded(X, mode, padding), pool_size, mode, stride)
    return output.amax(1, keepdim=True).expand_as(output) if mode == "max" else output


@wrong(
    BATCH,
    fails="channels",
    helpers=MANY,
    hint="How many channels does the result have? Pooling keeps them apart, unlike a convolution.",
)
def channels_added_up(X, pool_size, mode="max", stride=None, padding=0):
    """the channels were added up, as a convolution does."""
    refuse_unknown(mode)
    return pooled(padded(X, mode, padding), pool_size, mode, stride).sum(1, keepdim=True)


@wrong(
    BATCH,
    fails="channels",
    helpers=MANY,
    hint="Give it two different images in one batch. Are the results different, too?",
)
def first_image_for_all(X, pool_size, mode="max", stride=None, padding=0):
    """every image of the batch got the result of the first one."""
    refuse_unknown(mode)
    return pooled(padded(X[:1].expand_as(X), mode, padding), pool_size, mode, stride)


@wrong(
    BATCH,
    fails="channels",
    helpers=MANY,
    hint="Look at the shape of the result for a batch of one image.",
)
def batch_of_one_squeezed(X, pool_size, mode="max", stride=None, padding=0):
    """a batch of one image lost its first axis."""
    refuse_unknown(mode)
    return pooled(padded(X, mode, padding), pool_size, mode, stride).squeeze(0)


@wrong(
    BATCH,
    fails="stride",
    helpers=MANY,
    hint="Which stride is meant where none is given? Read the signature in the step's text once more.",
)
def stride_1_for_none(X, pool_size, mode="max", stride=None, padding=0):
    """where no stride is given, the window moved by 1, not by its own size."""
    refuse_unknown(mode)
    return pooled(padded(X, mode, padding), pool_size, mode, 1 if stride is None else stride)


@wrong(BATCH, fails="stride", helpers=MANY, hint="Where in your code does the stride have an effect?")
def stride_always_1(X, pool_size, mode="max", stride=None, padding=0):
    """the window moved by 1, whatever the stride says."""
    refuse_unknown(mode)
    return pooled(padded(X, mode, padding), pool_size, mode, 1)


@wrong(
    BATCH,
    fails="stride",
    helpers=MANY,
    hint="Where in your code does the stride have an effect? Try 1, 2 and 3.",
)
def stride_always_the_pool_size(X, pool_size, mode="max", stride=None, padding=0):
    """the window moved by its own size, even where another stride is given."""
    refuse_unknown(mode)
    return pooled(padded(X, mode, padding), pool_size, mode, 1 if stride == 1 else None)


@wrong(
    BATCH,
    fails="stride",
    helpers=MANY,
    hint="How far does the window move to the right, and how far down?",
)
def stride_downwards_only(X, pool_size, mode="max", stride=None, padding=0):
    """the stride counts downwards only; to the right the window moved by 1."""
    refuse_unknown(mode)
    down = pair(pool_size)[0] if stride is None else pair(stride)[0]
    return pooled(padded(X, mode, padding), pool_size, mode, (down, 1))


@wrong(
    BATCH,
    fails="stride",
    helpers=MANY,
    hint="Does a window that does not fit any more still count? Is the size rounded up or down?",
)
def remainder_rows_kept(X, pool_size, mode="max", stride=None, padding=0):
    """the size of the output was rounded up, so that windows that stand out of the image count as well."""
    refuse_unknown(mode)
    images, size = padded(X, mode, padding), pair(pool_size)
    strides = size if stride is None else pair(stride)
    over = [-(images.shape[axis] - size[axis - 2]) % strides[axis - 2] for axis in (2, 3)]
    filling = -math.inf if mode == "max" else 0.0
    return pooled(F.pad(images, (0, over[1], 0, over[0]), value=filling), pool_size, mode, stride)


@wrong(
    BATCH,
    fails=("rectangles", "pairs"),
    helpers=MANY,
    hint="Try an image that is wider than tall. How many columns does the result have?",
)
def output_made_square(X, pool_size, mode="max", stride=None, padding=0):
    """the output has at most as many columns as rows, as if every image were square."""
    refuse_unknown(mode)
    output = pooled(padded(X, mode, padding), pool_size, mode, stride)
    return output[:, :, :, : output.shape[2]]


@wrong(
    BATCH,
    fails="max_padding",
    helpers=MANY,
    hint="Pool an image of negative numbers. Which number must the padding never beat?",
)
def zeros_around_the_maximum(X, pool_size, mode="max", stride=None, padding=0):
    """the image was padded with 0 for the maximum, and 0 is larger than every negative number."""
    refuse_unknown(mode)
    return pooled(padded(X, "avg", padding), pool_size, mode, stride)


@wrong(
    BATCH,
    fails="max_padding",
    helpers=MANY,
    hint="Pool an image in which 0 is the largest number. Which zeros are the padding's, and which the image's?",
)
def every_zero_taken_for_padding(X, pool_size, mode="max", stride=None, padding=0):
    """for the maximum every zero was made minus infinity, those of the image as well as those of the padding."""
    refuse_unknown(mode)
    images = padded(X, "avg", padding)
    return pooled(images.masked_fill(images == 0, -math.inf) if mode == "max" else images, pool_size, mode, stride)


@wrong(
    BATCH,
    fails=("max_padding", "average_padding"),
    helpers=MANY,
    hint="Where in your code does the padding have an effect?",
)
def padding_ignored(X, pool_size, mode="max", stride=None, padding=0):
    """the padding is taken as an argument and then never used."""
    refuse_unknown(mode)
    return pooled(X, pool_size, mode, stride)


@wrong(
    BATCH,
    fails="average_padding",
    helpers=MANY,
    hint="By how many numbers is a window at the edge divided, if half of it lies on the padding?",
)
def padding_left_out_of_the_mean(X, pool_size, mode="max", stride=None, padding=0):
    """the average at the edge was taken over the image's own numbers, without counting the padding."""
    refuse_unknown(mode)
    output = pooled(padded(X, mode, padding), pool_size, mode, stride)
    if mode == "max":
        return output
    return output / pooled(padded(torch.ones_like(X), mode, padding), pool_size, mode, stride)


@wrong(
    BATCH,
    fails="average_padding",
    helpers=MANY,
    hint="What is the average of 4 and minus infinity? Do both modes need the same padding?",
)
def minus_infinity_around_the_mean(X, pool_size, mode="max", stride=None, padding=0):
    """the image was padded with minus infinity for the average, too."""
    refuse_unknown(mode)
    return pooled(padded(X, "max", padding), pool_size, mode, stride)


@wrong(
    BATCH,
    fails=("max_padding", "average_padding"),
    helpers=MANY,
    hint="Draw the padded image. On how many of its sides is there padding?",
)
def padding_at_the_end_only(X, pool_size, mode="max", stride=None, padding=0):
    """all the padding was put below and to the right, none of it above and to the left."""
    refuse_unknown(mode)
    (rows, columns), filling = pair(padding), -math.inf if mode == "max" else 0.0
    return pooled(F.pad(X, (0, 2 * columns, 0, 2 * rows), value=filling), pool_size, mode, stride)


@wrong(
    BATCH,
    fails="pairs",
    helpers=MANY,
    hint="Call it with pool_size=(2, 3). What do you do with a pair?",
)
def numbers_only(X, pool_size, mode="max", stride=None, padding=0):
    """a pair as pool size was not understood, only a number."""
    refuse_unknown(mode)
    return pooled(padded(X, mode, padding), (int(pool_size), int(pool_size)), mode, stride)


@wrong(
    BATCH,
    fails="pairs",
    helpers=MANY,
    hint="In the padding of F.pad, which axis do the first two numbers belong to?",
)
def pair_of_the_padding_exchanged(X, pool_size, mode="max", stride=None, padding=0):
    """of a pair as padding, the height's number went to the width, and the other way round."""
    refuse_unknown(mode)
    return pooled(padded(X, mode, pair(padding)[::-1]), pool_size, mode, stride)


@wrong(
    BATCH,
    fails="pairs",
    helpers=MANY,
    hint="Try stride=(1, 2). In which direction should the window move by 2?",
)
def pair_of_the_stride_exchanged(X, pool_size, mode="max", stride=None, padding=0):
    """of a pair as stride, the height's number went to the width, and the other way round."""
    refuse_unknown(mode)
    strides = None if stride is None else pair(stride)[::-1]
    return pooled(padded(X, mode, padding), pool_size, mode, strides)


@wrong(
    BATCH,
    fails="pairs",
    helpers=MANY,
    hint="Try pool_size=(2, 3) without a stride. How far should the window move in each direction?",
)
def stride_from_the_height_of_the_window(X, pool_size, mode="max", stride=None, padding=0):
    """where no stride is given, the window moved by its height in both directions."""
    refuse_unknown(mode)
    return pooled(padded(X, mode, padding), pool_size, mode, pair(pool_size)[0] if stride is None else stride)


@wrong(
    BATCH,
    fails="mode",
    helpers=MANY,
    hint='What does your function do when it is asked for the mode "median"?',
)
def batch_mode_not_checked(X, pool_size, mode="max", stride=None, padding=0):
    """a mode that is not known was not refused."""
    return pooled(padded(X, mode, padding), pool_size, mode, stride)


@wrong(
    BATCH,
    fails="mode",
    helpers=MANY,
    hint="Which kind of error does the step ask for?",
)
def another_error_for_a_wrong_mode(X, pool_size, mode="max", stride=None, padding=0):
    """a mode that is not known was refused with an error of another kind."""
    known = {"max": "max", "avg": "avg"}[mode]
    return pooled(padded(X, known, padding), pool_size, known, stride)


@wrong(
    BATCH,
    fails="mode",
    helpers=MANY,
    hint='What does your function do when it is asked for the mode "Max"?',
)
def batch_mode_in_any_case(X, pool_size, mode="max", stride=None, padding=0):
    """a mode was accepted that is spelled with capital letters."""
    refuse_unknown(mode.lower())
    return pooled(padded(X, mode.lower(), padding), pool_size, mode.lower(), stride)


@wrong(
    BATCH,
    fails="arguments",
    helpers=MANY,
    hint='Print X before and after a call with the mode "avg". Which operators change the tensor on their left?',
)
def batch_divided_for_the_mean(X, pool_size, mode="max", stride=None, padding=0):
    """the caller's own batch was divided for the mean."""
    refuse_unknown(mode)
    height, width = pair(pool_size)
    if mode == "avg":
        X /= height * width
    output = pooled(padded(X, mode, padding), pool_size, mode, stride)
    return output * (height * width) if mode == "avg" else output


@wrong(BATCH, fails="arguments", helpers=MANY, hint="Print X before and after the call.")
def batch_overwritten(X, pool_size, mode="max", stride=None, padding=0):
    """the caller's own batch was set to zero at the end."""
    refuse_unknown(mode)
    output = pooled(padded(X, mode, padding), pool_size, mode, stride)
    X.zero_()
    return output


@wrong(
    BATCH,
    fails="arguments",
    helpers=MANY,
    hint="Call it with X.transpose(2, 3). Which of reshape and view takes a tensor that does not lie in one piece?",
)
def batch_contiguous_only(X, pool_size, mode="max", stride=None, padding=0):
    """the batch was reshaped in a way that only works where it lies in memory in one piece."""
    refuse_unknown(mode)
    return pooled(padded(X.view(-1).reshape(X.shape), mode, padding), pool_size, mode, stride)


@wrong(IMAGE, fails="max", helpers=ONE, hint="Where in your code does the mode have an effect?")
def mean_in_every_mode(X, pool_size, mode="max"):
    """the mean was taken whatever the mode says."""
    refuse_unknown(mode)
    return windows_of(X, pool_size, (1, 1)).mean((2, 3))


@wrong(
    IMAGE,
    fails="max",
    helpers=ONE,
    hint="How often does the loop turn before the function ends? Look at the indentation of your last line.",
)
def return_inside_the_loop(X, pool_size, mode="max"):
    """the return stands inside the loop, so that only the first output was computed."""
    refuse_unknown(mode)
    found = reduced(windows_of(X, pool_size, (1, 1)), mode)
    output = torch.zeros(*found.shape)
    output[0, 0] = found[0, 0]
    return output


@wrong(
    IMAGE,
    fails="rectangles",
    helpers=ONE,
    hint="Try a window of 2 x 3. Which of its sides does your code read, and how often?",
)
def square_windows_only(X, pool_size, mode="max"):
    """the window's height was taken for its width, too."""
    refuse_unknown(mode)
    return reduced(windows_of(X, (pool_size[0], pool_size[0]), (1, 1)), mode)


@wrong(BATCH, fails="channels", helpers=MANY, hint="Where in your code does the mode have an effect?")
def batch_mean_in_every_mode(X, pool_size, mode="max", stride=None, padding=0):
    """the mean was taken whatever the mode says."""
    refuse_unknown(mode)
    return pooled(padded(X, mode, padding), pool_size, "avg", stride)


@wrong(BATCH, fails="channels", helpers=MANY, hint="Where in your code does the mode have an effect?")
def batch_maximum_in_every_mode(X, pool_size, mode="max", stride=None, padding=0):
    """the largest value was taken whatever the mode says."""
    refuse_unknown(mode)
    return pooled(padded(X, mode, padding), pool_size, "max", stride)


@wrong(
    BATCH,
    fails="channels",
    helpers=MANY,
    hint="Print (4 - 2) / 1 and (4 - 2) // 1. Which of the two can be the size of a tensor?",
)
def divided_into_fractions(X, pool_size, mode="max", stride=None, padding=0):
    """the output size is a number with a fraction, because / was used where // belongs."""
    refuse_unknown(mode)
    images, size = padded(X, mode, padding), pair(pool_size)
    strides = size if stride is None else pair(stride)
    oh, ow = ((images.shape[axis + 2] - size[axis]) / strides[axis] + 1 for axis in (0, 1))
    output = torch.zeros(*X.shape[:2], oh, ow)
    output[:] = pooled(images, pool_size, mode, stride)
    return output


@wrong(
    BATCH,
    fails="channels",
    helpers=MANY,
    hint="What does [padding:-padding] cut out where padding is 0? Print such a slice.",
)
def empty_slice_without_padding(X, pool_size, mode="max", stride=None, padding=0):
    """the batch was laid into its padding by the slice [padding:-padding], which is empty where the padding is 0."""
    refuse_unknown(mode)
    n, c, h, w = X.shape
    rows, columns = pair(padding)
    images = torch.full((n, c, h + 2 * rows, w + 2 * columns), -math.inf if mode == "max" else 0.0)
    images[:, :, rows:-rows, columns:-columns] = X
    return pooled(images, pool_size, mode, stride)


@wrong(
    BATCH,
    fails="stride",
    helpers=MANY,
    hint="For stride 2, where does the second window begin? Print top and left of every window.",
)
def position_without_the_stride(X, pool_size, mode="max", stride=None, padding=0):
    """the windows begin at their number, not at their number times the stride."""
    refuse_unknown(mode)
    images = padded(X, mode, padding)
    oh, ow = pooled(images, pool_size, mode, stride).shape[2:]
    return pooled(images, pool_size, mode, 1)[:, :, :oh, :ow]


@wrong(
    BATCH,
    fails="pairs",
    helpers=MANY,
    hint="Try pool_size=(2, 3). Which of its numbers does your code read, and how often?",
)
def height_of_the_window_for_both(X, pool_size, mode="max", stride=None, padding=0):
    """of a pair as pool size, the height was taken for the width, too."""
    refuse_unknown(mode)
    side = pair(pool_size)[0]
    return pooled(padded(X, mode, padding), side, mode, pair(pool_size) if stride is None else stride)


@wrong(
    BATCH,
    fails="channels",
    helpers=(refuse_unknown,),
    library=True,
    hint="Write the windows yourself: the library function is what you are to rebuild.",
)
def library_pooling(X, pool_size, mode="max", stride=None, padding=0):
    """the library's own pooling was called."""
    refuse_unknown(mode)
    return (F.max_pool2d if mode == "max" else F.avg_pool2d)(X, pool_size, stride, padding)
