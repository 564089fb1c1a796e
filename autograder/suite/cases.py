"""Random calls for the hidden checks: options covered pairwise, numbers drawn from a seed, smallest first."""

import hashlib
import itertools
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import torch

Row = Mapping[str, Any]

SHAPES = ("tall", "wide", "square")
NUMBERS = ("integers", "reals")
SPELLED = ("all", "needed")
LAYOUTS = ("contiguous", "transposed", "sliced")
ONE_OR_MANY = ("one", "many")
COVER_SEED = 0
MAX_TRIES = 200


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


class Draw:
    """Draws sizes and numbers for one row of options. The same seed draws the same."""

    def __init__(self, seed: str, row: Row) -> None:
        self.row = row
        self._random = random.Random(int.from_bytes(hashlib.sha256(seed.encode()).digest()))

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def choice(self, options: Sequence[Any]) -> Any:
        """One of the options."""
        return self._random.choice(options)

    def pair(self, shape: str, low: int, high: int) -> tuple[int, int]:
        """A height and a width: taller than wide, wider than tall, or equal."""
        if shape == "square":
            side = self.whole(low, high)
            return side, side
        small, large = sorted(self._random.sample(range(low, high + 1), 2))
        return (large, small) if shape == "tall" else (small, large)

    def kernel_size(self, low: int = 1, high: int = 4) -> tuple[int, int]:
        """(KH, KW), as the row's kernel_shape says, or exactly the row's kernel_size."""
        if "kernel_size" in self.row:
            return self.row["kernel_size"]
        shape = self.row.get("kernel_shape", "square")
        return self.pair(shape, max(low, 2) if shape == "square" else low, min(high, 3) if shape == "square" else high)

    def input_size(
        self,
        kernel_size: tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        dilation: int = 1,
    ) -> tuple[int, int]:
        """(H, W) that the kernel fits, shaped as the row's input_shape says, or exactly the row's input_size.

        With the row's remainder true, the stride does not reach the last rows or the last columns.
        """
        if "input_size" in self.row:
            return self.row["input_size"]
        shape = self.row.get("input_shape", "square")
        strides, paddings = both(stride), both(padding)
        for largest in range(3, 12):
            for _ in range(MAX_TRIES):
                over = [self.whole(0, step - 1) for step in strides]
                height, width = (
                    (self.whole(2, largest) - 1) * strides[axis]
                    + (kernel_size[axis] - 1) * dilation
                    + 1
                    - 2 * paddings[axis]
                    + over[axis]
                    for axis in (0, 1)
                )
                reached = self.row.get("remainder") and max(strides) > 1 and not any(over)
                if min(height, width) >= 2 and _shape_of(height, width) == shape and not reached:
                    return height, width
        raise ValueError(f"no input of shape {shape!r} for a kernel {kernel_size} with {dict(self.row)}")

    def tensor(self, *shape: int) -> torch.Tensor:
        """A float32 tensor of distinct numbers, none of them 0: whole ones, or reals with three decimals.

        Where the row's numbers are "zeros", they are small whole ones, of which one is 0 and two are equal.
        """
        count = 1
        for size in shape:
            count *= size
        if self.row.get("numbers") == "zeros":
            return torch.tensor(self._with_a_zero(count), dtype=torch.float32).reshape(shape)
        reals = self.row.get("numbers", "integers") == "reals"
        # No right answer may fail for the order in which it adds up. Sums of products of these reals stay small enough
        # for float32 to keep five decimals; of these whole numbers below 2**24, so that float32 makes no error at all.
        reach = max(2000, count) if reals else max(4, count * 2 // 3 + 1)
        choices = [number for number in range(-reach, reach + 1) if number]
        drawn = torch.tensor(self._random.sample(choices, count), dtype=torch.float64) / (1000 if reals else 1)
        return drawn.to(torch.float32).reshape(shape)

    def _with_a_zero(self, count: int) -> list[int]:
        few = self._random.choices([-3, -2, -1, 1, 2, 3], k=max(1, count - 2))
        numbers = [few[0], 0, *few][:count]
        self._random.shuffle(numbers)
        return numbers

    def counts(self) -> tuple[int, int, int]:
        """N, C and F: each 1, or 2 to 4 and different from the others where the row says "many"; or the row's own."""
        if "counts" in self.row:
            return self.row["counts"]
        many = self._random.sample((2, 3, 4), 3)
        axes = ("images", "channels", "filters")
        images, channels, filters = (
            1 if self.row.get(axis, "one") == "one" else many[index] for index, axis in enumerate(axes)
        )
        return images, channels, filters

    def number(self) -> float:
        """One number that is not 0."""
        return float(self.tensor(1).item())


def both(value: int | Sequence[int]) -> tuple[int, int]:
    """A number for both axes, or a pair as it is."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def smallest_first(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Whole numbers before reals, and within each the smaller call first, then the smaller answer."""

    def key(case: Case) -> tuple[str, int, int]:
        answer = case.expected.numel() if isinstance(case.expected, torch.Tensor) else 0
        return case.row.get("numbers", "integers"), case.size, answer

    return tuple(sorted(cases, key=key))


def _shape_of(height: int, width: int) -> str:
    return "square" if height == width else "tall" if height > width else "wide"


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

    def drawn(self, seed: int, name: str) -> tuple[Case, ...]:
        """The cases for a seed, smallest first; `name` sets one check's cases apart from another's."""
        first = {axis: values[0] for axis, values in self.axes.items()}
        rows = [dict(zip(self.axes, values, strict=True)) for values in _cover(self._key())]
        rows = list(itertools.islice(itertools.cycle(rows), max(len(rows), self.at_least)))
        rows += [{**first, **row} for row in self.extra]
        draws = [Draw(f"{seed}/{self.function}/{name}/{index}", row) for index, row in enumerate(rows)]
        return smallest_first(self.case(draw) for draw in draws)

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


@cache
def _cover(key: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
    """Rows in which every pair of values of two axes meets, found greedily. The same for every seed."""
    axes, fits = key
    names = [name for name, _ in axes]
    choose = random.Random(COVER_SEED)

    def pairs(row: Sequence[Any]) -> set[tuple[Any, ...]]:
        indexed = [(names[i], values.index(row[i])) for i, (_, values) in enumerate(axes)]
        return set(itertools.combinations(indexed, 2)) or set(itertools.combinations(indexed, 1))

    def completed(wanted: Iterable[tuple[str, int]]) -> tuple[Any, ...] | None:
        fixed = dict(wanted)
        for _ in range(MAX_TRIES):
            row = tuple(values[fixed[name]] if name in fixed else choose.choice(values) for name, values in axes)
            if fits(dict(zip(names, row, strict=True))):
                return row
        return None

    open_pairs = {
        wanted
        for size in (2 if len(axes) > 1 else 1,)
        for some in itertools.combinations(axes, size)
        for wanted in itertools.product(*([(name, index) for index in range(len(values))] for name, values in some))
    }
    rows: list[tuple[Any, ...]] = []
    while open_pairs:
        wanted = min(open_pairs)
        candidates = [row for row in (completed(wanted) for _ in range(12)) if row is not None]
        if not candidates:
            open_pairs.discard(wanted)
            continue
        best = max(candidates, key=lambda row: len(pairs(row) & open_pairs))
        open_pairs -= pairs(best)
        rows.append(best)
    return tuple(rows)
