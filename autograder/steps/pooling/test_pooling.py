"""pooling: pool2d on one image (H, W) with stride 1; pool2d_full on a batch (N, C, H, W), with stride and padding."""

from dataclasses import replace

import torch

from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, NUMBERS, ONE_OR_MANY, SHAPES, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, raises, unchanged
from autograder.suite.draw import Draw, both
from autograder.suite.references import pool2d, pool2d_single, refusal
from autograder.suite.spaces import rectangles

FORBIDS = ("convolution", "pooling")
MODES = ("max", "avg")
SIGNS = ("negative", "positive", "mixed")
# Padding with -100, or -1e9, instead of minus infinity is right until the numbers are smaller than that.
HUGE = 1e30


def image_arguments(draw: Draw) -> dict:
    """Return the arguments of one call of pool2d, as the row of options says."""
    pool_size = draw.kernel_size(high=3)
    return {"X": numbers(draw, *draw.input_size(pool_size)), "pool_size": pool_size, "mode": draw.row["mode"]}


def batch_arguments(draw: Draw) -> dict:
    """Return the arguments of one call of pool2d_full, as the row of options says."""
    images, channels, _ = draw.counts()
    padding = draw.row["padding"]
    # PyTorch allows a padding of at most half the window.
    smallest = {0: 2, 1: 2, 2: 4, "pair": 2, "width": 2, "height": 2}[padding]
    pool_size = draw.row.get("window") or draw.integer(smallest, smallest + 1)
    if draw.row["pool_size"] == "pair":
        pool_size = draw.pair(draw.choice(("tall", "wide")), smallest, smallest + 2)
    if padding == "pair":
        rows, columns = (range(size // 2 + 1) for size in both(pool_size))
        padding = draw.choice([(above, left) for above in rows for left in columns if above != left])
    # A pair that pads one axis only: code that looks at the other one only pads neither.
    padding = {"width": (0, 1), "height": (1, 0)}.get(padding, padding)
    stride = draw.row["stride"]
    if stride == "pair":
        stride = draw.pair(draw.choice(("tall", "wide")), 1, 3)
    size = draw.input_size(both(pool_size), pool_size if stride is None else stride, padding)
    return {
        "X": numbers(draw, images, channels, *size),
        "pool_size": pool_size,
        "mode": draw.row["mode"],
        "stride": stride,
        "padding": padding,
    }


def numbers(draw: Draw, *shape: int) -> torch.Tensor:
    """Return distinct numbers with the signs that the row names; "up to 0" means negative numbers and a zero."""
    drawn = draw.tensor(*shape)
    away = drawn.abs().max() + 1
    signed = {"mixed": drawn, "negative": drawn - away, "positive": drawn + away, "up to 0": drawn - drawn.max()}
    return signed["negative"] * HUGE if draw.row["signs"] == "huge" else signed[draw.row["signs"]]


IMAGE = Space(
    function="pool2d",
    arguments=image_arguments,
    reference=pool2d_single,
    axes={
        "mode": MODES,
        "signs": SIGNS,
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        "numbers": NUMBERS,
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    positional=("X", "pool_size"),
    defaults={"mode": "max"},
    window=windows.pooling,
)
SQUARE = IMAGE.where(input_shape="square", kernel_shape="square")
BATCH = Space(
    function="pool2d_full",
    arguments=batch_arguments,
    reference=pool2d,
    axes={
        "mode": MODES,
        "signs": SIGNS,
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "pool_size": ("number", "pair"),
        "stride": (1, 2, 3, None, "pair"),
        "padding": (0, 1, 2, "pair"),
        "input_shape": SHAPES,
        "remainder": (False, True),
        "numbers": NUMBERS,
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    positional=("X", "pool_size"),
    defaults={"mode": "max", "stride": None, "padding": 0},
    window=windows.pooling,
)
# A number as pool size, stride 1 and no padding: every other option has a check of its own.
PLAIN = BATCH.where(pool_size="number", stride=1, padding=0, input_shape="square", remainder=False)


@check(
    points=1,
    cases=SQUARE.where(mode="max").plus(
        {"kernel_size": (1, 1), "input_size": (2, 2)},
        {"kernel_size": (2, 2), "input_size": (3, 3)},
        {"kernel_size": (3, 3), "input_size": (3, 3)},
    ),
)
def test_max(learner, case):
    """takes the largest value of each window"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_max,
    cases=SQUARE.where(mode="avg").plus(
        {"kernel_size": (2, 2), "input_size": (3, 3)},
        {"kernel_size": (3, 3), "input_size": (3, 3)},
    ),
)
def test_average(learner, case):
    """takes the mean of each window"""
    agree(learner.call(case), case.expected)


@check(points=1, cases=PLAIN)
def test_channels(learner, case):
    """pools every channel by itself"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=(test_average, test_channels),
    cases=(
        rectangles(IMAGE).plus({"kernel_size": (2, 3), "input_size": (2, 3)}),
        PLAIN.where(input_shape=["tall", "wide"]).plus({"window": 2, "input_size": (3, 4)}),
    ),
)
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_channels,
    cases=PLAIN.where(stride=[2, 3, None], remainder=[False, True]).plus(
        # Another stride than the window's size.
        {"stride": 3, "window": 2, "input_size": (5, 5)},
    ),
)
def test_stride(learner, case):
    """moves by the stride, by default the pool size"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_channels,
    cases=PLAIN.where(mode="max", padding=[1, 2], signs=["negative", "mixed"]).plus(
        {"signs": "huge", "padding": 1},
        {"signs": "up to 0", "padding": 1},
    ),
)
def test_max_padding(learner, case):
    """pads with minus infinity for the maximum"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_channels, cases=PLAIN.where(mode="avg", padding=[1, 2], signs=["negative", "positive"]))
def test_average_padding(learner, case):
    """counts the padding in the average"""
    agree(learner.call(case), case.expected)


ONE_AXIS = ({"padding": "width"}, {"padding": "height"})


@check(points=1, after=(test_stride, test_max_padding, test_average_padding), cases=BATCH.plus(*ONE_AXIS))
def test_pairs(learner, case):
    """takes a pair for height and width"""
    agree(learner.call(case), case.expected)


UNKNOWN = ("mean", "min", "median", "ma", "Max")


@check(
    points=1,
    after=(test_max, test_channels),
    cases=(
        replace(SQUARE, reference=refusal).where(mode=[*UNKNOWN], signs="mixed", spelled="all"),
        replace(PLAIN, reference=refusal).where(mode=[*UNKNOWN], signs="mixed", spelled="all"),
    ),
)
def test_mode(learner, case):
    """refuses an unknown mode"""
    raises(lambda: learner.call(case), ("ValueError",))


@check(
    points=1,
    after=(test_max, test_channels),
    cases=(
        SQUARE.where(layout=[*LAYOUTS]),
        PLAIN.where(layout=[*LAYOUTS]),
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    answer = learner.call(case, after=True)
    unchanged(answer, case.arguments)
    # Another check tests the mean: a wrong mean has lost its points there.
    if case.arguments.get("mode") != "avg":
        agree(answer, case.expected)
