"""A condition on a call, and functions that make the tests in the table of conditions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from autograder.explain.call import DEFAULTS, Call, Pair

Test = Callable[[Call], bool | None]


@dataclass(frozen=True, eq=False)
class Condition:
    """Something that holds for some calls and not for others, in words that follow “exactly when”.

    With `alone`, it is never said together with another: it would only fit by chance.
    """

    phrase: str
    holds: Test
    alone: bool = False


def option(name: str, least: int) -> Test:
    """Return a test whether an option is above `least` on some axis."""

    def test(call: Call) -> bool | None:
        value = call.option(name) if name in DEFAULTS else None
        return None if value is None else max(value) > least

    return test


def bias(call: Call) -> bool | None:
    """Return whether there is a bias other than 0."""
    value = call.arguments.get("bias")
    if isinstance(value, bool):
        return value
    return value is not None and bool(torch.as_tensor(value).any())


def many(axis: int) -> Test:
    """Return a test whether the input has several images, or several channels."""

    def test(call: Call) -> bool | None:
        return None if call.image is None or call.image.dim() < 3 else call.image.shape[axis] > 1

    return test


def kernels(call: Call) -> bool | None:
    """Return whether there are several kernels."""
    return None if call.kernel is None or call.kernel.dim() < 3 else call.kernel.shape[0] > 1


def of(pair: str, test: Callable[[int, int], bool]) -> Test:
    """Return a test of a pair of the call: `size`, `window`, `left_over`, or an option."""

    def holds(call: Call) -> bool | None:
        value = call.option(pair) if pair in DEFAULTS else getattr(call, pair)
        return None if value is None else test(*value)

    return holds


def of_result(test: Callable[[int, int], bool]) -> Test:
    """Return a test of the height and width of the right answer."""

    def holds(call: Call) -> bool | None:
        return test(*call.result[-2:]) if call.result and len(call.result) in (2, 4) else None

    return holds


def window_and(pair: str, test: Callable[[Pair, Pair], bool]) -> Test:
    """Return a test of the kernel's height and width together with another pair of the call."""

    def holds(call: Call) -> bool | None:
        other = call.option(pair) if pair in DEFAULTS else getattr(call, pair)
        return None if other is None or call.window is None else test(call.window, other)

    return holds


def numbers(test: Callable[[torch.Tensor], Any]) -> Test:
    """Return a test of the numbers of the input."""

    def holds(call: Call) -> bool | None:
        return None if call.image is None else bool(test(call.image))

    return holds


def is_pair(name: str) -> Test:
    """Return a test whether an option is passed as a pair."""
    return lambda call: isinstance(call.arguments[name], (tuple, list)) if name in call.arguments else None


def left_out(name: str) -> Test:
    """Return a test whether the call leaves an argument out."""
    return lambda call: name not in call.arguments


def mode(name: str) -> Test:
    """Return a test whether pooling has this mode."""
    return lambda call: call.arguments.get("mode", "max") == name if "X" in call.arguments else None


def more_than(count: int) -> Test:
    """Return a test whether the input has more than so many channels."""
    return lambda call: None if call.image is None or call.image.dim() < 4 else call.image.shape[1] > count


def of_bias(test: Callable[[torch.Tensor], Any]) -> Test:
    """Return a test of the numbers of the bias; false where there is none."""

    def holds(call: Call) -> bool | None:
        bias = call.arguments.get("bias")
        return bias is not None and not isinstance(bias, bool) and bool(test(torch.as_tensor(bias)))

    return holds


def as_many_as_kernels(axis: int) -> Test:
    """Return a test whether an axis of the right answer is as long as there are kernels."""

    def holds(call: Call) -> bool | None:
        if call.kernel is None or call.kernel.dim() < 4 or not call.result or len(call.result) < 4:
            return None
        return call.kernel.shape[0] == call.result[axis]

    return holds


def same_count(call: Call) -> bool | None:
    """Return whether there are as many kernels as channels."""
    if call.kernel is None or call.kernel.dim() < 4 or call.image is None:
        return None
    return call.kernel.shape[0] == call.image.shape[1]


def above(value: str, name: str, least: int) -> tuple[Condition, Condition]:
    """Return the conditions that an option is above `least`, and that it is not."""
    test = option(name, least)
    return Condition(f"{value} is above {least}", test), _opposite(f"{value} is {_at_most(name, least)}", test)


def _at_most(name: str, least: int) -> str:
    return str(least) if least == DEFAULTS[name] else f"at most {least}"


def _opposite(phrase: str, test: Test, *, alone: bool = False) -> Condition:
    def holds(call: Call) -> bool | None:
        value = test(call)
        return None if value is None else not value

    return Condition(phrase, holds, alone)


def either(phrase: str, test: Test, other: str, *, alone: bool = False) -> tuple[Condition, Condition]:
    """Return a condition and its opposite."""
    return Condition(phrase, test, alone), _opposite(other, test, alone=alone)
