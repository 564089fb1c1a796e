"""deformable: kernels (F, C, KH, KW) over a batch (N, C, H, W), each number of a window moved by its own offset."""

import torch

from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, ONE_OR_MANY, SHAPES, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, leaves_arguments
from autograder.suite.draw import Draw
from autograder.suite.references import deformable_conv2d
from autograder.suite.spaces import bias_of_batch, rectangles

FORBIDS = ("convolution", "grid_sample")
# How far the numbers of a window move: not at all, by whole or quarter pixels within the image, or anywhere.
MOVES = ("none", "whole", "between", "anywhere")
FAR = ("far down", "far to the right")


def arguments(draw: Draw) -> dict:
    """Return the arguments of one call, as the row of options says."""
    images, channels, filters = draw.counts()
    kernel_size = draw.kernel_size(high=3)
    stride, padding = draw.row["stride"], draw.row["padding"]
    size = draw.input_size(kernel_size, stride, padding)
    outputs = [(side + 2 * padding - k) // stride + 1 for side, k in zip(size, kernel_size, strict=True)]
    return {
        "input": draw.tensor(images, channels, *size),
        "offset": offsets(draw, images, size, kernel_size, outputs),
        "kernel": draw.tensor(filters, channels, *kernel_size),
        "bias": bias_of_batch(draw, filters),
        "stride": stride,
        "padding": padding,
    }


def offsets(draw: Draw, images: int, size, kernel_size, outputs) -> torch.Tensor:
    """Return offsets (N, 2·KH·KW, OH, OW), as the row's moves say. All but "anywhere" need stride 1 and no padding."""
    drawn = (draw.tensor(images, *kernel_size, 2, *outputs) * 1000).round()
    # The remainders run through all values, for whole numbers as for thousandths.
    moves = {
        "none": torch.zeros_like(drawn),
        "whole": drawn % 3 - 1,
        "between": (drawn % 13 - 6) / 4,
        "anywhere": (drawn % 23 - 11) / 4,
        **{way: torch.zeros_like(drawn) for way in (*FAR, "upside down")},
    }[draw.row["moves"]]
    i, j, k, l = torch.meshgrid(*map(torch.arange, (*kernel_size, *outputs)), indexing="ij")  # noqa: E741
    if draw.row["moves"] in ("whole", "between"):
        for axis, place in enumerate((i + k, j + l)):
            moves[:, :, :, axis] = (moves[:, :, :, axis] + place).clamp(0, size[axis] - 1) - place
    for axis, place in enumerate((i + k, j + l)):
        if draw.row["moves"] == FAR[axis]:
            # Each output looks one pixel further beyond the edge, so one would see an image that starts again there.
            moves[:, :, :, axis] = size[axis] + k * outputs[1] + l - place
    if draw.row["moves"] == "upside down":
        # As far down as up: the sum of all moves is 0.
        moves[:, :, :, 0] = size[0] - 1 - 2 * (i + k)
    return moves.flatten(1, 3)


SPACE = Space(
    function="deformable_conv2d",
    arguments=arguments,
    reference=deformable_conv2d,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "filters": ONE_OR_MANY,
        "moves": MOVES,
        "bias": ("given", "none", "omitted"),
        "stride": (1, 2),
        "padding": (0, 1),
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        "numbers": ("reals",),
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    positional=("input", "offset", "kernel"),
    defaults={"bias": None, "stride": 1, "padding": 0},
    window=windows.deformable,
)
PLAIN = SPACE.where(bias="omitted", stride=1, padding=0, spelled="needed", input_shape="square", kernel_shape="square")
SINGLE = PLAIN.where(images="one", channels="one", filters="one")


@check(points=1, cases=SINGLE.where(moves="none").plus({"kernel_size": (1, 1)}))
def test_plain(learner, case):
    """is the plain convolution where nothing moves"""
    agree(learner.call(case), case.expected)


@check(
    points=2,
    after=test_plain,
    cases=SINGLE.where(moves="whole").plus(
        {"kernel_size": (2, 2)},
        {"moves": "upside down", "kernel_size": (1, 1), "input_size": (2, 2)},
    ),
)
def test_moves(learner, case):
    """moves each number of the window by an offset of its own"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_moves, cases=rectangles(SINGLE.where(moves=["none", "whole"])))
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(points=2, after=test_moves, cases=SINGLE.where(moves="between").plus({"kernel_size": (1, 1)}))
def test_between(learner, case):
    """reads between the pixels"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_between,
    cases=SINGLE.where(moves="anywhere").plus(
        {"kernel_size": (1, 1)},
        *({"moves": far, "kernel_size": (1, 1), "input_size": (4, 4)} for far in FAR),
    ),
)
def test_outside(learner, case):
    """reads zeros outside the image"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_between, cases=PLAIN.where(moves=["between", "whole"]))
def test_batch(learner, case):
    """keeps images, channels and filters apart"""
    agree(learner.call(case), case.expected)


@check(points=1, after=(test_rectangles, test_outside, test_batch), cases=SPACE.where(moves="anywhere"))
def test_options(learner, case):
    """combines stride, padding and bias"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_plain,
    cases=SINGLE.where(moves="none", layout=[*LAYOUTS]).plus(
        {"stride": 2, "kernel_size": (2, 2), "input_size": (4, 4)},
        {"padding": 1, "kernel_size": (2, 2), "input_size": (2, 2)},
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    # Other checks test stride and padding: a mistake with them has lost its points there.
    leaves_arguments(learner, case, must_return=(case.row["stride"], case.row["padding"]) == (1, 0))
