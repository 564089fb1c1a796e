"""What calls gave. Those that were made together are compared with the right answers in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from autograder.sandbox.answers import Answer, Wrong
from autograder.sandbox.requests import Request
from autograder.tolerance import TOLERANCE


@dataclass
class Outcome:
    """An answer to a request, or what is wrong instead. `data` are the arrays of the reply."""

    request: Request
    result: Answer | Wrong
    data: Sequence[np.ndarray] = ()


def mark_near(outcomes: Sequence[Outcome]) -> None:
    """Mark the answers of which every number is within the tolerance. One that is not marked may still be right."""
    pairs = [_floats(each) for each in outcomes]
    got = [tensor.flatten().double() for tensors, _ in pairs for tensor in tensors]
    if not got:
        return
    right = torch.cat([tensor.flatten().double() for _, tensors in pairs for tensor in tensors])
    # NaN and infinity never count as near: whoever compares them by themselves can say more.
    near = (torch.cat(got) - right).abs() <= TOLERANCE + TOLERANCE * right.abs()
    all_near, start = bool(near.all()), 0
    for each, (tensors, _) in zip(outcomes, pairs, strict=True):
        end = start + sum(tensor.numel() for tensor in tensors)
        if tensors and isinstance(each.result, Answer) and (all_near or bool(near[start:end].all())):
            each.result = replace(each.result, near=each.request.expected)
        start = end


Tensors = Sequence[torch.Tensor]


def _floats(outcome: Outcome) -> tuple[Tensors, Tensors]:
    """Return the tensors of an answer and of the right one; none of either where they are not alike, or one object."""
    result, expected = outcome.result, outcome.request.expected
    if not isinstance(result, Answer) or result.value is expected:
        return (), ()
    got, right = _tensors(result.value), _tensors(expected)
    alike = len(got) == len(right) and all(map(_are_alike, got, right))
    return (got, right) if alike else ((), ())


def _tensors(value: Any) -> Tensors:
    items = value if isinstance(value, (tuple, list)) else (value,)
    return items if all(isinstance(item, torch.Tensor) for item in items) else ()


def _are_alike(got: torch.Tensor, right: torch.Tensor) -> bool:
    return got.is_floating_point() and right.is_floating_point() and got.shape == right.shape
