"""Find what one number of a result is computed from: change numbers of an argument, and see whether it follows.

Nothing is known of the function but its answers. So a set is found only for functions that are linear, or take a
maximum: if the argument is twice as large, so is the number. Elsewhere a function may read a number whose change does
not show.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import torch

from autograder.explain.probe import Silent

# Returns the answer to each call, given by its arguments. Raises Silent.
Ask = Callable[[Sequence[Mapping[str, Any]]], list[torch.Tensor]]
# For each axis of an argument, the indices that are read; together they read every combination.
Box = tuple[tuple[int, ...], ...]

# Numbers are changed by more than any sum of the others, but not so much that float32 would lose these.
LARGEST, STEP = 9.0, 1000.0
# A number follows where it changes by more than this. A change by less than this part of the largest is rounding.
FOLLOWS, STAYS = STEP / 100, 1e-5
SCALES = (0.0, 2.0, 50.0)
# The most numbers of other arguments among which a factor is looked for.
MOST_FACTORS = 200


@dataclass(frozen=True)
class Fill:
    """Arguments with random numbers. `steps` are positive, and say by how much each number of `name` is changed.

    `filled` are the other tensors with new numbers: from 1 to 3 in size, and no two alike.
    """

    name: str
    arguments: Mapping[str, Any]
    steps: torch.Tensor
    filled: Mapping[str, torch.Tensor]

    @property
    def base(self) -> torch.Tensor:
        """Return the numbers of the argument before they are changed."""
        base: torch.Tensor = self.arguments[self.name]
        return base

    def with_(self, values: torch.Tensor) -> dict[str, Any]:
        """Return the arguments with other numbers in the traced one."""
        return {**self.arguments, self.name: values}


@dataclass(frozen=True)
class Reads:
    """What is read of an argument, and how much each of these numbers counts, in the order of the box."""

    box: Box
    weights: tuple[float, ...]


def fill(arguments: Mapping[str, Any], name: str, kept: Sequence[str], seed: int) -> Fill:
    """Return a call's arguments with other numbers in its tensors, except in those named in `kept`."""
    choose = torch.Generator().manual_seed(seed)
    others = {
        key: value
        for key, value in arguments.items()
        if key not in (name, *kept) and isinstance(value, torch.Tensor) and value.is_floating_point()
    }
    counts = [value.numel() for value in others.values()]
    sizes = 1 + 2 * torch.randperm(sum(counts), generator=choose) / max(1, sum(counts))
    signed = sizes * (torch.randint(0, 2, sizes.shape, generator=choose) * 2 - 1)
    filled = {
        key: numbers.reshape(others[key].shape)
        for key, numbers in zip(others, torch.split(signed, counts), strict=True)
    }
    shape = arguments[name].shape
    base = (torch.rand(shape, generator=choose) * 2 - 1) * LARGEST
    steps = (1 + torch.rand(shape, generator=choose)) * STEP
    return Fill(name, {**arguments, **filled, name: base}, steps, filled)


def reads(ask: Ask, given: Fill, at: Sequence[int], box: Box | None = None) -> Reads:
    """Return what the number at a position reads. Raises Silent where that is not certain, or is no box.

    With a `box`, only see whether this is what it reads.
    """
    numbers = _Numbers(ask, given, tuple(at))
    numbers.require_scale()
    box = numbers.along_axes() if box is None else box
    inside = torch.zeros_like(given.base, dtype=torch.bool)
    for cell in product(*box):
        inside[cell] = True
    moves = numbers.moves([_only(inside, cell) for cell in product(*box)])
    if not all(moves):
        raise Silent
    weights = [move / float(given.steps[cell]) for move, cell in zip(moves, product(*box), strict=True)]
    # The numbers outside change together: all in one direction, then some in the other.
    if not bool(inside.all()) and any(numbers.moves([~inside, ~inside * given.base.sign()])):
        raise Silent
    numbers.require_same()
    return Reads(box, tuple(weights))


def factors(given: Fill, found: Reads) -> list[tuple[str, tuple[int, ...]]]:
    """Return by which number of another argument each number of the box is multiplied. Raises Silent where by none."""
    others = [
        (name, index, float(value[index]))
        for name, value in given.filled.items()
        for index in product(*map(range, value.shape))
    ]
    if not others or len(others) > MOST_FACTORS:
        raise Silent
    matched = []
    for weight in found.weights:
        name, index, value = min(others, key=lambda other: abs(other[2] - weight))
        if abs(value - weight) > 0.5 / MOST_FACTORS:
            raise Silent
        matched.append((name, index))
    return matched


def scrambled(given: Fill, box: Box, values: torch.Tensor) -> torch.Tensor:
    """Return values of the traced argument with other numbers everywhere but in a box."""
    changed = given.base * STEP
    for cell in product(*box):
        changed[cell] = values[cell]
    return changed


def number_in(answer: torch.Tensor, at: tuple[int, ...]) -> float:
    """Return the number at a position of an answer. Raises Silent where it is not finite."""
    number = float(answer[at])
    if not math.isfinite(number):
        raise Silent
    return number


class _Numbers:
    """The number at one position of the answers to calls that differ in the traced argument."""

    def __init__(self, ask: Ask, given: Fill, at: tuple[int, ...]) -> None:
        self._ask, self._given, self._at = ask, given, at
        (answer,) = ask([given.arguments])
        self._base = number_in(answer, at)

    def require_scale(self) -> None:
        """Raise Silent unless the number grows as the argument does, but for what is added to it."""
        answers = self._ask([self._given.with_(self._given.base * scale) for scale in SCALES])
        added = number_in(answers[0], self._at)
        for answer, scale in zip(answers, SCALES, strict=True):
            should = added + scale * (self._base - added)
            if abs(number_in(answer, self._at) - should) > STAYS * _largest(answer):
                raise Silent

    def require_same(self) -> None:
        """Raise Silent where the first call now has another answer."""
        (answer,) = self._ask([self._given.arguments])
        if float(answer[self._at]) != self._base:
            raise Silent

    def along_axes(self) -> Box:
        """Return, for each axis, the indices whose numbers it follows when all of them change. Raises Silent."""
        shape = self._given.base.shape
        places = [(axis, index) for axis, size in enumerate(shape) for index in range(size)]
        masks = []
        for axis, index in places:
            mask = torch.zeros(shape, dtype=torch.bool)
            mask.select(axis, index).fill_(True)
            masks.append(mask)
        # Where several numbers change, their parts may nearly cancel: any change but rounding counts.
        moves = dict(zip(places, self.moves(masks, least=0.0), strict=True))
        box = tuple(tuple(index for index in range(size) if moves[axis, index]) for axis, size in enumerate(shape))
        if any(box) and not all(box):
            raise Silent
        return box

    def moves(self, masks: Sequence[torch.Tensor], least: float = FOLLOWS) -> list[float]:
        """Return by how much the number changes when the numbers under each mask grow, or else when they shrink.

        Where a mask is -1, they shrink first.
        Raises Silent where it changes by less than `least`, and by more than rounding.
        """
        raised = self._changes([mask * self._given.steps for mask in masks], least)
        left = [index for index, change in enumerate(raised) if not change]
        lowered = self._changes([masks[index] * -self._given.steps for index in left], least)
        for index, change in zip(left, lowered, strict=True):
            raised[index] = -change
        return raised

    def _changes(self, steps: Sequence[torch.Tensor], least: float) -> list[float]:
        answers = self._ask([self._given.with_(self._given.base + step) for step in steps]) if steps else []
        changes = []
        for answer in answers:
            change = number_in(answer, self._at) - self._base
            is_rounding = abs(change) <= STAYS * _largest(answer)
            if not is_rounding and abs(change) <= least:
                raise Silent
            changes.append(0.0 if is_rounding else change)
        return changes


def _largest(answer: torch.Tensor) -> float:
    finite = answer[torch.isfinite(answer)].abs()
    return float(finite.max()) if finite.numel() else 0.0


def _only(like: torch.Tensor, cell: tuple[int, ...]) -> torch.Tensor:
    mask = torch.zeros_like(like)
    mask[cell] = True
    return mask
