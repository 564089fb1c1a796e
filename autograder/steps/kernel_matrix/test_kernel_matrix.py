"""kernel_matrix: convolution with a kernel (KH, KW) written as a matrix (OH·OW, H·W); stride 1, no padding."""

from autograder.suite.cases import LAYOUTS, unseen
from autograder.suite.check import check
from autograder.suite.compare import agree, convolves, exact_zeros, same_shape, unchanged
from autograder.suite.spaces import matrices_of_kernels

SPACE = matrices_of_kernels("get_kernel_matrix")
SQUARE = SPACE.where(input_shape="square", kernel_shape="square", pair="tuple")
WORKED = ({"kernel_size": (3, 3), "input_size": (4, 4)}, {"kernel_size": (3, 3), "input_size": (5, 5)})


@check(points=1, cases=SQUARE.plus(*WORKED))
def test_shape(learner, case):
    """has a row for each output and a column for each input element"""
    same_shape(learner.call(case), case.expected)


@check(
    points=3,
    after=test_shape,
    cases=SQUARE.plus(
        *WORKED, {"kernel_size": (1, 1)}, {"kernel_size": (2, 2), "input_size": (2, 2)}, {"numbers": "zeros"}
    ),
)
def test_rows(learner, case):
    """places the kernel at one position in each row"""
    agree(learner.call(case), case.expected)


@check(
    points=2,
    after=test_rows,
    cases=SPACE.where(input_shape=["tall", "wide"], kernel_shape=["tall", "wide"], pair="tuple").plus(
        {"kernel_size": (1, 3), "input_size": (1, 3)},
        {"kernel_size": (1, 2), "input_size": (1, 4)},
        {"kernel_size": (2, 1), "input_size": (4, 1)},
        {"kernel_size": (1, 2), "input_size": (3, 2)},
        {"kernel_size": (2, 1), "input_size": (4, 3)},
    ),
)
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_rows, cases=SQUARE.plus(*WORKED))
def test_zeros(learner, case):
    """is exactly zero outside the kernel"""
    exact_zeros(learner.call(case), case.expected)


# One kernel size and several input sizes in turn: a size that is taken from elsewhere is wrong for most of them.
# Only the shape is compared: a matrix with wrong rows has lost its points above.
@check(
    points=1,
    cases=SQUARE.where(pair=["tuple", "list"]).plus(
        *({"kernel_size": (2, 2), "input_size": size, "pair": "list"} for size in ((3, 3), (4, 4), (5, 5), (6, 6))),
        *({"kernel_size": (2, 2), "input_size": size} for size in ((3, 3), (4, 4), (5, 5), (6, 6))),
    ),
)
def test_size(learner, case):
    """takes the input's size from input_size"""
    same_shape(learner.call(case), case.expected)


@check(
    points=2,
    after=(test_rows, test_rectangles),
    cases=SPACE.where(pair="tuple", layout=[*LAYOUTS]),
)
def test_product(learner, case):
    """turns convolution into a matrix product"""
    answer = learner.call(case, after=True)
    # The same kernel is used again below.
    unchanged(answer, case.arguments)
    matrix = same_shape(answer, case.expected)
    convolves(matrix, case.arguments["kernel"], unseen(case, *case.arguments["input_size"]))
