"""conv1d: kernels (F, C, K) over a batch of signals (N, C, L), by way of 2-D convolution."""

from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, NUMBERS, ONE_OR_MANY, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, leaves_arguments
from autograder.suite.draw import Draw
from autograder.suite.references import conv1d
from autograder.suite.spaces import bias_of_batch

# This step is to be done with 2-D convolution.
FORBIDS = ("convolution_1d",)


def arguments(draw: Draw) -> dict:
    """Return the arguments of one call, as the row of options says."""
    images, channels, filters = draw.counts()
    stride, padding = draw.row["stride"], draw.row["padding"]
    kernel_length, length = draw.row.get("lengths") or lengths(draw, stride, padding)
    return {
        "input": draw.tensor(images, channels, length),
        "kernel": draw.tensor(filters, channels, kernel_length),
        "bias": bias_of_batch(draw, filters),
        "stride": stride,
        "padding": padding,
    }


def lengths(draw: Draw, stride: int, padding: int) -> tuple[int, int]:
    """Return K and an L that it fits. Where the row's remainder is true, the stride does not reach the end."""
    kernel, outputs = draw.integer(1, 4), draw.integer(2, 5)
    over = draw.integer(1, stride - 1) if draw.row["remainder"] and stride > 1 else 0
    return kernel, max(1, (outputs - 1) * stride + kernel + over - 2 * padding)


SPACE = Space(
    function="conv1d_by_conv2d",
    arguments=arguments,
    reference=conv1d,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "filters": ONE_OR_MANY,
        "bias": ("given", "none", "omitted"),
        "stride": (1, 2, 3),
        "padding": (0, 1, 2),
        "remainder": (False, True),
        "numbers": NUMBERS,
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    defaults={"bias": None, "stride": 1, "padding": 0},
    window=windows.line,
)
SINGLE = SPACE.where(images="one", channels="one", filters="one", bias="zeros", stride=1, padding=0, remainder=False)


@check(points=2, cases=SINGLE.plus({"lengths": (1, 3)}, {"lengths": (3, 3)}, {"lengths": (3, 5)}))
def test_single(learner, case):
    """convolves one signal with one kernel"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_single, cases=SINGLE.where(channels="many"))
def test_channels(learner, case):
    """sums over the input channels"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_single, cases=SINGLE.where(filters="many"))
def test_filters(learner, case):
    """gives one output channel for each kernel"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_filters, cases=SINGLE.where(images="many", filters=["one", "many"]))
def test_batch(learner, case):
    """treats each signal of the batch by itself"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_filters, cases=SINGLE.where(filters="many", bias=["given", "none", "omitted"]))
def test_bias(learner, case):
    """adds each output channel's bias once"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_single,
    cases=SINGLE.where(stride=[2, 3], remainder=[False, True]).plus({"stride": 3, "lengths": (2, 4)}),
)
def test_stride(learner, case):
    """moves by the stride"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_single, cases=SINGLE.where(padding=[1, 2]).plus({"padding": 1, "lengths": (3, 1)}))
def test_padding(learner, case):
    """pads the length only"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=(test_channels, test_filters, test_batch, test_bias, test_stride, test_padding),
    cases=SPACE,
)
def test_together(learner, case):
    """combines all options"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_single, cases=SINGLE.where(layout=[*LAYOUTS]))
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    leaves_arguments(learner, case)
