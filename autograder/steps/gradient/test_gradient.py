"""gradient: what a change of a convolution's output, (N, F, OH, OW), means for its input, kernel and bias; by hand."""

from dataclasses import replace

from autograder.sandbox.answers import NoAnswer, Wrong
from autograder.suite import backward_windows
from autograder.suite.cases import LAYOUTS, NUMBERS, ONE_OR_MANY, SHAPES, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree_in_part, unchanged
from autograder.suite.draw import Draw
from autograder.suite.references import conv2d_backward
from autograder.suite.spaces import rectangles

FORBIDS = ("convolution", "autograd")
INPUT, KERNEL, BIAS = NAMES = ("grad_input", "grad_kernel", "grad_bias")
WINDOWS = {INPUT: backward_windows.input, KERNEL: backward_windows.kernel, BIAS: backward_windows.bias}


def arguments(draw: Draw) -> dict:
    """Return the arguments of one call, as the row of options says."""
    images, channels, filters = draw.counts()
    kernel_size = draw.kernel_size(high=3)
    stride, padding = draw.row["stride"], draw.row["padding"]
    size = draw.input_size(kernel_size, stride, padding)
    outputs = [(side + 2 * padding - k) // stride + 1 for side, k in zip(size, kernel_size, strict=True)]
    image = draw.tensor(images, channels, *size)
    if draw.row.get("black"):
        image[:, :, 0, 0] = 0
    return {
        "input": image,
        "kernel": draw.tensor(filters, channels, *kernel_size),
        "grad_output": draw.tensor(images, filters, *outputs),
        "stride": stride,
        "padding": padding,
    }


SPACE = Space(
    function="conv2d_backward",
    arguments=arguments,
    reference=conv2d_backward,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "filters": ONE_OR_MANY,
        "stride": (1, 2, 3),
        "padding": (0, 1, 2),
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        "remainder": (False, True),
        "numbers": NUMBERS,
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    positional=("input", "kernel", "grad_output"),
    defaults={"stride": 1, "padding": 0},
)
PLAIN = SPACE.where(stride=1, padding=0, remainder=False, input_shape="square", kernel_shape="square")
SINGLE = PLAIN.where(images="one", channels="one", filters="one", spelled="needed")
SMALL = SINGLE.plus({"kernel_size": (1, 1)}, {"kernel_size": (2, 2), "input_size": (2, 2)})


def agree_in(learner, case, *names: str, after: bool = False) -> None:
    """Compare these parts of the answer in order. With `after`, compare the arguments after the call, too."""
    try:
        answer = learner.call(case, after=after)
        if after:
            unchanged(answer, case.arguments)
    except Wrong as wrong:
        # Show only the part that the check is about beside the message.
        wrong.expected = case.expected[NAMES.index(names[0])]
        wrong.case = replace(case, window=WINDOWS[names[0]])
        raise
    for name in names:
        agree_in_part(answer, case, NAMES, name, window=WINDOWS[name])


# One image and one channel: code that raises only where there are several has lost its points in another check.
@check(points=1, cases=SINGLE.where(filters=["many", "one"]))
def test_bias(learner, case):
    """sums up what reaches each bias"""
    agree_in(learner, case, BIAS)


@check(points=2, cases=SMALL)
def test_kernel(learner, case):
    """gathers the gradient of the kernel"""
    agree_in(learner, case, KERNEL)


@check(points=2, cases=SMALL)
def test_input(learner, case):
    """spreads the gradient over the input"""
    agree_in(learner, case, INPUT)


@check(points=1, after=(test_kernel, test_input), cases=rectangles(SINGLE))
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree_in(learner, case, KERNEL, INPUT)


@check(points=1, after=(test_bias, test_kernel, test_input), cases=PLAIN.where(channels=["many", "one"]))
def test_batch(learner, case):
    """adds up over images and filters where they share"""
    agree_in(learner, case, KERNEL, INPUT, BIAS)


@check(
    points=1,
    after=(test_kernel, test_input),
    cases=SINGLE.where(stride=[2, 3], remainder=[True, False]).plus(
        {"stride": 3, "kernel_size": (2, 2), "input_size": (4, 4)},
        {"stride": 2, "kernel_size": (1, 1), "input_size": (4, 4)},
    ),
)
def test_stride(learner, case):
    """goes back through the stride"""
    agree_in(learner, case, KERNEL, INPUT)


@check(
    points=1,
    after=(test_rectangles, test_batch, test_stride),
    cases=SPACE.where(padding=[1, 2]).plus(
        {"padding": 1, "kernel_size": (3, 3), "input_size": (1, 1)},
        # A pixel that is 0, as the padding is.
        {"padding": 1, "kernel_size": (1, 1), "input_size": (2, 2), "black": True},
    ),
)
def test_padding(learner, case):
    """goes back through the padding, with all options"""
    agree_in(learner, case, BIAS, KERNEL, INPUT)


@check(
    points=1,
    after=(test_bias, test_kernel, test_input),
    cases=SINGLE.where(layout=[*LAYOUTS], spelled=["all"]).plus(
        {"stride": 2, "kernel_size": (2, 2), "input_size": (4, 4)},
        {"padding": 1, "kernel_size": (2, 2), "input_size": (2, 2)},
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    try:
        agree_in(learner, case, BIAS, KERNEL, INPUT, after=True)
    except NoAnswer:
        raise
    except Wrong as wrong:
        # Other checks test stride and padding: a mistake with them has lost its points there.
        if wrong.changed or (case.row["stride"], case.row["padding"]) == (1, 0):
            raise
