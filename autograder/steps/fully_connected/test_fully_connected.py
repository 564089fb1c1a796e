"""fully_connected: a convolution as a dense layer of weight (OH, OW, H, W), and the two properties that make it so."""

import torch

from autograder.suite import windows
from autograder.suite.cases import LAYOUTS, NUMBERS, SHAPES, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, agree_on_truth, unchanged
from autograder.suite.draw import Draw
from autograder.suite.references import dense_layer, dense_weight, is_local, is_translation_invariant

# The moves that leave a weight as it is: by one along either axis, one axis only, both at once only, or none.
MOVES = ("either", "down", "right", "diagonal", "none")
# Where a weight has a number beyond the radius. Inside, it has all numbers, or only those of the same row and column.
BEYOND = ("nowhere", "nowhere, a cross", "below", "right", "corner", "before")


def weight_arguments(draw: Draw) -> dict:
    """Return the arguments of one call of dense_weight, as the row of options says."""
    kernel_size = draw.kernel_size(high=3)
    size = draw.input_size(kernel_size)
    return {"kernel": draw.tensor(*kernel_size), "input_size": {"tuple": tuple, "list": list}[draw.row["pair"]](size)}


def layer_arguments(draw: Draw) -> dict:
    """Return an image (H, W) and any weight (OH, OW, H, W)."""
    size = draw.pair(draw.row["input_shape"], 1, 4)
    outputs = draw.pair(draw.row["output_shape"], 1, 3)
    return {"input": draw.tensor(*size), "weight": draw.tensor(*outputs, *size)}


def invariance_arguments(draw: Draw) -> dict:
    """Return a weight (OH, OW, H, W) that moves as the row says, with one number off by as much as the row says."""
    oh, ow = draw.row.get("output_size") or draw.pair(draw.row["output_shape"], 2, 3)
    h, w = draw.row.get("input_size") or draw.pair(draw.row["input_shape"], 2, 4)
    i, j, k, l = indices(oh, ow, h, w)  # noqa: E741  (the names of the lesson)
    down, right, along = k - i + oh, l - j + ow, i - j + ow
    numbers = {
        "either": lambda: draw.tensor(oh + h, ow + w)[down, right],
        "down": lambda: draw.tensor(oh + h, ow, w)[down, j, l],
        "right": lambda: draw.tensor(oh, h, ow + w)[i, k, right],
        "diagonal": lambda: draw.tensor(oh + ow, oh + h, ow + w)[along, down, right],
        # Some differences above zero and some below, in either axis.
        "none": lambda: draw.tensor(oh, ow, h, w).abs() * (-1.0) ** (j + k),
        # Numbers that leave the image on one side come in on the other.
        "around": lambda: draw.tensor(h, w)[(k - i) % h, (l - j) % w],
    }
    weight, tolerance = numbers[draw.row["moves"]]() * draw.row.get("times", 1), draw.row["tolerance"]
    # Output (0, 0) has no neighbour above or to the left, so this number is compared in one direction only.
    weight[0, 0, draw.integer(0, h - 2), draw.integer(0, w - 2)] += draw.row["off"] * tolerance
    return {"weight": weight, "tolerance": tolerance}


def locality_arguments(draw: Draw) -> dict:
    """Return a weight (OH, OW, H, W) that is 0 outside a radius, except just beyond it where the row says so."""
    outputs = draw.row.get("output_size") or draw.pair(draw.row["output_shape"], 2, 3)
    size = draw.row.get("input_size") or draw.pair(draw.row["input_shape"], 3, 5)
    beyond, radius = draw.row["beyond"], draw.row["radius"]
    i, j, k, l = indices(*outputs, *size)  # noqa: E741
    down, right, far = k - i, l - j, radius + 1
    near = torch.stack([down.abs(), right.abs()])
    inside = (near <= radius).all(0)
    outside = {
        "below": (down == far) & (right.abs() <= radius),
        "right": (right == far) & (down.abs() <= radius),
        "corner": (down == far) & (right == far),
        "before": (down == -far) | (right == -far),
    }.get(beyond, inside & False)
    kept = inside & (near == 0).any(0) if "cross" in beyond else inside.clone()
    places = outside.nonzero()
    if len(places):
        kept[tuple(places[draw.integer(0, len(places) - 1)])] = True
    weight = draw.tensor(*outputs, *size) * kept
    if beyond == "cancelling":
        weight[0, 0, far, :2] = torch.tensor([1.0, -1.0])
    if beyond == "tiny":
        # This is the only number other than 0, so that no sum can swallow it.
        weight.zero_()[0, 0, far, 0] = 1e-9
    return {"weight": weight, "radius": radius}


def indices(*lengths: int) -> tuple[torch.Tensor, ...]:
    """Return, for each axis of a tensor of this shape, the index of every number along it."""
    return torch.meshgrid(*map(torch.arange, lengths), indexing="ij")


WEIGHT = Space(
    function="dense_weight",
    arguments=weight_arguments,
    reference=dense_weight,
    axes={
        "input_shape": SHAPES,
        "kernel_shape": SHAPES,
        "pair": ("tuple", "list"),
        "numbers": NUMBERS,
        "layout": ("contiguous",),
    },
    positional=("kernel", "input_size"),
    window=windows.dense_weight,
)
LAYER = Space(
    function="dense_layer",
    arguments=layer_arguments,
    reference=dense_layer,
    axes={"input_shape": SHAPES, "output_shape": SHAPES, "numbers": NUMBERS, "layout": ("contiguous",)},
    positional=("input", "weight"),
    window=windows.dense_layer,
)
INVARIANT = Space(
    function="is_translation_invariant",
    arguments=invariance_arguments,
    reference=is_translation_invariant,
    axes={
        "moves": MOVES,
        "off": (0.0,),
        "tolerance": (0.5,),
        "input_shape": SHAPES,
        "output_shape": SHAPES,
        "layout": ("contiguous",),
    },
    positional=("weight", "tolerance"),
)
LOCAL = Space(
    function="is_local",
    arguments=locality_arguments,
    reference=is_local,
    axes={
        "beyond": BEYOND,
        "radius": (1, 0),
        "input_shape": SHAPES,
        "output_shape": SHAPES,
        "numbers": NUMBERS,
        "layout": ("contiguous",),
    },
    positional=("weight", "radius"),
    # This would need three outputs in a row.
    fits=lambda row: (row.get("beyond"), row.get("radius")) != ("before", 1),
)
SQUARE = WEIGHT.where(input_shape="square", kernel_shape="square")


@check(points=2, cases=SQUARE.plus({"kernel_size": (1, 1)}, {"kernel_size": (2, 2), "input_size": (2, 2)}))
def test_weight(learner, case):
    """lays the kernel on the input at one position for each output"""
    agree(learner.call(case), case.expected)


@check(
    points=1,
    after=test_weight,
    cases=WEIGHT.where(input_shape=["tall", "wide"], kernel_shape=["tall", "wide"], pair="tuple").plus(
        {"kernel_size": (1, 3), "input_size": (1, 3)},
        {"kernel_size": (2, 1), "input_size": (4, 3)},
    ),
)
def test_rectangles(learner, case):
    """keeps height and width apart"""
    agree(learner.call(case), case.expected)


@check(points=2, cases=LAYER)
def test_layer(learner, case):
    """gives every output a weight for every input"""
    agree(learner.call(case), case.expected)


@check(
    points=2,
    cases=INVARIANT.plus(
        {"moves": "around"},
        # One row of outputs, and one column.
        {"moves": "none", "output_size": (1, 2), "input_size": (3, 3)},
        {"moves": "none", "output_size": (2, 1), "input_size": (3, 3)},
    ),
)
def test_invariant(learner, case):
    """sees whether the weights move along with the output"""
    agree_on_truth(learner.call(case), case.expected)


@check(
    points=1,
    after=test_invariant,
    cases=INVARIANT.where(moves="either", off=[0.5, -0.5, 1.5, -1.5], tolerance=[4.0, 10.0]).plus(
        # Off by exactly the tolerance; and large numbers that are off by more than the tolerance.
        {"off": 1.0},
        {"off": 0.0, "tolerance": 0.0},
        {"off": 2.0, "tolerance": 0.5, "times": 1e5, "output_size": (2, 2), "input_size": (2, 2)},
    ),
)
def test_tolerance(learner, case):
    """lets numbers differ by the tolerance"""
    agree_on_truth(learner.call(case), case.expected)


@check(
    points=1,
    cases=LOCAL.plus(
        {"beyond": "cancelling"},
        {"beyond": "tiny", "numbers": "reals"},
        {"output_size": (1, 1), "input_size": (3, 3)},
        {"output_size": (1, 1), "input_size": (3, 3), "radius": 3},
    ),
)
def test_local(learner, case):
    """sees how far each output looks"""
    agree_on_truth(learner.call(case), case.expected)


@check(
    points=1,
    after=(test_weight, test_layer, test_invariant, test_local),
    cases=(
        SQUARE.where(layout=[*LAYOUTS], pair="tuple"),
        LAYER.where(layout=[*LAYOUTS], input_shape="square", output_shape="square"),
        INVARIANT.where(layout=[*LAYOUTS], input_shape="square", output_shape="square", moves="either"),
        LOCAL.where(layout=[*LAYOUTS], input_shape="square", output_shape="square", beyond="nowhere", radius=1),
    ),
)
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    answer = learner.call(case, after=True)
    unchanged(answer, case.arguments)
    (agree if isinstance(case.expected, torch.Tensor) else agree_on_truth)(answer, case.expected)
