"""separable: a depthwise convolution (C, 1, KH, KW), then a pointwise one (F, C, 1, 1), over a batch (N, C, H, W)."""

from dataclasses import replace

from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, NUMBERS, ONE_OR_MANY, SHAPES, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, agree_on_integer, leaves_arguments
from autograder.suite.draw import Draw
from autograder.suite.references import conv2d, depthwise, separable, separable_parameter_count
from autograder.suite.spaces import rectangles


def depthwise_arguments(draw: Draw) -> dict:
    """Return the arguments of one depthwise convolution, as the row of options says."""
    images, channels, _ = draw.counts()
    kernel_size = draw.kernel_size(high=3)
    stride, padding = draw.row["stride"], draw.row["padding"]
    return {
        "input": draw.tensor(images, channels, *draw.input_size(kernel_size, stride, padding)),
        "kernel": draw.tensor(channels, 1, *kernel_size),
        "stride": stride,
        "padding": padding,
    }


def pointwise_arguments(draw: Draw) -> dict:
    """Return the arguments of one pointwise convolution."""
    images, channels, filters = draw.counts()
    size = draw.pair(draw.row["input_shape"], 1, 4)
    return {"input": draw.tensor(images, channels, *size), "kernel": draw.tensor(filters, channels, 1, 1)}


def separable_arguments(draw: Draw) -> dict:
    """Return the arguments of one call that runs both in turn."""
    filters = draw.counts()[2]
    first = depthwise_arguments(draw)
    channels = first["input"].shape[1]
    if draw.row["filters"] == "same":
        filters = channels
    elif filters > 1 and filters == channels:
        filters += 1
    return {
        "input": first["input"],
        "depthwise": first["kernel"],
        "pointwise": draw.tensor(filters, channels, 1, 1),
        "stride": first["stride"],
        "padding": first["padding"],
    }


def count_arguments(draw: Draw) -> dict:
    """Return numbers of channels, and a kernel size, which is not square where it is a pair."""
    pair = draw.row["kernel_size"] == "pair"
    return {
        "in_channels": draw.integer(2, 9),
        "out_channels": draw.integer(1, 9),
        "kernel_size": draw.pair(draw.choice(("tall", "wide")), 1, 5)
        if pair
        else draw.row.get("side") or draw.integer(2, 5),
    }


DEPTHWISE = Space(
    function="depthwise_conv2d",
    arguments=depthwise_arguments,
    reference=depthwise,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "stride": (1, 2, 3),
        "padding": (0, 1, 2),
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        "remainder": (False, True),
        "numbers": NUMBERS,
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    defaults={"stride": 1, "padding": 0},
    window=windows.depthwise,
)
POINTWISE = Space(
    function="pointwise_conv2d",
    arguments=pointwise_arguments,
    reference=conv2d,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "filters": ONE_OR_MANY,
        "input_shape": SHAPES,
        "numbers": NUMBERS,
        "layout": ("contiguous",),
    },
    window=windows.convolution,
)
BOTH = replace(
    DEPTHWISE,
    function="depthwise_separable_conv2d",
    arguments=separable_arguments,
    reference=separable,
    axes={"filters": ONE_OR_MANY, **DEPTHWISE.axes},
    positional=("input", "depthwise", "pointwise"),
    window=None,
)
COUNT = Space(
    function="separable_parameter_count",
    arguments=count_arguments,
    reference=separable_parameter_count,
    axes={"kernel_size": ("number", "pair")},
    positional=("in_channels", "out_channels", "kernel_size"),
)
SQUARE = {"input_shape": "square", "kernel_shape": "square"}
PLAIN = {"stride": 1, "padding": 0, "remainder": False}


@check(
    points=1,
    cases=DEPTHWISE.where(**PLAIN, **SQUARE).plus(
        {"kernel_size": (1, 1)},
        {"kernel_size": (2, 2), "input_size": (3, 3), "channels": "many"},
    ),
)
def test_depthwise(learner, case):
    """convolves every channel with a kernel of its own"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_depthwise,
    cases=DEPTHWISE.where(**SQUARE).plus(
        {"stride": 3, "kernel_size": (2, 2), "input_size": (4, 4)},
        {"padding": 1, "kernel_size": (3, 3), "input_size": (1, 1)},
        {"padding": 1, "kernel_size": (2, 2), "input_size": (2, 2)},
    ),
)
def test_options(learner, case):
    """moves each channel's kernel by the stride, over zeros as padding"""
    agree(learner.call(case), case.expected)


@check(points=2, cases=POINTWISE)
def test_pointwise(learner, case):
    """mixes the channels at every pixel"""
    agree(learner.call(case), case.expected)


# A function that calls the learner's own two functions is as right as they are.
@check(
    points=2,
    after=(test_depthwise, test_pointwise),
    cases=BOTH.where(**PLAIN, **SQUARE).plus(
        # As many channels after the mixing as before; and an output with the input's shape.
        {"channels": "many", "filters": "same"},
        {"channels": "many", "filters": "same", "kernel_size": (1, 1), "input_size": (2, 2)},
    ),
)
def test_separable(learner, case):
    """convolves each channel, then mixes them"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=(test_depthwise, test_separable),
    cases=tuple(rectangles(space.where(**PLAIN)) for space in (DEPTHWISE, BOTH)),
)
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(points=1, after=(test_options, test_separable, test_rectangles), cases=BOTH)
def test_separable_options(learner, case):
    """gives stride and padding to the depthwise part only"""
    agree(learner.call(case), case.expected)


@check(points=1, cases=COUNT.plus({"side": 1}))
def test_count(learner, case):
    """counts the numbers of both parts"""
    agree_on_integer(learner.call(case), case.expected)


@check(
    points=1,
    after=(test_depthwise, test_pointwise, test_separable),
    cases=(
        DEPTHWISE.where(**PLAIN, **SQUARE, layout=[*LAYOUTS]).plus({"kernel_size": (1, 1), "channels": "many"}),
        POINTWISE.where(layout=[*LAYOUTS]),
        BOTH.where(**PLAIN, **SQUARE, layout=[*LAYOUTS]),
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    leaves_arguments(learner, case)
