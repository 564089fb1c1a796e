"""toy: a number is added to every pixel of one image (H, W)."""

import torch

from autograder.suite.cases import LAYOUTS, NUMBERS, OMITTED, SPELLED, Space
from autograder.suite.check import check
from autograder.suite.compare import agree, unchanged
from autograder.suite.draw import Draw

# The families that learners may not call, such as ("convolution",); the lesson says the same.
FORBIDS = ()
SIZES = ((1, 1), (1, 3), (2, 2), (3, 2), (2, 4))


def by_pytorch(input: torch.Tensor, amount: float = 1.0) -> torch.Tensor:
    """Return the right answer: (H, W) -> (H, W)."""
    return input + amount


def arguments(draw: Draw) -> dict:
    """Draw the arguments of one call, as the row of options says."""
    amount = {"omitted": lambda: OMITTED, "zero": lambda: 0, "number": draw.number}
    return {"input": draw.tensor(*draw.row["size"]), "amount": amount[draw.row["amount"]]()}


SPACE = Space(
    function="toy",
    arguments=arguments,
    reference=by_pytorch,
    axes={
        "size": SIZES,
        "amount": ("number", "zero", "omitted"),
        "numbers": NUMBERS,
        "spelled": SPELLED,
        "layout": ("contiguous",),
    },
    defaults={"amount": 1.0},
)


@check(points=5, cases=SPACE.where(amount=["number", "zero"], spelled="all"))
def test_adds(learner, case):
    """adds the amount to every pixel"""
    agree(learner.call(case), case.expected)


@check(points=2, after=test_adds, cases=SPACE.where(amount="omitted"))
def test_default(learner, case):
    """adds 1 where no amount is given"""
    agree(learner.call(case), case.expected)


@check(points=3, after=test_adds, cases=SPACE.where(amount="number", spelled="all", layout=[*LAYOUTS]))
def test_arguments(learner, case):
    """leaves its arguments unchanged"""
    answer = learner.call(case, after=True)
    unchanged(answer, case.arguments)
    agree(answer, case.expected)
