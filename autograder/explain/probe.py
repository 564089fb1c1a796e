"""More calls of a function that went wrong: the arguments of the wrong call, some of them changed."""

from dataclasses import replace
from typing import Any

import torch

from autograder.sandbox.answers import Raised, Wrong
from autograder.suite.check import Asker


class Silent(Exception):
    """There is nothing to compare: a call did not return a tensor, or there are no calls left."""


class Probe:
    """Calls the learner's function with variations of a wrong answer's call; no more than `calls` times."""

    def __init__(self, asker: Asker, wrong: Wrong, calls: int) -> None:
        self.wrong = wrong
        self.arguments = dict(wrong.case.arguments)
        self._asker = asker
        self._left = calls

    def __call__(self, **changes: Any) -> torch.Tensor:
        """What the function returns with these arguments changed. Raises Silent."""
        if self._left <= 0:
            raise Silent
        self._left -= 1
        arguments = {**self.arguments, **changes}
        case = replace(self.wrong.case, arguments=arguments, expected=None, layout="contiguous")
        try:
            value = self._asker.call(case).value
        except Raised:
            raise Silent from None
        if not isinstance(value, torch.Tensor) or not value.is_floating_point():
            raise Silent
        if value.dim() != self.wrong.case.expected.dim():
            raise Silent
        return value.double()

    def without(self, *names: str) -> dict[str, Any]:
        """Values of options that switch them off, for the options that the call has."""
        bias = self.arguments.get("bias")
        off = {"bias": torch.zeros_like(bias) if isinstance(bias, torch.Tensor) else bias and 0}
        off |= {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
        return {name: off[name] for name in names if name in self.arguments}
