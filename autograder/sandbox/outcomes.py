"""What calls gave. Those that were made together are compared with the right answers in one pass."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from autograder.sandbox.answers import Answer, NoAnswer, Raised
from autograder.sandbox.requests import Request
from autograder.tolerance import TOLERANCE

# Tensors of other kinds cannot all be joined with these.
FLOATS = (torch.float32, torch.float64)


@dataclass
class Outcome:
    """An answer to a request, or what is wrong instead. `data` are the arrays of the reply."""

    request: Request
    result: Answer | Raised | NoAnswer
    data: Sequence[np.ndarray] = ()


def mark_near(outcomes: Sequence[Outcome]) -> None:
    """Mark the answers of which every number is within the tolerance. One that is not marked may still be right."""
    answers = [(each, each.result) for each in outcomes if isinstance(each.result, Answer)]
    answers = [(each, answer) for each, answer in answers if _is_to_compare(answer.value, each.request.expected)]
    if not answers:
        return
    got = _joined(answer.value for _, answer in answers)
    right = _joined(each.request.expected for each, _ in answers)
    # NaN and infinity never count as near: whoever compares them by themselves can say more.
    near = (got - right).abs() <= TOLERANCE + TOLERANCE * right.abs()
    sizes = [sum(tensor.numel() for tensor in _parts(each.request.expected)) for each, _ in answers]
    # Nearly always, all of them are near, and nobody has to look at each.
    all_near = bool(near.all())
    for (each, answer), own in zip(answers, near.split_with_sizes(sizes), strict=True):
        if all_near or bool(own.all()):
            each.result = replace(answer, near=each.request.expected)


def _joined(values: Iterable[Any]) -> torch.Tensor:
    return torch.cat([tensor.flatten() for value in values for tensor in _parts(value)]).double()


def _is_to_compare(got: Any, right: Any) -> bool:
    """Return whether an answer is of floats of the right shapes, but not the right answer itself."""
    parts, right_parts = _parts(got), _parts(right)
    return got is not right and len(parts) == len(right_parts) > 0 and all(map(_are_alike, parts, right_parts))


def _parts(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (tuple, list)) else (value,)


def _are_alike(got: Any, right: Any) -> bool:
    tensors = isinstance(got, torch.Tensor) and isinstance(right, torch.Tensor)
    return tensors and got.shape == right.shape and got.dtype in FLOATS and right.dtype in FLOATS
