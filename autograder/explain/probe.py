"""Call a function that went wrong again, with some of the wrong call's arguments changed."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch

from autograder.explain.counterexample import expected_of, first_wrong, rounded
from autograder.sandbox.answers import Raised, Wrong
from autograder.suite.check import Learner
from autograder.suite.draw import both

OFF = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": (1, 1)}


class Silent(Exception):
    """A law cannot be tested: there is no single wrong number, no tensor was returned, or no calls are left."""


class Probe:
    """Calls the learner's function with variations of a wrong answer's call, at most `calls` times.

    `at` is the first wrong position of the answer, `got` the number there, and `should` the right number.
    """

    def __init__(self, learner: Learner, wrong: Wrong, calls: int) -> None:
        """Find the first wrong number. Raises Silent where there is no wrong number that can be quoted."""
        at = first_wrong(wrong)
        if at is None:
            raise Silent
        self.wrong = wrong
        self.arguments = dict(wrong.case.arguments)
        self.at = at
        self.answer = rounded(wrong.got).double()
        self.expected = expected_of(wrong).double()
        self.got, self.should = number_at(self.answer, at), number_at(self.expected, at)
        self._learner = learner
        self._left = calls

    def __call__(self, **changes: Any) -> torch.Tensor:
        """Return what the function returns with these arguments changed. Raises Silent."""
        if self._left <= 0:
            raise Silent
        self._left -= 1
        case = replace(self.wrong.case, arguments={**self.arguments, **changes}, expected=None)
        try:
            value = self._learner.call(case).value
        except Raised:
            raise Silent from None
        if not isinstance(value, torch.Tensor) or not value.is_floating_point():
            raise Silent
        if value.dim() != self.expected.dim():
            raise Silent
        return value.double()

    def repeats(self) -> bool:
        """Return whether a fresh worker gives the same answer: laws are silent on chance and on remembered state."""
        self._learner.session.renew()
        again = self()
        return again.shape == self.answer.shape and torch.allclose(again, self.answer, equal_nan=True)

    def plain(self, *names: str) -> bool:
        """Return whether the call leaves out all of these options, or switches them off."""
        return all(self._is_off(name, self.arguments.get(name)) for name in names)

    def _is_off(self, name: str, value: Any) -> bool:
        if name == "bias":
            return value is None or not torch.as_tensor(value).any()
        return value is None or both(value) == OFF[name]

    def without(self, *names: str) -> dict[str, Any]:
        """Return the values that switch these options off, for those that the call has."""
        return {name: OFF[name][0] for name in names if name in self.arguments}


def number_at(values: torch.Tensor, at: Sequence[int]) -> float:
    """Return the number at a position. Raises Silent where there is none, or where it is not finite."""
    inside = len(at) == values.dim() and all(index < size for index, size in zip(at, values.shape, strict=True))
    if not inside or not math.isfinite(values[tuple(at)]):
        raise Silent
    return values[tuple(at)].item()
