"""flatten: the contract of conv2d, computed as one product of the region matrix with the flattened kernel."""

from dataclasses import replace

from autograder.suite.cases import LAYOUTS
from autograder.suite.check import check
from autograder.suite.compare import agree, leaves_arguments
from autograder.suite.operands import multiplies_regions
from autograder.suite.products import makes_one_product
from autograder.suite.spaces import paddings, rectangles, single_image, squares, strides

FORBIDS = ("convolution", "unfold")
SPACE = single_image("matrix_multiplication_for_conv2d_flatten")
SQUARE = squares(SPACE)
# At these sizes the region matrix has 16 to 36 rows and 4 or 9 columns: no other operand has such a shape.
LARGE = replace(
    SQUARE,
    axes={**SQUARE.axes, "kernel_size": ((2, 2), (3, 3)), "input_size": ((5, 5), (7, 7))},
    # Here the region matrix would have as many rows as columns, and the shape of its transpose.
    fits=lambda row: (row.get("kernel_size"), row.get("input_size")) != ((3, 3), (5, 5)),
)


@check(
    points=2,
    cases=SQUARE.plus(
        {"kernel_size": (1, 1)},
        {"kernel_size": (3, 3), "input_size": (3, 3)},
        # A region matrix of 9 rows and 4 columns, read row by row, always differs from its transpose.
        {"kernel_size": (2, 2), "input_size": (4, 4)},
        {"numbers": "zeros"},
        # Two windows are equal.
        {"numbers": "zeros", "kernel_size": (1, 1), "input_size": (2, 2)},
    ),
)
def test_slides(learner, case):
    """slides the kernel over the input"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_slides, cases=rectangles(SQUARE))
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_slides, cases=strides(SQUARE))
def test_stride(learner, case):
    """moves by the stride"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_slides, cases=paddings(SQUARE))
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


@check(points=2, after=test_slides, cases=LARGE)
def test_product(learner, case):
    """computes all outputs with one matrix product"""
    answer = learner.call(case, watch=True)
    agree(answer, case.expected)
    makes_one_product(answer, outputs=case.expected.numel(), weights=case.arguments["kernel"].numel())
    multiplies_regions(answer, case)
