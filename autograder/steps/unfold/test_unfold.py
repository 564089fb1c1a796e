"""unfold: the windows of a batch (N, C, H, W) as columns (N, C·KH·KW, L), and convolution as one product with them."""

from contextlib import suppress
from dataclasses import replace

from autograder.sandbox.answers import NoAnswer, Wrong
from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, NUMBERS, ONE_OR_MANY, SHAPES, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, leaves_arguments
from autograder.suite.draw import Draw
from autograder.suite.operands import multiplies_regions
from autograder.suite.products import makes_one_batched_product
from autograder.suite.references import unfold
from autograder.suite.spaces import batch

FORBIDS = ("convolution", "unfold")


def arguments(draw: Draw) -> dict:
    """Return the arguments of one call of unfold, as the row of options says."""
    images, channels, _ = draw.counts()
    kernel_size = draw.kernel_size(high=3)
    options = {name: draw.row[name] for name in ("dilation", "padding", "stride")}
    return {
        "input": draw.tensor(images, channels, *draw.input_size(kernel_size, **options)),
        "kernel_size": kernel_size,
        **options,
    }


COLUMNS = Space(
    function="unfold",
    arguments=arguments,
    reference=unfold,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "dilation": (1, 2, 3),
        "padding": (0, 1, 2),
        "stride": (1, 2, 3),
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        "remainder": (False, True),
        "numbers": NUMBERS,
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    positional=("input", "kernel_size"),
    defaults={"dilation": 1, "padding": 0, "stride": 1},
    window=windows.column,
)
SINGLE = COLUMNS.where(
    images="one", channels="one", dilation=1, padding=0, stride=1, remainder=False,
    input_shape="square", kernel_shape="square",
)  # fmt: skip
CONVOLUTION = batch("conv2d_by_unfold")
PLAIN = CONVOLUTION.where(bias="zeros", stride=1, padding=0, remainder=False, spelled="all")


@check(
    points=2,
    cases=SINGLE.plus(
        {"kernel_size": (1, 1)},
        {"kernel_size": (3, 3), "input_size": (3, 3)},
        # With as many rows of windows as rows in a window, the result would be its own transpose.
        {"kernel_size": (2, 2), "input_size": (4, 4)},
    ),
)
def test_columns(learner, case):
    """puts each window into a column"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_columns,
    cases=SINGLE.where(input_shape=["tall", "wide"], kernel_shape=["tall", "wide"]).plus(
        {"kernel_size": (2, 3), "input_size": (3, 4)},
        {"kernel_size": (1, 3), "input_size": (1, 3)},
        {"kernel_size": (2, 1), "input_size": (5, 1)},
    ),
)
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_columns, cases=SINGLE.where(images=["one", "many"], channels=["one", "many"]))
def test_channels(learner, case):
    """keeps images and channels apart"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_columns,
    cases=SINGLE.where(stride=[2, 3], remainder=[False, True]).plus(
        {"stride": 3, "kernel_size": (2, 2), "input_size": (4, 4)},
        {"stride": 2, "kernel_size": (1, 1), "input_size": (4, 4)},
    ),
)
def test_stride(learner, case):
    """moves by the stride"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_columns,
    cases=SINGLE.where(padding=[1, 2]).plus({"padding": 1, "kernel_size": (3, 3), "input_size": (1, 1)}),
)
def test_padding(learner, case):
    """pads with zeros on all four sides"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_columns,
    cases=SINGLE.where(dilation=[2, 3]).plus(
        {"dilation": 3, "kernel_size": (3, 3), "input_size": (7, 7)},
        {"dilation": 3, "kernel_size": (1, 1), "input_size": (2, 2)},
        {"dilation": 2, "kernel_size": (2, 3), "input_size": (4, 6)},
        {"dilation": 2, "kernel_size": (3, 2), "input_size": (6, 4)},
        {"dilation": 2, "padding": 1, "kernel_size": (2, 2), "input_size": (2, 2)},
        {"dilation": 2, "stride": 2, "kernel_size": (2, 2), "input_size": (5, 5)},
    ),
)
def test_dilation(learner, case):
    """spreads the window by the dilation"""
    try:
        agree(learner.call(case), case.expected)
    except NoAnswer:
        raise
    except Wrong:
        if wrong_without_dilation(learner, case):
            return
        # Call again, so that the last answer is the one with dilation.
        agree(learner.call(case), case.expected)
        raise


def wrong_without_dilation(learner, case) -> bool:
    """Return whether the call is wrong without dilation, too: then another check has lost its points already."""
    arguments = {**case.arguments, "dilation": 1}
    plain = replace(case, arguments=arguments, expected=unfold(**arguments))
    with suppress(Wrong):
        agree(learner.call(plain), plain.expected)
        return False
    return True


# With wrong columns, nothing that builds on them can be right.
@check(points=1, after=(test_rectangles, test_channels, test_stride, test_padding), cases=CONVOLUTION)
def test_convolution(learner, case):
    """convolves with every option"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_convolution, cases=PLAIN.where(images="many", channels="many", filters="many"))
def test_product(learner, case):
    """computes all outputs with one matrix product"""
    answer = learner.call(case, watch=True)
    agree(answer, case.expected)
    (images, filters, *size), weights = case.expected.shape, case.arguments["kernel"][0].numel()
    makes_one_batched_product(answer, images=images, filters=filters, weights=weights, outputs=size[0] * size[1])
    multiplies_regions(answer, case)


@check(
    points=1,
    after=(test_columns, test_convolution),
    cases=(
        SINGLE.where(layout=[*LAYOUTS]),
        PLAIN.where(images="one", channels="one", filters="one", layout=[*LAYOUTS]),
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    leaves_arguments(learner, case)
