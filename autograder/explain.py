"""A wrong answer, told: the call that went wrong as plain numbers."""

import math
from typing import Any

import torch

from autograder.compare import what_is
from autograder.report import Counterexample
from autograder.verdict import Wrong

MAX_NUMBERS = 400


def counterexample(wrong: Wrong) -> Counterexample | None:
    """The call on which the learner's function went wrong, as nested lists; None where no call did."""
    if wrong.case is None:
        return None
    arguments = {name: plain(value) for name, value in wrong.case.arguments.items()}
    expected = plain(wrong.case.expected) if wrong.expected is None else plain(wrong.expected)
    got = None if wrong.got is None else plain(wrong.got)
    return Counterexample(function=wrong.case.function, arguments=arguments, expected=expected, got=got)


def plain(value: Any) -> Any:
    """A value as JSON holds it: tensors as nested lists, NaN and infinity as words, large tensors by their shape."""
    if isinstance(value, torch.Tensor):
        return plain(value.tolist()) if value.numel() <= MAX_NUMBERS else what_is(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else str(value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return what_is(value)
