"""conv2d: a kernel (KH, KW) slides over one image (H, W), with bias, stride and padding."""

from autograder.suite.cases import LAYOUTS
from autograder.suite.check import check
from autograder.suite.compare import agree, leaves_arguments
from autograder.suite.spaces import paddings, rectangles, single_image, squares, strides

SPACE = single_image("matrix_multiplication_for_conv2d")
SQUARE = squares(SPACE)


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


@check(points=1, after=test_slides, cases=rectangles(SQUARE))
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(points=2, after=test_slides, cases=strides(SQUARE))
def test_stride(learner, case):
    """moves by the stride"""
    agree(learner.call(case), case.expected)


@check(points=2, after=test_slides, cases=paddings(SQUARE))
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
    leaves_arguments(learner, case, must_return=case.row["stride"] == 1, must_agree=case.row["bias"] == "omitted")
