"""What conditions ask about one call: its sizes, options and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from autograder.suite.cases import Case
from autograder.suite.draw import both

IMAGES = ("input", "X", "images")
KERNELS = ("kernel", "depthwise")
WINDOWS = ("pool_size", "kernel_size", "size")
DEFAULTS = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}

Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Call:
    """A call that conditions ask about. What it does not have is None."""

    case: Case

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Return the arguments as the call spells them."""
        return self.case.arguments

    @cached_property
    def image(self) -> torch.Tensor | None:
        """Return the input: a matrix, a batch of images or of signals."""
        return self._first(IMAGES)

    @cached_property
    def kernel(self) -> torch.Tensor | None:
        """Return the kernel: also the weight of a layer that slides, but not that of a dense layer."""
        weight, image = self.arguments.get("weight"), self.image
        slides = isinstance(weight, torch.Tensor) and image is not None and weight.dim() == image.dim() == 4
        return weight if slides else self._first(KERNELS)

    def _first(self, names: tuple[str, ...]) -> torch.Tensor | None:
        tensors = (self.arguments.get(name) for name in names)
        return next((each for each in tensors if isinstance(each, torch.Tensor) and each.dim() > 1), None)

    @cached_property
    def is_line(self) -> bool:
        """Return whether the input has one axis to slide along."""
        return self.image is not None and self.kernel is not None and self.image.dim() == self.kernel.dim() == 3

    @cached_property
    def window(self) -> Pair | None:
        """Return the height and width of the kernel or of the window; None where there is none, or on a line."""
        if self.is_line:
            return None
        if self.kernel is not None:
            return _pair(self.kernel.shape[-2:])
        sizes = (self.arguments.get(name) for name in WINDOWS if name != "size" or self.image is not None)
        return next((_pair(size) for size in sizes if isinstance(size, (int, tuple, list))), None)

    @cached_property
    def size(self) -> Pair | None:
        """Return the height and width of the input, without padding; None where it has none, or on a line."""
        if self.image is not None and not self.is_line:
            return _pair(self.image.shape[-2:])
        size = self.arguments.get("input_size")
        return _pair(size) if isinstance(size, (tuple, list)) else None

    def option(self, name: str) -> Pair | None:
        """Return an option for both axes, its default where the call leaves it out; None where it is nothing known."""
        value = self.arguments.get(name, DEFAULTS.get(name))
        pools = "pool_size" in self.arguments or ("size" in self.arguments and self.image is not None)
        if name == "stride" and pools and self.arguments.get(name) is None:
            return self.window
        return _pair(value) if isinstance(value, (int, tuple, list)) and not isinstance(value, bool) else None

    @cached_property
    def room(self) -> Pair | None:
        """Return by how many rows and columns the kernel is smaller than the padded input."""
        padding, dilation = self.option("padding"), self.option("dilation")
        if self.size is None or self.window is None or padding is None or dilation is None:
            return None
        down, right = (
            size + 2 * pad - (reach - 1) * apart - 1
            for size, pad, reach, apart in zip(self.size, padding, self.window, dilation, strict=True)
        )
        return down, right

    @cached_property
    def left_over(self) -> Pair | None:
        """Return how many rows and columns of the padded input the stride does not reach."""
        stride = self.option("stride")
        if stride is None or self.room is None:
            return None
        return self.room[0] % max(1, stride[0]), self.room[1] % max(1, stride[1])

    @cached_property
    def result(self) -> tuple[int, ...] | None:
        """Return the shape of the right answer."""
        return tuple(self.case.expected.shape) if isinstance(self.case.expected, torch.Tensor) else None


def _pair(value: Any) -> Pair:
    height, width = both(tuple(value) if isinstance(value, (list, torch.Size)) else value)
    return height, width
