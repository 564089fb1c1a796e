"""Compare the answers of a check in one pass. Only where one is wrong, compare each by itself, to say what is wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import torch

from autograder.sandbox.answers import Wrong
from autograder.suite.tolerance import TOLERANCE


@dataclass(frozen=True)
class Waiting:
    """An answer, the expected one, the scale of its tolerance, what compares it by itself, and its case."""

    got: torch.Tensor
    expected: torch.Tensor
    scale: float
    alone: Callable[[], None]
    case: Any


@dataclass
class Pass:
    """The answers that wait to be compared, in the order of their calls. `case` is that of the calls to come."""

    case: Any = None
    waiting: list[Waiting] = field(default_factory=list)

    def add(self, got: torch.Tensor, expected: torch.Tensor, scale: float, alone: Callable[[], None]) -> None:
        """Let an answer wait, with the expected one, of the same shape."""
        self.waiting.append(Waiting(got, expected, scale, alone, self.case))

    def compare(self) -> None:
        """Raise Wrong, with its case, for the first answer that is wrong."""
        if self.waiting and not self.all_close():
            for each in self.waiting:
                with _about(each.case):
                    each.alone()

    def all_close(self) -> bool:
        """Return whether all answers that wait are within the tolerance. If not, one of them may still be right."""
        got = torch.cat([each.got.flatten().double() for each in self.waiting])
        expected = torch.cat([each.expected.flatten().double() for each in self.waiting])
        # With the least tolerance of all, nothing passes here that would not pass by itself. NaN and inf never do.
        least = TOLERANCE * min(each.scale for each in self.waiting)
        return bool(((got - expected).abs() <= least + TOLERANCE * expected.abs()).all())


@contextmanager
def _about(case: Any) -> Iterator[None]:
    """Give what is wrong its case, unless it has one."""
    try:
        yield
    except Wrong as wrong:
        wrong.case = wrong.case or case
        raise


_current: ContextVar[Pass | None] = ContextVar("current", default=None)


@contextmanager
def at_once() -> Iterator[Pass]:
    """Let the answers that are compared in this block wait for its end, and compare them in one pass.

    Raises Wrong, with its case, for the first answer that is wrong, even if a later call in the block has raised.
    """
    waiting = Pass()
    token = _current.set(waiting)
    try:
        yield waiting
    except Exception as problem:
        waiting.compare()
        with _about(waiting.case):
            raise problem
    finally:
        _current.reset(token)
    waiting.compare()


def compare_values(got: torch.Tensor, expected: torch.Tensor, scale: float, alone: Callable[[], None]) -> None:
    """Compare two tensors of one shape by `alone()`, which may raise Wrong; in a block of `at_once`, when it ends.

    `scale` is as in `agree`.
    """
    waiting = _current.get()
    if waiting is None:
        alone()
    else:
        waiting.add(got, expected, scale, alone)
