"""The conditions on one call that may tell when a function goes wrong: one table, the simplest first.

Each is a phrase and a test. A test returns None where the call does not have what it is about.
"""

from collections.abc import Callable, Mapping
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
    """What conditions ask about one call: sizes, options and numbers."""

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


Test = Callable[[Call], bool | None]


@dataclass(frozen=True, eq=False)
class Condition:
    """Something that holds for some calls and not for others, in words that follow “exactly when”.

    With `alone`, it is never said together with another: it would only fit by chance.
    """

    phrase: str
    holds: Test
    alone: bool = False


def _option(name: str, least: int) -> Test:
    def test(call: Call) -> bool | None:
        value = call.option(name) if name in DEFAULTS else None
        return None if value is None else max(value) > least

    return test


def _bias(call: Call) -> bool | None:
    bias = call.arguments.get("bias")
    if isinstance(bias, bool):
        return bias
    return bias is not None and bool(torch.as_tensor(bias).any())


def _many(axis: int) -> Test:
    def test(call: Call) -> bool | None:
        return None if call.image is None or call.image.dim() < 3 else call.image.shape[axis] > 1

    return test


def _kernels(call: Call) -> bool | None:
    return None if call.kernel is None or call.kernel.dim() < 3 else call.kernel.shape[0] > 1


def _of(pair: str, test: Callable[[int, int], bool]) -> Test:
    """Return a test of a pair of the call: `size`, `window`, `left_over`, or an option."""

    def holds(call: Call) -> bool | None:
        value = call.option(pair) if pair in DEFAULTS else getattr(call, pair)
        return None if value is None else test(*value)

    return holds


def _of_result(test: Callable[[int, int], bool]) -> Test:
    def holds(call: Call) -> bool | None:
        return test(*call.result[-2:]) if call.result and len(call.result) in (2, 4) else None

    return holds


def _window_and(pair: str, test: Callable[[Pair, Pair], bool]) -> Test:
    def holds(call: Call) -> bool | None:
        other = call.option(pair) if pair in DEFAULTS else getattr(call, pair)
        return None if other is None or call.window is None else test(call.window, other)

    return holds


def _numbers(test: Callable[[torch.Tensor], Any]) -> Test:
    def holds(call: Call) -> bool | None:
        return None if call.image is None else bool(test(call.image))

    return holds


def _is_pair(name: str) -> Test:
    return lambda call: isinstance(call.arguments[name], (tuple, list)) if name in call.arguments else None


def _left_out(name: str) -> Test:
    return lambda call: name not in call.arguments


def _mode(mode: str) -> Test:
    return lambda call: call.arguments.get("mode", "max") == mode if "X" in call.arguments else None


def _more_than(count: int) -> Test:
    return lambda call: None if call.image is None or call.image.dim() < 4 else call.image.shape[1] > count


def _of_bias(test: Callable[[torch.Tensor], Any]) -> Test:
    def holds(call: Call) -> bool | None:
        bias = call.arguments.get("bias")
        return bias is not None and not isinstance(bias, bool) and bool(test(torch.as_tensor(bias)))

    return holds


def _as_many_as_kernels(axis: int) -> Test:
    def holds(call: Call) -> bool | None:
        if call.kernel is None or call.kernel.dim() < 4 or not call.result or len(call.result) < 4:
            return None
        return call.kernel.shape[0] == call.result[axis]

    return holds


def _same_count(call: Call) -> bool | None:
    if call.kernel is None or call.kernel.dim() < 4 or call.image is None:
        return None
    return call.kernel.shape[0] == call.image.shape[1]


def _above(value: str, name: str, least: int) -> tuple[Condition, Condition]:
    """Return the conditions that an option is above `least`, and that it is not."""
    test = _option(name, least)
    return Condition(f"{value} is above {least}", test), _not(f"{value} is {_at_most(name, least)}", test)


def _at_most(name: str, least: int) -> str:
    return str(least) if least == DEFAULTS[name] else f"at most {least}"


def _not(phrase: str, test: Test, *, alone: bool = False) -> Condition:
    def holds(call: Call) -> bool | None:
        value = test(call)
        return None if value is None else not value

    return Condition(phrase, holds, alone)


def _either(phrase: str, test: Test, other: str, *, alone: bool = False) -> tuple[Condition, Condition]:
    """Return a condition and its opposite."""
    return Condition(phrase, test, alone), _not(other, test, alone=alone)


# {kernel} is “kernel”, or “window” where a function has none.
CONDITIONS: tuple[Condition, ...] = (
    *_above("the stride", "stride", 1),
    *_above("the padding", "padding", 0),
    *_above("the dilation", "dilation", 1),
    *_above("the number of groups", "groups", 1),
    *_either("there is a bias", _bias, "there is no bias"),
    *_either("the batch has several images", _many(0), "the batch has one image"),
    *_either("the input has several channels", _many(1), "the input has one channel"),
    *_either("there are several kernels", _kernels, "there is one kernel"),
    *_either("the mode is 'avg'", _mode("avg"), "the mode is 'max'"),
    *_either("the {kernel} is not square", _of("window", lambda h, w: h != w), "the {kernel} is square"),
    *_either("the input is not square", _of("size", lambda h, w: h != w), "the input is square"),
    *_either("the result is not square", _of_result(lambda h, w: h != w), "the result is square"),
    *_either("rows or columns are left over", _of("left_over", lambda h, w: h + w > 0), "nothing is left over"),
    *_either("rows are left over", _of("left_over", lambda h, _: h > 0), "no rows are left over"),
    *_either("columns are left over", _of("left_over", lambda _, w: w > 0), "no columns are left over"),
    *_either("the stride is a pair", _is_pair("stride"), "the stride is a number"),
    *_either("the padding is a pair", _is_pair("padding"), "the padding is a number"),
    *_either(
        "the stride differs between the axes",
        _of("stride", lambda h, w: h != w),
        "the stride is the same on both axes",
    ),
    *_either(
        "the padding differs between the axes",
        _of("padding", lambda h, w: h != w),
        "the padding is the same on both axes",
    ),
    *(
        Condition(f"{what} is {more} than {less}", _of(pair, test))
        for what, pair in (("the {kernel}", "window"), ("the input", "size"))
        for more, less, test in (
            ("taller", "wide", lambda h, w: h > w),
            ("wider", "tall", lambda h, w: h < w),
        )
    ),
    *_either("the {kernel} is 1 × 1", _of("window", lambda h, w: h == w == 1), "the {kernel} is larger than 1 × 1"),
    *_either("the {kernel} has one row", _of("window", lambda h, _: h == 1), "the {kernel} has several rows"),
    *_either("the {kernel} has one column", _of("window", lambda _, w: w == 1), "the {kernel} has several columns"),
    *_either("the result has one row", _of_result(lambda h, _: h == 1), "the result has several rows"),
    *_either("the result has one column", _of_result(lambda _, w: w == 1), "the result has several columns"),
    *_either("the result is 1 × 1", _of_result(lambda h, w: h == w == 1), "the result is larger than 1 × 1"),
    *_either(
        "the {kernel} has room to move down",
        _of("room", lambda down, _: down > 0),
        "the {kernel} has no room to move down",
    ),
    *_either(
        "the {kernel} has room to move to the right",
        _of("room", lambda _, right: right > 0),
        "the {kernel} has no room to move to the right",
    ),
    *_above("the stride", "stride", 2),
    *_above("the padding", "padding", 1),
    *_either(
        "the stride is larger than a side of the {kernel}",
        _window_and("stride", lambda window, stride: any(s > k for s, k in zip(stride, window, strict=True))),
        "the stride is at most both sides of the {kernel}",
    ),
    *_either(
        "the stride is larger than both sides of the {kernel}",
        _window_and("stride", lambda window, stride: all(s > k for s, k in zip(stride, window, strict=True))),
        "the stride is at most one of the sides of the {kernel}",
    ),
    *_either(
        "the padding is at least a side of the {kernel}",
        _window_and("padding", lambda window, pad: any(p >= k for p, k in zip(pad, window, strict=True))),
        "the padding is smaller than both sides of the {kernel}",
    ),
    *_either(
        "the padding is at least both sides of the {kernel}",
        _window_and("padding", lambda window, pad: all(p >= k for p, k in zip(pad, window, strict=True))),
        "the padding is smaller than one of the sides of the {kernel}",
    ),
    *_either(
        "the {kernel} is as large as the input",
        _window_and("size", lambda window, size: window == size),
        "the {kernel} is smaller than the input",
    ),
    *_either(
        "the height of the {kernel} is even",
        _of("window", lambda h, _: h % 2 == 0),
        "the height of the {kernel} is odd",
    ),
    *_either(
        "the width of the {kernel} is even", _of("window", lambda _, w: w % 2 == 0), "the width of the {kernel} is odd"
    ),
    *_either("there are as many kernels as channels", _same_count, "there are more or fewer kernels than channels"),
    *_either(
        "the result has as many columns as kernels",
        _as_many_as_kernels(-1),
        "the result has more or fewer columns than kernels",
    ),
    *_either(
        "the batch has as many images as there are kernels",
        _as_many_as_kernels(0),
        "the batch has more or fewer images than kernels",
    ),
    *_either("the input has more than 3 channels", _more_than(3), "the input has at most 3 channels"),
    *_either("the input has more than 2 channels", _more_than(2), "the input has at most 2 channels"),
    *_either("the input has one row", _of("size", lambda h, _: h == 1), "the input has several rows"),
    *_either("the input has one column", _of("size", lambda _, w: w == 1), "the input has several columns"),
    *_either(
        "the input has one row or one column",
        _of("size", lambda h, w: min(h, w) == 1),
        "the input has several rows and columns",
    ),
    *_either(
        "the bias is a tensor",
        lambda call: isinstance(call.arguments.get("bias"), torch.Tensor),
        "the bias is no tensor",
    ),
    *_either("the bias holds a 0", _of_bias(lambda bias: (bias == 0).any()), "the bias holds no 0"),
    *_either("the bias holds a negative number", _of_bias(lambda bias: (bias < 0).any()), "no bias is negative"),
    *_either(
        "the input holds fractions",
        _numbers(lambda image: (image != image.round()).any()),
        "the input holds whole numbers only",
    ),
    *_either(
        "all numbers of the input are negative",
        _numbers(lambda image: (image < 0).all()),
        "some number of the input is 0 or more",
    ),
    *_either("the input holds a 0", _numbers(lambda image: (image == 0).any()), "the input holds no 0"),
    *_either(
        "the tensors are views that are not contiguous",
        lambda call: call.case.layout != "contiguous",
        "the tensors are contiguous",
    ),
    *_either(
        "the tensors are transposed views",
        lambda call: call.case.layout == "transposed",
        "the tensors are no transposed views",
    ),
    *(
        condition
        for name in ("bias", "stride", "padding", "dilation", "groups", "mode")
        for condition in _either(f"the call leaves out {name}", _left_out(name), f"the call passes {name}", alone=True)
    ),
)
