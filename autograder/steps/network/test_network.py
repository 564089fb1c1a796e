"""network: convolution, pooling and a dense layer make a small network, which learns by gradient descent."""

import torch

from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, NUMBERS, ONE_OR_MANY, SHAPES, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, agree_in_part, unchanged
from autograder.suite.draw import Draw
from autograder.suite.references import conv2d_padded, dense, max_pool2d, network, training_step
from autograder.suite.spaces import bias_of_batch, rectangles

FORBIDS = ("convolution", "pooling")
PARAMETERS = ("kernel1", "bias1", "kernel2", "bias2", "weight", "bias")
# The sides of square kernels. Those of even size make the image larger by one row and one column.
KERNELS = {"3 × 3": (3,), "1 × 1 or 5 × 5": (1, 5), "2 × 2 or 4 × 4": (2, 4)}


def conv2d_arguments(draw: Draw) -> dict:
    """The arguments of one convolution, as the row of options says."""
    images, channels, filters = draw.counts()
    kernel_size, padding = draw.kernel_size(high=3), draw.row["padding"]
    return {
        "input": draw.tensor(images, channels, *draw.input_size(kernel_size, padding=padding)),
        "kernel": draw.tensor(filters, channels, *kernel_size),
        "bias": bias_of_batch(draw, filters),
        "padding": padding,
    }


def max_pool2d_arguments(draw: Draw) -> dict:
    """Images whose sides hold the window at least once; with a remainder, not a whole number of times."""
    images, channels, _ = draw.counts()
    size = draw.row["size"]
    height, width = draw.pair(draw.row["input_shape"], 1, 3)
    over = [draw.integer(1, size - 1) if draw.row["remainder"] else 0 for _ in range(2)]
    image = draw.tensor(images, channels, height * size + over[0], width * size + over[1])
    return {"input": image - image.max() - 1 if draw.row["sign"] == "negative" else image, "size": size}


def linear_arguments(draw: Draw) -> dict:
    """A batch of features and a dense layer; as many outputs as features where the row says so."""
    images, inputs, outputs = draw.counts()
    outputs = inputs if draw.row.get("outputs") == "same" else outputs
    return {
        "input": draw.tensor(images, inputs),
        "weight": draw.tensor(outputs, inputs),
        "bias": draw.tensor(outputs),
    }


def pooled_twice(length, sides):
    """The height or width that is left after both convolutions and poolings."""
    for side in sides:
        length = (length + 2 * (side // 2) - side + 1) // 2
    return length


def network_arguments(draw: Draw) -> dict:
    """Images (N, C, H, W) and the parameters of a network for them, with three to five classes."""
    images, channels, filters = draw.counts()
    height, width = draw.row.get("size") or draw.pair(draw.row["input_shape"], 4, 9)
    features, classes = draw.integer(2, 3), draw.integer(3, 5)
    sides = [draw.choice(KERNELS[draw.row["kernel"]]) for _ in range(2)]
    rows, columns = pooled_twice(height, sides), pooled_twice(width, sides)
    # Small weights, as a network has them: no sum is so large that float32 would lose digits.
    return {
        "images": draw.tensor(images, channels, height, width) * draw.row.get("brightness", 1),
        "kernel1": draw.tensor(filters, channels, sides[0], sides[0]) / 10,
        "bias1": draw.tensor(filters) / 10,
        "kernel2": draw.tensor(features, filters, sides[1], sides[1]) / 10,
        "bias2": draw.tensor(features) / 10,
        "weight": draw.tensor(classes, features * rows * columns) / 10,
        "bias": draw.tensor(classes) / 10,
    }


def training_step_arguments(draw: Draw) -> dict:
    """The same, with the right class of each image and a learning rate."""
    made = network_arguments(draw)
    classes = len(made["bias"])
    labels = torch.tensor([draw.integer(0, classes - 1) for _ in made["images"]])
    parameters = {name: made[name] for name in PARAMETERS}
    if "brightness" in draw.row:
        # The class that scores least: no score is so good that the slope vanishes.
        labels = network(made["images"], **parameters).argmin(dim=1)
    return {"images": made["images"], "labels": labels, **parameters, "learning_rate": draw.choice((0.5, 1.0, 2.0))}


CONV2D = Space(
    function="conv2d",
    arguments=conv2d_arguments,
    reference=conv2d_padded,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "filters": ONE_OR_MANY,
        "bias": ("given", "none", "omitted"),
        "padding": (0, 1, 2),
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        "numbers": NUMBERS,
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    defaults={"bias": None, "padding": 0},
    window=windows.convolution,
)
SQUARE = CONV2D.where(input_shape="square", kernel_shape="square")
MAX_POOL2D = Space(
    function="max_pool2d",
    arguments=max_pool2d_arguments,
    reference=max_pool2d,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "size": (2, 3),
        "input_shape": SHAPES,
        "remainder": (False, True),
        "sign": ("any", "negative"),
        "numbers": NUMBERS,
        "layout": ("contiguous",),
    },
    positional=("input", "size"),
)
LINEAR = Space(
    function="linear",
    arguments=linear_arguments,
    reference=dense,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "filters": ONE_OR_MANY,
        "numbers": NUMBERS,
        "layout": ("contiguous",),
    },
    positional=("input", "weight", "bias"),
)
NETWORK = Space(
    function="network",
    arguments=network_arguments,
    reference=network,
    axes={
        "images": ONE_OR_MANY,
        "channels": ONE_OR_MANY,
        "filters": ONE_OR_MANY,
        "input_shape": SHAPES,
        "kernel": tuple(KERNELS),
        "numbers": ("reals",),
        "layout": ("contiguous",),
    },
    positional=("images", *PARAMETERS),
)
STEP = Space(
    function="training_step",
    arguments=training_step_arguments,
    reference=training_step,
    axes={axis: values for axis, values in NETWORK.axes.items() if axis != "kernel"} | {"kernel": ("3 × 3",)},
    positional=("images", "labels", *PARAMETERS),
)


@check(points=1, cases=SQUARE.plus({"kernel_size": (1, 1)}, {"kernel_size": (3, 3), "input_size": (3, 3)}))
def test_convolution(learner, case):
    """convolves a batch of images, with padding and bias"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_convolution, cases=rectangles(CONV2D.where(padding=0)))
def test_rectangles(learner, case):
    """keeps height and width apart in the convolution"""
    agree(learner.call(case), case.expected)


@check(points=1, cases=MAX_POOL2D)
def test_pooling(learner, case):
    """keeps the largest number of each window"""
    agree(learner.call(case), case.expected)


# As many outputs as features: only there a transposed weight has the right shape.
@check(points=1, cases=LINEAR.plus({"outputs": "same", "channels": "many", "images": "many"}))
def test_dense(learner, case):
    """mixes all features in the dense layer"""
    agree(learner.call(case), case.expected)


@check(
    points=2,
    after=(test_convolution, test_pooling, test_dense),
    # The last convolution leaves more than one pixel: only there the order of channels, rows and columns matters.
    cases=NETWORK.where(kernel="3 × 3", input_shape="square").plus({"size": (8, 8), "images": "many"}),
)
def test_network(learner, case):
    """puts the layers together"""
    agree(learner.call(case), case.expected)


@check(points=1, after=test_network, cases=NETWORK)
def test_sizes(learner, case):
    """works for images and kernels of any size"""
    agree(learner.call(case), case.expected)


# Bright images have slopes above 1: only there it counts whether slopes are cut off.
@check(points=2, after=test_network, cases=STEP.plus({"size": (8, 8), "images": "many", "brightness": 50}))
def test_step(learner, case):
    """takes one step down the slope of the loss"""
    answer = learner.call(case)
    for name in reversed(PARAMETERS):
        agree_in_part(answer, case, PARAMETERS, name, gradient=True)


@check(
    points=1,
    after=(test_convolution, test_pooling, test_dense, test_sizes),
    cases=(
        SQUARE.where(layout=[*LAYOUTS]),
        MAX_POOL2D.where(layout=[*LAYOUTS]),
        LINEAR.where(layout=[*LAYOUTS]),
        NETWORK.where(layout=[*LAYOUTS]),
        STEP,
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    answer = learner.call(case, after=True)
    unchanged(answer, case.arguments)
    if case.function != "training_step":
        agree(answer, case.expected)
