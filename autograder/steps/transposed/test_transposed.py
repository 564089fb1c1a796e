"""transposed: transposed convolution of one image (h, w) with a kernel (KH, KW), in two ways; stride 1, no padding."""

from dataclasses import replace

from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, NUMBERS, SHAPES, Space, unseen
from autograder.suite.check import check
from autograder.suite.compare import adjoint, agree, unchanged
from autograder.suite.draw import Draw
from autograder.suite.references import conv_transpose2d_single
from autograder.suite.spaces import matrices_of_kernels


def arguments(draw: Draw) -> dict:
    """Return the arguments of one call, as the row of options says."""
    kernel_size = draw.kernel_size(high=3)
    size = draw.row.get("input_size") or draw.pair(draw.row["input_shape"], 2, 4)
    return {"input": draw.tensor(*size), "kernel": draw.tensor(*kernel_size)}


HELPER = matrices_of_kernels("get_kernel_matrix")
MATRIX = Space(
    function="matrix_multiplication_for_conv_transpose2d",
    arguments=arguments,
    reference=conv_transpose2d_single,
    axes={"input_shape": SHAPES, "kernel_shape": SHAPES, "numbers": NUMBERS, "layout": ("contiguous",)},
    window=windows.transposed_matrix,
)
# Only this function pads the input and turns the kernel.
PADDING = replace(MATRIX, function="conv_transpose2d_by_padding", window=windows.transposed)

SQUARE = {"input_shape": "square", "kernel_shape": "square"}
SQUARES = (
    {"input_size": (2, 2), "kernel_size": (3, 3)},
    {"input_size": (1, 1), "kernel_size": (2, 2)},
    {"input_size": (3, 3), "kernel_size": (1, 1)},
)
RECTANGLE = {"input_shape": ["tall", "wide"], "kernel_shape": ["tall", "wide"]}
RECTANGLES = (
    {"input_size": (1, 3), "kernel_size": (2, 2)},
    {"input_size": (3, 2), "kernel_size": (1, 3)},
    {"input_size": (2, 2), "kernel_size": (3, 1)},
    # An output of one row, and one of one column.
    {"input_size": (1, 2), "kernel_size": (1, 2)},
    {"input_size": (2, 1), "kernel_size": (2, 1)},
)


@check(points=1, cases=HELPER.where(pair="tuple"))
def test_helper(learner, case):
    """builds the kernel matrix"""
    agree(learner.call(case), case.expected)


@check(points=3, helper=test_helper, cases=MATRIX.where(**SQUARE).plus(*SQUARES))
def test_matrix(learner, case):
    """multiplies by the transpose of the kernel matrix"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_matrix, helper=test_helper, cases=MATRIX.where(**RECTANGLE).plus(*RECTANGLES))
def test_matrix_rectangles(learner, case):
    """keeps height and width apart in the matrix form"""
    agree(learner.call(case), case.expected)


@check(points=2, cases=PADDING.where(**SQUARE).plus(*SQUARES))
def test_padding(learner, case):
    """pads the input and turns the kernel"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_padding, cases=PADDING.where(**RECTANGLE).plus(*RECTANGLES))
def test_padding_rectangles(learner, case):
    """keeps height and width apart in the padding form"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=(test_matrix_rectangles, test_padding_rectangles),
    helper=test_helper,
    cases=(MATRIX, PADDING),
)
def test_adjoint(learner, case):
    """is the adjoint of convolution"""
    answer = learner.call(case)
    adjoint(answer, case, image=unseen(case, *case.expected.shape))
    agree(answer, case.expected)


@check(
    points=1,
    after=(test_matrix, test_padding),
    helper=test_helper,
    cases=(
        HELPER.where(**SQUARE, pair="tuple", layout=[*LAYOUTS]),
        MATRIX.where(**SQUARE, layout=[*LAYOUTS]),
        PADDING.where(**SQUARE, layout=[*LAYOUTS]).plus(
            # Without padding, the image keeps its strides.
            {"kernel_size": (1, 1), "input_size": (2, 2), "layout": "transposed"},
        ),
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    answer = learner.call(case, after=True)
    unchanged(answer, case.arguments)
    # The first check tests the kernel matrix: a wrong matrix has lost its points there.
    if case.function != HELPER.function:
        agree(answer, case.expected)
