"""Sizes and numbers of one call, drawn at random to fit a row of options."""

import random
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import torch

Row = Mapping[str, Any]


class Draw:
    """Draws sizes and numbers for one row of options; the same ones from the same bytes."""

    def __init__(self, source: bytes, row: Row) -> None:
        self.row = row
        self._random = random.Random(int.from_bytes(source))

    def integer(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return self._random.randint(low, high)

    def choice(self, options: Sequence[Any]) -> Any:
        """Return one of the options."""
        return self._random.choice(options)

    def pair(self, shape: str, low: int, high: int) -> tuple[int, int]:
        """Return a height and a width: taller than wide ("tall"), wider than tall ("wide"), or equal ("square")."""
        if shape == "square":
            side = self.integer(low, high)
            return side, side
        small, large = sorted(self._random.sample(range(low, high + 1), 2))
        return (large, small) if shape == "tall" else (small, large)

    def kernel_size(self, low: int = 1, high: int = 4) -> tuple[int, int]:
        """Return (KH, KW): the row's kernel_size, or a size of the row's kernel_shape."""
        if "kernel_size" in self.row:
            return self.row_size("kernel_size")
        shape = self.row.get("kernel_shape", "square")
        return self.pair(shape, max(low, 2) if shape == "square" else low, min(high, 3) if shape == "square" else high)

    def input_size(
        self,
        kernel_size: tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        dilation: int = 1,
    ) -> tuple[int, int]:
        """Return (H, W): the row's input_size, or a size of the row's input_shape that the kernel fits into.

        Where the row's remainder is true, the stride does not reach the last rows or the last columns.
        """
        if "input_size" in self.row:
            return self.row_size("input_size")
        shape, remainder = self.row.get("input_shape", "square"), bool(self.row.get("remainder"))
        sizes = _input_sizes(tuple(kernel_size), both(stride), both(padding), dilation, shape, remainder)
        if not sizes:
            raise ValueError(f"no input of shape {shape!r} for a kernel {kernel_size} with {dict(self.row)}")
        return self._random.choice(sizes)

    def row_size(self, name: str) -> tuple[int, int]:
        """Return the height and width that the row fixes under this name."""
        height, width = self.row[name]
        return height, width

    def tensor(self, *shape: int) -> torch.Tensor:
        """Return a float32 tensor of distinct numbers other than 0: integers, or reals with three decimals.

        Where the row's numbers are "zeros", return small integers, one of them 0 and two of them equal.
        """
        count = 1
        for size in shape:
            count *= size
        if self.row.get("numbers") == "zeros":
            return torch.tensor(self._with_a_zero(count), dtype=torch.float32).reshape(shape)
        reals = self.row.get("numbers", "integers") == "reals"
        # No right answer may fail because of the order of its additions. Sums of products stay small enough for float32
        # to keep five decimals of these reals; of these integers they stay below 2**24, where float32 is exact.
        reach = max(2000, count) if reals else max(4, count * 2 // 3 + 1)
        # From -reach to reach without 0, without making a list of all of them.
        numbers = [at - reach + (at >= reach) for at in self._random.sample(range(2 * reach), count)]
        drawn = torch.tensor(numbers, dtype=torch.float64) / (1000 if reals else 1)
        return drawn.to(torch.float32).reshape(shape)

    def _with_a_zero(self, count: int) -> list[int]:
        few = self._random.choices([-3, -2, -1, 1, 2, 3], k=max(1, count - 2))
        numbers = [few[0], 0, *few][:count]
        self._random.shuffle(numbers)
        return numbers

    def counts(self) -> tuple[int, int, int]:
        """Return N, C and F: the row's counts, or 1 each; where the row says "many", different numbers from 2 to 4."""
        if "counts" in self.row:
            images, channels, filters = self.row["counts"]
            return images, channels, filters
        many = self._random.sample((2, 3, 4), 3)
        axes = ("images", "channels", "filters")
        images, channels, filters = (
            1 if self.row.get(axis, "one") == "one" else many[index] for index, axis in enumerate(axes)
        )
        return images, channels, filters

    def number(self) -> float:
        """Return one number other than 0."""
        return float(self.tensor(1).item())


def both(value: int | Sequence[int]) -> tuple[int, int]:
    """Return a number twice, for both axes, or a pair as it is."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


@lru_cache(maxsize=4096)
def _input_sizes(
    kernel_size: tuple[int, int],
    strides: tuple[int, int],
    paddings: tuple[int, int],
    dilation: int,
    shape: str,
    remainder: bool,
) -> list[tuple[int, int]]:
    """Return the smallest possible inputs (H, W). A size that results in several ways is in the list several times."""

    def lengths(axis: int, most: int) -> list[tuple[int, int]]:
        """Return lengths of an axis for up to `most` outputs, each with what the stride does not reach."""
        reach = (kernel_size[axis] - 1) * dilation + 1 - 2 * paddings[axis]
        steps = [(outputs - 1) * strides[axis] for outputs in range(2, most + 1)]
        return [(step + reach + over, over) for step in steps for over in range(strides[axis])]

    must_leave = remainder and max(strides) > 1
    for most in range(3, 12):
        sizes = [
            (height, width)
            for height, below in lengths(0, most)
            for width, beside in lengths(1, most)
            if min(height, width) >= 2 and _shape_of(height, width) == shape
            if below or beside or not must_leave
        ]
        if sizes:
            return sizes
    return []


def _shape_of(height: int, width: int) -> str:
    return "square" if height == width else "tall" if height > width else "wide"
