"""What one number is computed from, for functions of a 3 × 4 matrix: found exactly, or not at all."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import torch

from autograder.explain.probe import Silent
from autograder.explain.reads import factors, fill, reads

Function = Callable[[torch.Tensor], torch.Tensor]
GIVEN = fill({"input": torch.zeros(3, 4), "kernel": torch.zeros(2, 2)}, "input", (), seed=3)
# A number above zero and one below, in other rows and columns than the first number, and than each other.
UP, DOWN = next(
    ((row, column), (3 - row, other))
    for row in (1, 2)
    for column in (1, 2, 3)
    for other in (1, 2, 3)
    if column != other and GIVEN.base[row, column] > 0 > GIVEN.base[3 - row, other]
)


def asking(function: Function) -> Callable[[Sequence[Mapping[str, Any]]], list[torch.Tensor]]:
    return lambda calls: [function(call["input"]).reshape(1).double() for call in calls]


READ = {
    "a window": (lambda x: x[1:3, 0:2].sum(), ((1, 2), (0, 1))),
    "rows that are apart": (lambda x: x[::2, 1].sum(), ((0, 2), (1,))),
    "one number, and something added": (lambda x: 3 * x[2, 3] + 7, ((2,), (3,))),
    "everything": (lambda x: x.mean(), ((0, 1, 2), (0, 1, 2, 3))),
    "nothing": (lambda x: torch.tensor(4.0), ((), ())),
    "the largest of a window": (lambda x: x[:2, 1:].max(), ((0, 1), (1, 2, 3))),
    "a number below zero": (lambda x: x[0, 1].clamp(max=0), ((0,), (1,))),
    "a number above zero": (lambda x: x[0, 1].clamp(min=0), ((0,), (1,))),
}


@pytest.mark.parametrize("what", READ)
def test_what_is_read_is_found(what):
    function, box = READ[what]
    assert reads(asking(function), GIVEN, (0,)).box == box


SILENT = {
    "the numbers are squared": lambda x: x[0, 0] ** 2,
    "the smallest is taken": lambda x: x[:2, :2].min(),
    "the middle one is taken": lambda x: x.median(),
    "there is no box": lambda x: x[0, 0] + x[1, 1],
    "two that change together count": lambda x: x[0, 0] + (torch.minimum(x[1, 1], x[2, 2]) - 500).clamp(min=0),
    "two that change apart count": lambda x: x[0, 0] + (torch.minimum(x[UP], -x[DOWN]) - 500).clamp(min=0),
    "one hardly counts": lambda x: x[0, 0] + x[0, 1] / 1000,
    "it is not finite": lambda x: x[0, 0] / 0,
}


@pytest.mark.parametrize("why", SILENT)
def test_nothing_is_found_where(why):
    with pytest.raises(Silent):
        reads(asking(SILENT[why]), GIVEN, (0,))


def test_nothing_is_found_where_equal_calls_have_other_answers():
    calls = []

    def function(values: torch.Tensor) -> torch.Tensor:
        calls.append(values)
        return values[0, 0].double() + 1e-9 * len(calls)

    with pytest.raises(Silent):
        reads(asking(function), GIVEN, (0,))


def test_another_box_is_not_taken():
    with pytest.raises(Silent):
        reads(asking(lambda x: x[0, 0] + x[0, 1]), GIVEN, (0,), ((0,), (0,)))
    with pytest.raises(Silent):
        reads(asking(lambda x: x[0, 0]), GIVEN, (0,), ((0,), (0, 1)))


def test_factors_are_told_from_their_sizes():
    kernel = GIVEN.filled["kernel"]
    found = reads(asking(lambda x: (x[:2, :2] * kernel.T).sum()), GIVEN, (0,))
    assert factors(GIVEN, found) == [("kernel", index) for index in ((0, 0), (1, 0), (0, 1), (1, 1))]
    with pytest.raises(Silent):
        factors(GIVEN, reads(asking(lambda x: 2 * (x[:2, :2] * kernel).sum()), GIVEN, (0,)))
    without = fill({"input": torch.zeros(3, 4)}, "input", (), seed=3)
    with pytest.raises(Silent):
        factors(without, reads(asking(lambda x: x[0, 0]), without, (0,)))
