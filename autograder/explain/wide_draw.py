"""Draw further calls of a check's space: more mixed than those of the check, so that they tell conditions apart."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch

from autograder.suite.cases import Case, Space
from autograder.suite.draw import Draw, both

# One in so many draws has one of the space's additional rows, an odd size, a bias with a 0. One in so many keeps whole
# numbers: wrong sums of few of them are often right by chance.
EXTRA, ODD_SIZE, ZERO, WHOLE = 4, 2, 3, 3
MOST_OUTPUTS = 4
# Other numbers are smaller than this, and multiples of a quarter. So float32 keeps products of two or three of them,
# and the sums of these, to the last digit: no machine's order of additions makes a right answer wrong.
LARGEST, LARGEST_OF_THREE = 40, 12
QUARTERS = 4


class WideDraw(Draw):
    """Draws what checks seldom do: equal counts, kernels and results of any size, a bias with a 0.

    What the space keeps square stays square.
    """

    def kernel_size(self, low: int = 1, high: int = 4) -> tuple[int, int]:
        """Return (KH, KW), as in Draw."""
        fixed = "kernel_size" in self.row or self.row.get("kernel_shape", "square") != "square"
        if fixed or self.integer(1, ODD_SIZE) > 1:
            return super().kernel_size(low, high)
        return self.pair("square", low, min(high, 3))

    def input_size(
        self,
        kernel_size: tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        dilation: int = 1,
    ) -> tuple[int, int]:
        """Return (H, W), as in Draw, or with a result of a single row or column."""
        if "input_size" in self.row or self.integer(1, ODD_SIZE) > 1:
            return super().input_size(kernel_size, stride, padding, dilation)
        reach = [(size - 1) * dilation + 1 - 2 * pad for size, pad in zip(kernel_size, both(padding), strict=True)]
        over = [self.integer(0, step - 1) if self.row.get("remainder") else 0 for step in both(stride)]
        steps = [self.integer(0, MOST_OUTPUTS - 1) * step + more for step, more in zip(both(stride), over, strict=True)]
        height, width = (max(1, least + step) for least, step in zip(reach, steps, strict=True))
        if self.row.get("input_shape", "square") != "square":
            return height, width
        side = max(height, width)
        return side, side

    def counts(self) -> tuple[int, int, int]:
        """Return N, C and F, as in Draw."""
        if "counts" in self.row:
            return super().counts()
        axes = ("images", "channels", "filters")
        images, channels, filters = (1 if self.row.get(axis, "one") == "one" else self.integer(2, 4) for axis in axes)
        return images, channels, filters

    def tensor(self, *shape: int) -> torch.Tensor:
        """Return a tensor, as in Draw."""
        if len(shape) == 1 and self.row.get("numbers") == "integers" and self.integer(1, ZERO) == 1:
            return torch.tensor(self._with_a_zero(shape[0]), dtype=torch.float32)
        return super().tensor(*shape)


def one_more(space: Space, source: bytes) -> Sequence[Case]:
    """Return a call with a random row of the space's options; none where this row makes no sense."""
    choose = Draw(source[16:], {})
    row = {axis: choose.choice(values) for axis, values in space.axes.items()}
    if space.extra and choose.integer(1, EXTRA) == 1:
        row = {axis: values[0] for axis, values in space.axes.items()} | dict(choose.choice(space.extra))
    if "reals" in space.axes.get("numbers", ()) and choose.integer(1, WHOLE) > 1:
        row["numbers"] = "reals"
    try:
        return [space.case(WideDraw(source[:16], row))] if space.fits(row) else []
    except ValueError:
        return []


def with_other_numbers(case: Case, reference: Callable[..., Any], seed: int) -> Case:
    """Return the same call with other numbers: whole ones stay whole, signs stay, and zeros stay where they are."""
    choose = torch.Generator().manual_seed(seed)
    factors = sum(isinstance(value, torch.Tensor) and value.dim() == 4 for value in case.arguments.values())
    largest = LARGEST if factors < 3 else LARGEST_OF_THREE
    arguments = {}
    for name, value in case.arguments.items():
        arguments[name] = value
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            sizes = torch.randint(1, largest, value.shape, generator=choose).to(value.dtype)
            is_whole = bool((value == value.round()).all())
            quarters = 0 if is_whole else torch.randint(0, QUARTERS, value.shape, generator=choose)
            arguments[name] = value.sign() * (sizes + quarters / QUARTERS)
    return replace(case, arguments=arguments, expected=reference(**arguments))


def turned(case: Case, reference: Callable[..., Any]) -> Sequence[Case]:
    """Return the same call with height and width exchanged; none where the function takes no such call."""
    arguments = {}
    for name, value in case.arguments.items():
        if isinstance(value, torch.Tensor) and value.dim() in (2, 4):
            value = value.transpose(-1, -2).contiguous()
        arguments[name] = value[::-1] if isinstance(value, tuple) else value
    try:
        return [replace(case, arguments=arguments, expected=reference(**arguments))]
    except (ValueError, RuntimeError, IndexError, TypeError):
        return []
