"""Find the smallest call that still goes wrong, with Hypothesis and a budget of calls.

The budget is in calls, not seconds, so that the result depends on the key and the submission alone.
"""

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any

import torch
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import HypothesisException

from autograder.key import derived
from autograder.sandbox.answers import NoAnswer, Raised, Wrong
from autograder.suite.cases import Case, Space
from autograder.suite.check import Check, Learner
from autograder.suite.draw import Draw, Row, both

LARGEST = 9
# Ways to fill a tensor: first 1, 2, 3, …, then -1, -2, -3, …, then small random numbers.
WAYS = 50
# The last calls of the budget try 1, 2, 3, … and -1, -2, -3, … in the smallest call that was found,
COUNTED_CALLS = 2
# and this call without an option: these are the options, and their values where they are switched off.
OFF = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
RESERVED = COUNTED_CALLS + len(OFF)
FREE_AXES = ("input_shape", "kernel_shape", "remainder")


# Hypothesis analyses a new strategy before its first draw, which takes longer than the draw.
@lru_cache(maxsize=1024, typed=True)
def _one_of(*options: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(options)


@lru_cache(maxsize=1024)
def _whole(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


class SmallDraw(Draw):
    """Draws as Hypothesis decides: small sizes and small integers first."""

    def __init__(self, decide: Any, row: Row) -> None:
        self.row = row
        self._decide = decide

    def integer(self, low: int, high: int) -> int:
        number: int = self._decide(_whole(low, high))
        return number

    def choice(self, options: Sequence[Any]) -> Any:
        # By their places, since options need not be hashable.
        return options[self._decide(_one_of(*range(len(options))))]

    def pair(self, shape: str, low: int, high: int) -> tuple[int, int]:
        return self.integer(low, high), self.integer(low, high)

    def kernel_size(self, low: int = 1, high: int = 3) -> tuple[int, int]:
        if "kernel_size" in self.row:
            return self.row_size("kernel_size")
        return self.pair("", low, min(high, 3))

    def input_size(self, kernel_size: Any, stride: Any = 1, padding: Any = 0, dilation: int = 1) -> tuple[int, int]:
        if "input_size" in self.row:
            return self.row_size("input_size")
        reach = [(size - 1) * dilation + 1 - 2 * pad for size, pad in zip(kernel_size, both(padding), strict=True)]
        height, width = (max(1, least) + self.integer(0, 3) for least in reach)
        return height, width

    def tensor(self, *shape: int) -> torch.Tensor:
        # One decision fills the whole tensor. With a decision for each number, the calls would run out before the sizes
        # shrink.
        count = torch.Size(shape).numel()
        way = self.integer(0, WAYS)
        if way < 2:
            numbers = [number if way == 0 else -number for number in range(1, count + 1)]
        else:
            numbers = random.Random(way).choices(range(-LARGEST, LARGEST + 1), k=count)
        return torch.tensor(numbers, dtype=torch.float32).reshape(shape)

    def counts(self) -> tuple[int, int, int]:
        axes = ("images", "channels", "filters")
        images, channels, filters = (1 if self.row.get(axis, "one") == "one" else self.integer(1, 3) for axis in axes)
        return images, channels, filters


def smallest(learner: Learner, check: Check, wrong: Wrong, calls: int) -> Wrong:
    """Return a wrong answer of the same kind to the smallest call that `calls` tries find; at worst the one given."""
    space = check.space_of(wrong.case) if wrong.case else None
    if space is None or isinstance(wrong, NoAnswer):
        return wrong
    best, kind, left = wrong, how_wrong(wrong), max(0, calls - RESERVED)

    def still_wrong(case: Case) -> bool:
        nonlocal best, left
        if left <= 0:
            return False
        left -= 1
        try:
            check.body(learner, case)
        except NoAnswer:
            left = 0
            return False
        except Wrong as smaller:
            if how_wrong(smaller) != kind:
                return False
            smaller.case = smaller.case or case
            if _weight(case) < _weight(best.case):
                best = smaller
            return True
        return False

    with _leaving_no_folder(), suppress(HypothesisException):
        find(
            _calls(space, wrong.case.row),
            still_wrong,
            settings=_settings(calls),
            random=random.Random(derived(learner.key, "smallest", check.id)),
        )
    best = _counted(learner, check, space, best) if calls > COUNTED_CALLS else best
    best = _without_options(learner, check, space, best) if calls > RESERVED else best
    best.shrunk = True
    return best


def _settings(calls: int) -> settings:
    return settings(
        max_examples=max(1, calls // 2),
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@contextmanager
def _leaving_no_folder() -> Iterator[None]:
    """Keep Hypothesis from writing a folder into the working directory."""
    set_hypothesis_home_dir(os.devnull)
    try:
        yield
    finally:
        set_hypothesis_home_dir(None)


def _counted(learner: Learner, check: Check, space: Space, wrong: Wrong) -> Wrong:
    """Return the same call with the numbers 1, 2, 3, … where that goes wrong, too. Zeros hide where a number went."""
    for sign in (1, -1):
        arguments = {
            name: (torch.arange(1.0, value.numel() + 1) * sign).reshape(value.shape)
            if isinstance(value, torch.Tensor) and value.is_floating_point() and name not in ("bias", "offset")
            else value
            for name, value in wrong.case.arguments.items()
        }
        case = replace(wrong.case, arguments=arguments, expected=space.reference(**arguments))
        try:
            check.body(learner, case)
        except NoAnswer:
            return wrong
        except Wrong as counted:
            if how_wrong(counted) == how_wrong(wrong):
                counted.case = counted.case or case
                return counted
    return wrong


def _without_options(learner: Learner, check: Check, space: Space, wrong: Wrong) -> Wrong:
    """Return the same call without an option that the check always sets, where that goes wrong too.

    The option is then not what makes it go wrong. `plain` of the result names it.
    """
    for name, off in OFF.items():
        value = wrong.case.arguments.get(name, off)
        if value == off or off in space.axes.get(name, (off,)):
            continue
        try:
            arguments = {**wrong.case.arguments, name: off}
            case = replace(wrong.case, arguments=arguments, expected=space.reference(**arguments))
        except RuntimeError:
            # Without its padding, the input may be smaller than the kernel.
            continue
        try:
            check.body(learner, case)
        except NoAnswer:
            return wrong
        except Wrong as plainer:
            if how_wrong(plainer) == how_wrong(wrong):
                plainer.case = plainer.case or case
                plainer.plain = {**wrong.plain, name: off}
                wrong = plainer
    return wrong


@st.composite
def _calls(draw: Any, space: Space, row: Row) -> Case:
    """Draw a call with the failing row's options, or with the plainest values of the same space."""
    chosen: dict[str, Any] = {}
    for axis, values in space.axes.items():
        options = [values[0]] if axis in FREE_AXES else list(dict.fromkeys((values[0], row.get(axis, values[0]))))
        chosen[axis] = draw(_one_of(*options))
    if not space.fits(chosen):
        chosen = {axis: row.get(axis, values[0]) for axis, values in space.axes.items()}
    chosen["numbers"] = "integers"
    return space.case(SmallDraw(draw, chosen))


def how_wrong(wrong: Wrong) -> tuple[str, ...]:
    """Return how the call went wrong: a smaller call must go wrong in the same way."""
    if isinstance(wrong, Raised):
        return ("raised", *wrong.kinds[:1])
    if isinstance(wrong.got, torch.Tensor) and isinstance(wrong.expected, torch.Tensor):
        return ("values",) if wrong.got.shape == wrong.expected.shape else ("shape",)
    return ("other",)


def _weight(case: Case) -> tuple[int, float, int]:
    """Return what makes a call large: how many numbers it and its answer hold, their sizes, its count of arguments."""
    answer = case.expected.numel() if isinstance(case.expected, torch.Tensor) else 0
    tensors = [value for value in case.arguments.values() if isinstance(value, torch.Tensor)]
    return case.size + answer, sum(float(tensor.abs().sum()) for tensor in tensors), len(case.arguments)
