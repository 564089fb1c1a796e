"""large_kernel: kernels (F, C, KH, KW) over a batch (N, C, H, W) by Fourier transforms; stride 1."""

from dataclasses import replace

from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, NUMBERS, ONE_OR_MANY, SHAPES, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, unchanged
from autograder.suite.draw import Draw
from autograder.suite.operands import transforms_both
from autograder.suite.products import makes_transforms
from autograder.suite.references import conv2d_by_fft


def arguments(draw: Draw) -> dict:
    """Return the arguments of one call, as the row of options says."""
    images, channels, filters = draw.counts()
    kernel_size, padding = draw.kernel_size(high=3), draw.row["padding"]
    image = draw.tensor(images, channels, *draw.input_size(kernel_size, 1, padding))
    kernel = draw.tensor(filters, channels, *kernel_size)
    if draw.row.get("faint"):
        # Small, but larger than the errors that transforms make.
        image, kernel = image.sign() * 0.0004 + image / 10_000, kernel.sign()
    return {"input": image, "kernel": kernel, "padding": padding}


def large_arguments(draw: Draw) -> dict:
    """Return one image and a kernel with one or two sides of about 30."""
    padding = draw.row["padding"]
    kernel_size = draw.row.get("kernel_size") or (draw.choice((1, 28, 31)), draw.choice((1, 31, 25)))
    size = draw.row.get("input_size") or [max(draw.choice((1, 34, 40)), k - 2 * padding) for k in kernel_size]
    return {"input": draw.tensor(1, 1, *size), "kernel": draw.tensor(1, 1, *kernel_size), "padding": padding}


SPACE = Space(
    function="conv2d_by_fft",
    arguments=arguments,
    reference=conv2d_by_fft,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "filters": ONE_OR_MANY,
        "padding": (0, 1, 2),
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        # In float32, a transform of large whole numbers keeps fewer decimals than the sums that it stands for.
        "numbers": ("reals",),
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    defaults={"padding": 0},
    window=windows.convolution,
)
LARGE = replace(
    SPACE, arguments=large_arguments, axes={"padding": (0, 15), "numbers": ("reals",), "spelled": SPELLED}, at_least=10
)
SINGLE = SPACE.where(images="one", channels="one", filters="one", padding=0)
SQUARE = SINGLE.where(input_shape="square", kernel_shape="square")


def agree_in(answer, case) -> None:
    """Compare with the case, within what transforms in float32 can keep."""
    size = case.arguments["input"].norm() * case.arguments["kernel"].norm()
    agree(answer, case.expected, scale=max(1.0, float(size) / 30))


@check(
    points=2,
    cases=SQUARE.where(numbers=[*NUMBERS]).plus(
        {"kernel_size": (1, 1)},
        {"kernel_size": (3, 3), "input_size": (3, 3)},
        {"kernel_size": (2, 2), "input_size": (3, 3)},
        {"kernel_size": (2, 2), "input_size": (4, 4)},
    ),
)
def test_single(learner, case):
    """convolves one image with one kernel"""
    agree_in(learner.call(case), case)


@check(
    points=1,
    after=test_single,
    cases=SINGLE.where(input_shape=["tall", "wide"], kernel_shape=["tall", "wide"]).plus(
        {"kernel_size": (1, 3), "input_size": (1, 3)},
        {"kernel_size": (2, 1), "input_size": (5, 4)},
    ),
)
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree_in(learner.call(case), case)


@check(
    points=2,
    after=test_rectangles,
    cases=SPACE.where(padding=0).plus(
        {"channels": "many", "counts": (1, 4, 1), "kernel_size": (2, 2), "input_size": (2, 3)}
    ),
)
def test_batch(learner, case):
    """sums over the channels, for each image and each kernel by itself"""
    agree_in(learner.call(case), case)


@check(
    points=2,
    after=test_batch,
    cases=SPACE.where(padding=[1, 2]).plus(
        {"padding": 1, "kernel_size": (3, 3), "input_size": (1, 1)},
        {"padding": 1, "kernel_size": (3, 3), "input_size": (3, 3)},
        {"padding": 1, "kernel_size": (1, 1), "input_size": (2, 2)},
    ),
)
def test_padding(learner, case):
    """pads with zeros on all four sides"""
    agree_in(learner.call(case), case)


@check(points=1, after=test_padding, cases=LARGE.plus({"kernel_size": (1, 31), "input_size": (1, 300)}))
def test_large(learner, case):
    """takes kernels of 31 × 31"""
    agree_in(learner.call(case), case)


@check(
    points=1,
    after=test_rectangles,
    cases=SINGLE.plus({"kernel_size": (1, 1), "input_size": (2, 2), "faint": True}),
)
def test_transforms(learner, case):
    """multiplies the transforms"""
    answer = learner.call(case, watch=True)
    agree_in(answer, case)
    makes_transforms(answer)
    transforms_both(answer, case)


@check(points=1, after=test_single, cases=SQUARE.where(layout=[*LAYOUTS]))
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    answer = learner.call(case, after=True)
    unchanged(answer, case.arguments)
    agree_in(answer, case)
