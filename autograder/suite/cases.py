"""Random calls for the hidden checks: options covered pairwise, numbers drawn from a key, smallest first."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from autograder.key import Key, derived
from autograder.suite.draw import Draw, Row
from autograder.suite.pairwise import pairwise_rows

SHAPES = ("tall", "wide", "square")
NUMBERS = ("integers", "reals")
SPELLED = ("all", "needed")
LAYOUTS = ("contiguous", "transposed", "sliced")
ONE_OR_MANY = ("one", "many")


class Omitted:
    """Stands for an argument that the call leaves out."""

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
    window: Callable[[Mapping[str, Any], Sequence[int]], Any] | None = None

    @property
    def size(self) -> int:
        """How many numbers the call holds: the measure of "smallest first". Without a tensor, how large they are."""
        tensors = [value for value in self.arguments.values() if isinstance(value, torch.Tensor)]
        if tensors:
            return sum(tensor.numel() for tensor in tensors)
        numbers = (value if isinstance(value, tuple) else (value,) for value in self.arguments.values())
        return sum(abs(number) for pair in numbers for number in pair if isinstance(number, int))


def smallest_first(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Whole numbers before reals, and within each the smaller call first, then the smaller answer."""

    def key(case: Case) -> tuple[str, int, int]:
        answer = case.expected.numel() if isinstance(case.expected, torch.Tensor) else 0
        return case.row.get("numbers", "integers"), case.size, answer

    return tuple(sorted(cases, key=key))


@dataclass(frozen=True, eq=False)
class Space:
    """All the calls that one check, or a suite, may make of one function.

    `axes` are the options and the values that each may have; every pair of values of two axes meets in some row.
    `arguments` turns a row into the call's arguments in order; `reference` gives the right answer to them.
    `defaults` are options that a call may leave out when they have just that value (axis `spelled`).
    `fits` rejects rows that make no sense. `extra` are rows of their own, over the axes' first values.
    `window` tells which part of the input an output looks at, from the arguments and its position (see windows).
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
    window: Callable[[Mapping[str, Any], Sequence[int]], Any] | None = None

    def where(self, **only: Any) -> "Space":
        """The part of the space where each named axis has only this value, or only these (a list)."""
        for name, values in only.items():
            if name not in self.axes:
                raise ValueError(f"{self.function} has no axis {name!r}; it has {', '.join(self.axes)}")
            if not isinstance(values, list):
                only[name] = [values]
        return replace(self, axes={**self.axes, **{name: tuple(values) for name, values in only.items()}})

    def plus(self, *rows: Row) -> "Space":
        """The space and these edges: rows that name what matters and take the axes' first values for the rest."""
        return replace(self, extra=(*self.extra, *rows))

    def drawn(self, key: Key | int, name: str) -> tuple[Case, ...]:
        """The cases for a key, smallest first; `name` sets one check's cases apart from another's."""
        first = {axis: values[0] for axis, values in self.axes.items()}
        rows = [dict(zip(self.axes, values, strict=True)) for values in pairwise_rows(self._key())]
        rows = list(itertools.islice(itertools.cycle(rows), max(len(rows), self.at_least)))
        rows += [{**first, **row} for row in self.extra]
        sources = (derived(key, name, self.function, index) for index in range(len(rows)))
        return smallest_first(self.case(Draw(source, row)) for source, row in zip(sources, rows, strict=True))

    def drawn_for(self, submission: str, key: Key | int, name: str) -> Case:
        """One case for a submission alone: its digest and the key draw the numbers, and which row they fit.

        The row is one that the whole class meets as well. So what is new is the numbers, and whoever handles all
        options and sizes that the class meets handles these.
        """
        source = derived(key, name, self.function, "for", submission)
        rows = pairwise_rows(self._key())
        # By the last bytes: the numbers are drawn from the first.
        chosen = rows[int.from_bytes(source[16:]) % len(rows)]
        return self.case(Draw(source[:16], dict(zip(self.axes, chosen, strict=True))))

    def case(self, draw: Draw) -> Case:
        """The call that this draw and its row of options make."""
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
