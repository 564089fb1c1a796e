"""Find where in the result a function goes wrong: the part of it that is wrong in every wrong call, and no other."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import torch

from autograder.explain.counterexample import wrong_values
from autograder.report import condition_messages as messages
from autograder.sandbox.answers import Wrong

# Wrong calls in which the rest of the result exists and is right.
ENOUGH = 4

# Parts of a result along an axis, from the indices on it and its length.
Where = Callable[[torch.Tensor, int], torch.Tensor]
ALONG_AN_AXIS: tuple[tuple[str, Where], ...] = (
    (messages.ONLY_LAST, lambda at, size: at == size - 1),
    (messages.ONLY_FIRST, lambda at, size: at == 0),
    (messages.NOT_FIRST, lambda at, size: at > 0),
    (messages.NOT_LAST, lambda at, size: at < size - 1),
)


def where_it_fails(wrongs: Sequence[Wrong]) -> str | None:
    """Return the part of the result that is wrong in all wrong calls, in a sentence; None where there is no such part.

    All of them must have returned a result of the right shape.
    """
    compared = [wrong_values(wrong) for wrong in wrongs]
    masks = [mask for mask in compared if mask is not None and bool(mask.any())]
    if len(masks) < max(ENOUGH, len(compared)) or len({mask.dim() for mask in masks}) > 1:
        return None
    for template, axis, part in _parts(masks[0].dim()):
        inside = [part(mask) for mask in masks]
        apart = sum(not bool(each.all()) for each in inside)
        exact = template in (messages.NOT_FIRST, messages.NOT_LAST)
        if apart >= ENOUGH and all(_only(mask, each, axis, exact) for mask, each in zip(masks, inside, strict=True)):
            return template.format(axis=messages.AXES[masks[0].dim()][axis], wrong=len(masks))
    return None


def _only(mask: torch.Tensor, part: torch.Tensor, axis: int, exact: bool) -> bool:
    """Return whether wrong values are in this part only; with `exact`, in every place of it along the axis."""
    if bool((mask & ~part).any()):
        return False
    others = [other for other in range(mask.dim()) if other != axis % mask.dim()]
    return not exact or bool((mask.any(others) == part.any(others)).all()) if others else True


def _parts(dims: int) -> Iterator[tuple[str, int, Callable[[torch.Tensor], torch.Tensor]]]:
    """Yield the parts of a result: a sentence, an axis, and a function that marks the part in a result's shape."""
    if dims not in (2, 4):
        return
    for axis in range(dims - 1, -1, -1):
        for template, where in ALONG_AN_AXIS:
            yield template, axis, partial(_at, axis=axis, where=where)
    yield messages.BORDER, -1, _border


def _at(mask: torch.Tensor, axis: int, where: Where) -> torch.Tensor:
    size = mask.shape[axis]
    chosen = where(torch.arange(size), size)
    return chosen.reshape([-1 if other == axis else 1 for other in range(mask.dim())]).expand_as(mask)


def _border(mask: torch.Tensor) -> torch.Tensor:
    border = torch.ones_like(mask)
    border[..., 1:-1, 1:-1] = False
    return border
