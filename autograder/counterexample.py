"""A wrong answer, told: the call that went wrong as plain numbers."""

import math
from typing import Any

import torch

from autograder.cases import Case
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
    return Counterexample(snippet=snippet(wrong.case), arguments=arguments, expected=expected, got=got)


def snippet(case: Case) -> str:
    """The case's call as Python code that runs in the notebook."""
    parts = []
    for name, value in case.arguments.items():
        code = f"torch.tensor({plain(value)})" if isinstance(value, torch.Tensor) else repr(value)
        parts.append(code if name in case.positional else f"{name}={code}")
    return f"{case.function}(\n" + "".join(f"    {part},\n" for part in parts) + ")"


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
