"""conv2d: a kernel (KH, KW) slides over one image (H, W), with bias, stride and padding."""

from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, NUMBERS, OMITTED, SHAPES, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, unchanged, unchanged_at_least
from autograder.suite.draw import Draw
from autograder.suite.references import conv2d_single


def arguments(draw: Draw) -> dict:
    """The arguments of one call, as the row of options says."""
    kernel_size = draw.kernel_size()
    stride, padding = draw.row["stride"], draw.row["padding"]
    bias = {
        "omitted": lambda: OMITTED,
        "zero": lambda: 0,
        "number": draw.number,
        "tensor": lambda: draw.tensor(1),
    }
    return {
        "input": draw.tensor(*draw.input_size(kernel_size, stride, padding)),
        "kernel": draw.tensor(*kernel_size),
        "bias": bias[draw.row["bias"]](),
        "stride": stride,
        "padding": padding,
    }


SPACE = Space(
    function="matrix_multiplication_for_conv2d",
    arguments=arguments,
    reference=conv2d_single,
    axes={
        "stride": (1, 2, 3),
        "padding": (0, 1, 2),
        "bias": ("omitted", "number", "tensor"),
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        "remainder": (False, True),
        "numbers": NUMBERS,
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    defaults={"bias": 0, "stride": 1, "padding": 0},
    window=windows.convolution,
)
SQUARE = SPACE.where(stride=1, padding=0, bias="omitted", remainder=False, input_shape="square", kernel_shape="square")


@check(
    points=2,
    cases=SQUARE.plus(
        {"kernel_size": (1, 1)},
        {"kernel_size": (3, 3), "input_size": (3, 3)},
        {"numbers": "zeros"},
    ),
)
def test_slides(learner, case):
    """slides the kernel over the input"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_slides,
    cases=SQUARE.where(input_shape=["tall", "wide"], kernel_shape=["tall", "wide"]).plus(
        {"kernel_size": (1, 3), "input_size": (1, 3)},
        {"kernel_size": (3, 2), "input_size": (3, 2)},
        {"kernel_size": (1, 3), "input_size": (3, 4)},
        {"kernel_size": (2, 1), "input_size": (5, 1)},
    ),
)
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(
    points=2,
    after=test_slides,
    cases=SQUARE.where(stride=[2, 3], remainder=[False, True]).plus(
        {"stride": 3, "kernel_size": (2, 2), "input_size": (4, 4)},
        {"stride": 2, "kernel_size": (1, 1), "input_size": (4, 4)},
    ),
)
def test_stride(learner, case):
    """moves by the stride"""
    agree(learner.call(case), case.expected)


@check(
    points=2,
    after=test_slides,
    cases=SQUARE.where(padding=[1, 2]).plus(
        {"padding": 1, "kernel_size": (3, 3), "input_size": (1, 1)},
        {"padding": 2, "kernel_size": (3, 3), "input_size": (2, 2)},
        {"padding": 1, "kernel_size": (1, 1), "input_size": (1, 1)},
    ),
)
def test_padding(learner, case):
    """pads with zeros on all four sides"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_slides, cases=SQUARE.where(bias=["number", "tensor", "zero"]))
def test_bias(learner, case):
    """adds the bias once to every output"""
    agree(learner.call(case), case.expected)


@check(points=1, after=(test_rectangles, test_stride, test_padding, test_bias), cases=SPACE)
def test_together(learner, case):
    """combines stride, padding and bias"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_slides,
    cases=SQUARE.where(bias=["omitted", "tensor"], layout=[*LAYOUTS]).plus(
        {"stride": 3, "kernel_size": (2, 2), "input_size": (4, 4), "bias": "tensor"},
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    if case.row["stride"] != 1:
        unchanged_at_least(lambda: learner.call(case, after=True), case.arguments)
        return
    answer = learner.call(case, after=True)
    unchanged(answer, case.arguments)
    if case.row["bias"] == "omitted":
        agree(answer, case.expected)
