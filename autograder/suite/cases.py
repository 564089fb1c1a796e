"""Draw random calls for the hidden checks.

Every pair of options occurs. A key decides the numbers. The smallest call comes first.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import torch

from autograder.key import Key, derived
from autograder.report.window import Window

# It is defined there because a worker imports nothing from here.
from autograder.sandbox.worker.values import LAYOUTS as LAYOUTS
from autograder.suite.draw import Draw, Row
from autograder.suite.misuse import misuse
from autograder.suite.pairwise import pairwise_rows

SHAPES = ("tall", "wide", "square")
NUMBERS = ("integers", "reals")
SPELLED = ("all", "needed")
ONE_OR_MANY = ("one", "many")


# Finds the window that an output looks at, from the call's arguments and the output's position: see windows.py.
FindWindow = Callable[[Mapping[str, Any], Sequence[int]], Window]


class Omitted:
    """A placeholder for an argument that the call leaves out."""

    def __repr__(self) -> str:
        return "OMITTED"


OMITTED = Omitted()


@dataclass(frozen=True, eq=False)
class Case:
    """One call of a learner's function, and what it must return."""

    function: str
    arguments: Mapping[str, Any]
    positional: tuple[str, ...]
    expected: Any
    row: Row
    layout: str = "contiguous"
    window: FindWindow | None = None

    @property
    def size(self) -> int:
        """Return the count of numbers in the call's tensors; without a tensor, the sum of its numbers.

        `smallest_first` orders cases by it.
        """
        tensors = [value for value in self.arguments.values() if isinstance(value, torch.Tensor)]
        if tensors:
            return sum(tensor.numel() for tensor in tensors)
        numbers = (value if isinstance(value, tuple) else (value,) for value in self.arguments.values())
        return sum(abs(number) for pair in numbers for number in pair if isinstance(number, int))


@lru_cache(maxsize=512)
def unseen(case: Case, *shape: int) -> torch.Tensor:
    """Return a tensor that the learner's function never sees: always the same one for the same call."""
    return Draw(repr(case.arguments).encode(), case.row).tensor(*shape)


def smallest_first(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return the cases in order: integers before reals, then the smaller call first, then the smaller answer."""

    def key(case: Case) -> tuple[str, int, int]:
        answer = case.expected.numel() if isinstance(case.expected, torch.Tensor) else 0
        return case.row.get("numbers", "integers"), case.size, answer

    return tuple(sorted(cases, key=key))


@dataclass(frozen=True, eq=False)
class Space:
    """All calls of one function that a check or suite may make.

    `axes` are the options and their values. Every pair of values of two axes occurs in some row. `arguments` turns a
    row into the call's arguments, in order, and `reference` returns the right answer to them. `defaults` are the values
    with which a call may leave an option out (axis `spelled`). `fits` rejects rows that make no sense. `extra` are
    additional rows, which take the axes' first values for what they leave out. `window` finds what an output looks at.
    """

    function: str
    arguments: Callable[[Draw], Mapping[str, Any]]
    reference: Callable[..., Any]
    axes: Mapping[str, tuple[Any, ...]]
    positional: tuple[str, ...] = ("input", "kernel")
    defaults: Mapping[str, Any] = field(default_factory=dict)
    fits: Callable[[Row], bool] = lambda row: True
    extra: tuple[Row, ...] = ()
    at_least: int = 8
    window: FindWindow | None = None

    def where(self, **only: Any) -> "Space":
        """Return the part of the space in which each named axis has the given value, or one of those in a list."""
        for name, values in only.items():
            if name not in self.axes:
                what = f"makes the arguments of a space of {self.function}, which has no axis {name!r}"
                raise misuse(self.arguments, what, f"Call where(…) with one of these: {', '.join(self.axes)}.")
            if not isinstance(values, list):
                only[name] = [values]
        return replace(self, axes={**self.axes, **{name: tuple(values) for name, values in only.items()}})

    def plus(self, *rows: Row) -> "Space":
        """Return the space with additional rows. They take the axes' first values for what they leave out."""
        return replace(self, extra=(*self.extra, *rows))

    def drawn(self, key: Key | int, name: str) -> tuple[Case, ...]:
        """Return the cases for a key, smallest first; `name` sets one check's cases apart from another's."""
        first = {axis: values[0] for axis, values in self.axes.items()}
        rows = [dict(zip(self.axes, values, strict=True)) for values in pairwise_rows(self._key())]
        rows = list(itertools.islice(itertools.cycle(rows), max(len(rows), self.at_least)))
        rows += [{**first, **row} for row in self.extra]
        sources = (derived(key, name, self.function, index) for index in range(len(rows)))
        return smallest_first(self.case(Draw(source, row)) for source, row in zip(sources, rows, strict=True))

    def drawn_for(self, submission: str, key: Key | int, name: str) -> Case:
        """Return one case for this submission alone: its digest and the key decide the row and the numbers.

        The class meets the same rows, and only the numbers are new. So code that handles the class's cases handles this
        one, too.
        """
        source = derived(key, name, self.function, "for", submission)
        rows = pairwise_rows(self._key())
        # The last bytes choose the row, because the first ones decide the numbers.
        chosen = rows[int.from_bytes(source[16:]) % len(rows)]
        return self.case(Draw(source[:16], dict(zip(self.axes, chosen, strict=True))))

    def case(self, draw: Draw) -> Case:
        """Return the call that this draw and its row of options make."""
        row = draw.row
        arguments = {name: value for name, value in self.arguments(draw).items() if value is not OMITTED}
        expected = self.reference(**arguments)
        if row.get("spelled") == "needed":
            arguments = {
                name: value
                for name, value in arguments.items()
                if not (
                    name in self.defaults and type(value) is type(self.defaults[name]) and value == self.defaults[name]
                )
            }
        positional = tuple(name for name in self.positional if name in arguments)
        layout = row.get("layout", "contiguous")
        return Case(self.function, arguments, positional, expected, row, layout, self.window)

    def _key(self) -> tuple[Any, ...]:
        return tuple(self.axes.items()), self.fits
