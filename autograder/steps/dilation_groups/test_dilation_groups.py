"""dilation_groups: every option of F.conv2d; input (N, C, H, W), kernel (F, C / groups, KH, KW)."""

from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, NUMBERS, ONE_OR_MANY, SHAPES, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, leaves_arguments, raises
from autograder.suite.draw import Draw, Row
from autograder.suite.references import conv2d, refusal
from autograder.suite.spaces import bias_of_batch, rectangles

REFUSALS = ("ValueError", "AssertionError")


def arguments(draw: Draw) -> dict:
    """Return the arguments of one call, as the row of options says."""
    images, channels, filters, groups = counts(draw)
    kernel_size = draw.kernel_size(high=3)
    stride, padding, dilation = (draw.row[name] for name in ("stride", "padding", "dilation"))
    return {
        "input": draw.tensor(images, channels, *draw.input_size(kernel_size, stride, padding, dilation)),
        "kernel": draw.tensor(filters, channels // groups, *kernel_size),
        "bias": bias_of_batch(draw, filters),
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
    }


def counts(draw: Draw) -> tuple[int, int, int, int]:
    """Return N, C, F and the groups. With groups, "channels" and "filters" are those of one group: one, or 2 and 3."""
    images, channels, filters = draw.counts()
    groups = draw.row["groups"]
    if groups == "depthwise":
        groups, channels, filters = draw.choice((2, 3)), 1, 1 if filters == 1 else 2
    elif groups > 1 and channels > 1 and filters > 1:
        channels, filters = draw.choice(((2, 3), (3, 2)))
    elif groups > 1:
        channels, filters = min(channels, 3), min(filters, 3)
    return images, groups * channels, groups * filters, groups


def fits(row: Row) -> bool:
    """Return whether a row makes sense: in a depthwise convolution, a group has one channel."""
    return row["groups"] != "depthwise" or row["channels"] == "one"


SPACE = Space(
    function="matrix_multiplication_for_conv2d_final",
    arguments=arguments,
    reference=conv2d,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "filters": ONE_OR_MANY,
        "bias": ("given", "none", "omitted"),
        "stride": (1, 2, 3),
        "padding": (0, 1, 2),
        "dilation": (1, 2, 3),
        "groups": (1, 2, 3, "depthwise"),
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        "remainder": (False, True),
        "numbers": NUMBERS,
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    defaults={"bias": None, "stride": 1, "padding": 0, "dilation": 1, "groups": 1},
    fits=fits,
    window=windows.convolution,
)
SQUARE = SPACE.where(bias="zeros", dilation=1, groups=1, input_shape="square", kernel_shape="square")
SIMPLE = SQUARE.where(images="one", channels="one", filters="one", stride=1, padding=0, remainder=False)


@check(points=1, cases=SQUARE.plus({"kernel_size": (1, 1)}, {"kernel_size": (3, 3), "input_size": (3, 3)}))
def test_plain(learner, case):
    """does all that the full convolution does"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_plain, cases=rectangles(SIMPLE))
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_plain,
    cases=SIMPLE.where(dilation=[2, 3]).plus(
        {"dilation": 3, "kernel_size": (3, 3), "input_size": (7, 7)},
        {"dilation": 2, "kernel_size": (3, 3), "input_size": (7, 7)},
        {"dilation": 3, "kernel_size": (1, 1), "input_size": (2, 2)},
    ),
)
def test_dilation(learner, case):
    """spreads the kernel by the dilation"""
    agree(learner.call(case), case.expected)


@check(points=2, after=test_plain, cases=SIMPLE.where(groups=[2, 3], channels="many", filters=["one", "many"]))
def test_groups(learner, case):
    """keeps the groups apart"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_groups, cases=SIMPLE.where(groups="depthwise", filters=["one", "many"]))
def test_depthwise(learner, case):
    """convolves every channel by itself when groups = C"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_groups,
    cases=SIMPLE.where(groups=[1, 2], channels="many", filters="many", bias=["given", "none", "omitted"]).plus(
        {"groups": 2, "numbers": "zeros"},
    ),
)
def test_bias(learner, case):
    """adds each output channel's bias once"""
    agree(learner.call(case), case.expected)


# C, F and groups; the kernel has the C // groups channels of a group. Code that ignores the remainder does not notice
# anything wrong with such a call: it only leaves channels out.
INDIVISIBLE = ((3, 2, 2), (5, 4, 2), (4, 3, 3), (2, 3, 2), (4, 5, 2), (3, 4, 3), (3, 5, 2), (2, 4, 4))


def indivisible(draw: Draw) -> dict:
    """Return a call whose groups do not divide C, or do not divide F."""
    channels, filters, groups = draw.row["counts"]
    side = draw.integer(2, 3)
    return {
        "input": draw.tensor(1, channels, side, side),
        "kernel": draw.tensor(filters, max(1, channels // groups), 2, 2),
        "groups": groups,
    }


@check(
    points=1,
    after=test_plain,
    cases=Space(SPACE.function, arguments=indivisible, reference=refusal, axes={"counts": INDIVISIBLE}),
)
def test_divides(learner, case):
    """refuses groups that do not divide the channels"""
    raises(lambda: learner.call(case), REFUSALS)


@check(
    points=1,
    after=(test_rectangles, test_dilation, test_groups, test_depthwise, test_bias),
    cases=SPACE.plus(
        {"groups": 2, "channels": "many", "filters": "many", "stride": 2, "kernel_size": (1, 1), "input_size": (4, 4)}
    ),
)
def test_together(learner, case):
    """combines all options"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_plain,
    cases=SIMPLE.where(bias=["zeros", "given"], layout=[*LAYOUTS]).plus(
        {"groups": 2, "channels": "many", "filters": "many", "bias": "given"},
        {"layout": "transposed", "images": "many", "channels": "many", "bias": "given"},
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    leaves_arguments(learner, case, must_return=case.row["groups"] == 1, must_agree=case.row["bias"] == "zeros")
