"""Ask for the answers to variations of a wrong call: the learner's own, and PyTorch's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from autograder.explain.probe import Silent
from autograder.sandbox.answers import Raised, Wrong
from autograder.suite.cases import Case
from autograder.suite.check import Learner


def part_of(wrong: Wrong) -> int | None:
    """Return which item of the answer is wrong, where the function returns several."""
    if not isinstance(wrong.case.expected, tuple):
        return None
    found = [index for index, each in enumerate(wrong.case.expected) if each is wrong.expected]
    if not found:
        raise Silent
    return found[0]


class Right:
    """Asks for PyTorch's own answers."""

    def __init__(self, reference: Callable[..., Any], part: int | None, shape: torch.Size) -> None:
        self._reference, self._part, self._shape = reference, part, shape

    def __call__(self, calls: Sequence[Mapping[str, Any]]) -> list[torch.Tensor]:
        return [_tensor(self._reference(**arguments), self._part, self._shape) for arguments in calls]


class Yours:
    """Asks for the answers of the learner's function, at most `calls` of them."""

    def __init__(self, learner: Learner, case: Case, part: int | None, shape: torch.Size, calls: int) -> None:
        self._learner, self._case, self._part, self._shape, self._left = learner, case, part, shape, calls

    def __call__(self, calls: Sequence[Mapping[str, Any]]) -> list[torch.Tensor]:
        self._left -= len(calls)
        if self._left < 0:
            raise Silent
        cases = [replace(self._case, arguments=arguments, expected=None) for arguments in calls]
        answers = []
        for number, case in enumerate(cases):
            try:
                answers.append(_tensor(self._learner.call(case).value, self._part, self._shape))
            except Raised:
                raise Silent from None
            if number == 0:
                self._learner.ahead(cases[1:])
        return answers


def _tensor(value: Any, part: int | None, shape: torch.Size) -> torch.Tensor:
    """Return the tensor in an answer. Raises Silent unless it has this shape."""
    if part is not None and isinstance(value, (tuple, list)) and part < len(value):
        value = value[part]
    if not isinstance(value, torch.Tensor) or not value.is_floating_point() or value.shape != shape:
        raise Silent
    return value.double()
