"""full: F kernels (F, C, KH, KW) over a batch of images (N, C, H, W), with bias, stride and padding."""

from autograder.suite.cases import LAYOUTS
from autograder.suite.check import check
from autograder.suite.compare import agree, leaves_arguments
from autograder.suite.spaces import batch, paddings, rectangles, strides

SPACE = batch("matrix_multiplication_for_conv2d_full")
SINGLE = SPACE.where(
    images="one", channels="one", filters="one", bias="zeros", stride=1, padding=0, remainder=False,
    input_shape="square", kernel_shape="square",
)  # fmt: skip


@check(points=1, cases=SINGLE.plus({"kernel_size": (1, 1)}, {"kernel_size": (3, 3), "input_size": (3, 3)}))
def test_single(learner, case):
    """convolves one image with one kernel"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_single, cases=rectangles(SINGLE))
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_single, cases=SINGLE.where(channels="many"))
def test_channels(learner, case):
    """sums over the input channels"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_single, cases=SINGLE.where(filters="many"))
def test_filters(learner, case):
    """gives one output channel for each kernel"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_single, cases=SINGLE.where(images="many"))
def test_batch(learner, case):
    """treats each image of the batch by itself"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=(test_channels, test_filters),
    cases=SINGLE.where(channels="many", filters="many", bias=["given", "none", "omitted"]).plus(
        # As many columns as kernels; and a bias with one 0.
        {"counts": (1, 2, 3), "kernel_size": (2, 2), "input_size": (4, 4)},
        {"counts": (1, 2, 3), "numbers": "zeros"},
    ),
)
def test_bias(learner, case):
    """adds each output channel's bias once"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_single, cases=strides(SINGLE))
def test_stride(learner, case):
    """moves by the stride"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_channels,
    cases=paddings(SINGLE.where(channels="many")).plus({"padding": 1, "kernel_size": (2, 2), "input_size": (2, 2)}),
)
def test_padding(learner, case):
    """pads height and width only"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=(test_rectangles, test_channels, test_filters, test_batch, test_bias, test_stride, test_padding),
    # With as many kernels as channels, the sizes do not tell which axis is which.
    cases=SPACE.plus({"counts": (1, 2, 2)}, {"counts": (2, 3, 3)}),
)
def test_together(learner, case):
    """combines all options"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_single,
    cases=SINGLE.where(bias=["zeros", "given"], layout=[*LAYOUTS]).plus(
        {"layout": "transposed", "images": "many", "channels": "many", "bias": "given"},
        {"stride": 3, "kernel_size": (2, 2), "input_size": (4, 4), "bias": "given"},
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    leaves_arguments(learner, case, must_return=case.row["stride"] == 1, must_agree=case.row["bias"] == "zeros")
