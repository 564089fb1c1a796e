"""Tell where a function reads its input for the first wrong number, and where it should read.

The function is called as often as needed with other numbers of the same shapes, and PyTorch's own answer likewise.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import torch

from autograder.explain.ask import Right, Yours, part_of
from autograder.explain.counterexample import expected_of, first_wrong
from autograder.explain.probe import Silent
from autograder.explain.reads import STAYS, Ask, Box, Fill, Reads, factors, fill, number_in, reads, scrambled
from autograder.key import derived
from autograder.report import trace_messages as messages
from autograder.report.report import Factor, Trace
from autograder.report.window import Window
from autograder.report.wording import at as in_words
from autograder.report.wording import numbers
from autograder.sandbox.answers import NoAnswer, Wrong
from autograder.suite.check import Check, Learner

# Arguments that are traced, the first that the call has.
TRACED = ("input", "X", "kernel")
# Arguments that keep their numbers: they say where to read, or are only added.
KEPT = ("offset", "bias")
FILLS = 2


def trace(learner: Learner, check: Check, wrong: Wrong, calls: int) -> Trace | None:
    """Return what the first wrong number is computed from, and what it should be; None where that is not certain.

    Make at most `calls` calls. Raises NoAnswer.
    """
    at, case = first_wrong(wrong), wrong.case
    space = check.space_of(case) if case else None
    if at is None or space is None or isinstance(wrong, NoAnswer):
        return None
    window = case.window(case.arguments, at) if case.window else None
    try:
        name = _traced(case.arguments, window)
        part, shape = part_of(wrong), expected_of(wrong).shape
        seeds = [int.from_bytes(derived(learner.key, "trace", check.id, number)[:7]) for number in range(FILLS)]
        fills = [fill(case.arguments, name, KEPT, seed) for seed in seeds]
        should = _agreed(Right(space.reference, part, shape), fills, at)
        found = _found(learner, Yours(learner, case, part, shape, calls), wrong, fills, at)
        if found[0].box != should[0].box:
            return _of_reads(name, found[0].box, should[0].box, case.arguments, in_words(at, window), window)
        return _of_factors(name, fills, found, should, in_words(at, window))
    except Silent:
        return None


def _traced(arguments: Mapping[str, Any], window: Window | None) -> str:
    """Return the argument to trace: what the window lies on. Raises Silent where there is none."""
    name = window.on.name if window and window.on else next((each for each in TRACED if each in arguments), "")
    value = arguments.get(name)
    between = any(not float(each).is_integer() for place in (window and window.places) or () for each in place)
    if not isinstance(value, torch.Tensor) or value.dim() not in messages.AXES or between:
        raise Silent
    return name


def _found(learner: Learner, ask: Ask, wrong: Wrong, fills: Sequence[Fill], at: tuple[int, ...]) -> list[Reads]:
    """Return what the learner's function reads, with each fill. Raises Silent where that is not certain."""
    # A fresh worker has seen no hidden call, so that what it reads can tell nothing of them.
    learner.session.renew()
    found = _agreed(ask, fills, at)
    # A function that remembers its first answer gives another one here.
    learner.session.renew()
    own, name = wrong.case.arguments, fills[0].name
    others = [scrambled(each, found[0].box, own[name]) for each in fills]
    for answer in ask([{**own, name: values} for values in (*others, own[name])]):
        if abs(number_in(answer, at) - float(wrong.got[at])) > STAYS * max(1.0, abs(float(answer[at]))):
            raise Silent
    return found


def _agreed(ask: Ask, fills: Sequence[Fill], at: tuple[int, ...]) -> list[Reads]:
    """Return what is read, and how much each number counts, with each fill. Raises Silent where they disagree."""
    first = reads(ask, fills[0], at)
    return [first, *(reads(ask, each, at, first.box) for each in fills[1:])]


def _of_reads(name: str, mine: Box, right: Box, arguments: Mapping[str, Any], at: str, window: Window | None) -> Trace:
    """Return that other numbers are read than should be."""
    shape = arguments[name].shape
    padded = any(window.padding) if window else bool(arguments.get("padding"))
    unpadded = padded and name in ("input", "X")
    words = (messages.READS if all(mine) else messages.READS_NONE).format(
        at=at,
        name=messages.UNPADDED if unpadded else messages.NAMES.get(name, name),
        reads=_in_words(mine, right, shape),
        should=_in_words(right, mine, shape) or (messages.PADDING if unpadded else messages.NOTHING),
    )
    return Trace(argument=name, reads=mine, should=right, text=words)


def _in_words(box: Box, other: Box, shape: Sequence[int]) -> str:
    """Return what is read in words; "" where it is nothing. An image or a channel is named where the boxes differ."""
    if not all(box):
        return ""
    axes = [numbers(indices, *words) for indices, words in zip(box, messages.AXES[len(box)], strict=True)]
    inner = len(box) - (1 if len(box) == 3 else 2)
    outer = [axes[axis] for axis in range(inner) if box[axis] != other[axis] and shape[axis] > 1]
    if not outer or box[inner:] != other[inner:]:
        outer.append(messages.AND.join(axes[inner:]))
    return ", ".join(outer)


def _of_factors(
    name: str, fills: Sequence[Fill], found: Sequence[Reads], should: Sequence[Reads], at: str
) -> Trace | None:
    """Return that the right numbers are multiplied by others than they should be; None where that is not certain."""
    mine, right = ([factors(each, one) for each, one in zip(fills, many, strict=True)] for many in (found, should))
    if mine[0] != mine[1] or right[0] != right[1]:
        return None
    for cell, factor, better in zip(product(*found[0].box), mine[0], right[0], strict=True):
        if factor != better:
            words = messages.MULTIPLIES.format(
                at=at, number=_item(name, cell), factor=_item(*factor), should=_item(*better)
            )
            one = tuple((index,) for index in cell)
            return Trace(
                argument=name, reads=one, should=one, factor=Factor(name=factor[0], index=factor[1]), text=words
            )
    return None


def _item(name: str, index: Sequence[int]) -> str:
    return f"{name}{list(index)}"
