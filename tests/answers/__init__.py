"""The answers that the hidden suites are tested by: right ones in several styles, and wrong ones with one mistake each.

Each is a small function with a telling name, in the module of its step. The decorators say which of the step's
functions it stands for, and for a wrong one which checks it must fail; no other check may fail, though checks that
build on a failed one are skipped.
"""

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.notebook import Cell, Submission

STEPS = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")

# The mistakes that learners are known to make; every one must be among the wrong answers, under its number.
MISTAKES = {
    1: "a region's row in the matrix is row + column, not a running number",
    2: "rows and columns exchanged in F.pad's tuple",
    3: "height and width mixed: right on squares only",
    4: "the size comes from a global variable, not from the argument",
    5: "the bias added once for each input channel",
    6: "a bias that is left out or None breaks the call",
    7: "a padding tuple with too few entries, or one that reaches channels or the batch",
    8: "output size without the stride, rounded up, or stride on one axis only",
    9: "only the last input channel counts",
    10: "dilation in the size but not in the slice, or a span off by one",
    11: "groups: the input channel or the bias counted from the group's own beginning",
    12: "the kernel flipped",
    13: "pooling: zeros as padding for the maximum, padding left out of the mean, stride 1 for None",
    14: "transposed convolution by convolving, or with a kernel that is not turned",
    15: "the library function that the step is about",
    16: "in place, whole numbers, axes squeezed, or right for the plainest call only",
}


@dataclass(frozen=True)
class Answer:
    """One function in a step's module; `fails` is empty for a right one."""

    step: str
    name: str
    function: str
    fails: tuple[str, ...]
    mistake: int | None
    before: str
    body: Callable[..., Any]

    @property
    def source(self) -> str:
        """The code of a cell that defines it under the name that learners use."""
        text = inspect.getsource(self.body)
        return f"{self.before}\n{text[text.index('def ') :]}\n{self.function} = {self.name}\n"


def right(function: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Marks a right answer. The first one for a function stands in where another function is the one under test."""
    return _marked(function, (), None, "")


def wrong(
    function: str, *, fails: str | tuple[str, ...], mistake: int | None = None, before: str = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Marks a wrong answer and the checks that it must fail. `before` is code that stands before the function."""
    return _marked(function, (fails,) if isinstance(fails, str) else fails, mistake, before)


def _marked(function: str, fails: tuple[str, ...], mistake: int | None, before: str) -> Any:
    def mark(body: Callable[..., Any]) -> Callable[..., Any]:
        step = body.__module__.rpartition(".")[2]
        body.answer = Answer(step, body.__name__, function, fails, mistake, before, body)  # type: ignore[attr-defined]
        return body

    return mark


def answers_for(step: str) -> list[Answer]:
    """All answers of a step, in the order in which they are written."""
    module = importlib.import_module(f"answers.{step}")
    return [value.answer for value in vars(module).values() if isinstance(getattr(value, "answer", None), Answer)]


def submission(answer: Answer) -> Submission:
    """What a learner hands in who gives this answer, and right ones to the step's other functions."""
    others: dict[str, Answer] = {}
    for other in answers_for(answer.step):
        if not other.fails and other.function != answer.function:
            others.setdefault(other.function, other)
    sources = [other.source for other in others.values()] + [answer.source]
    return Submission(answer.step, answer.name, tuple(Cell(f"cell {n}", s) for n, s in enumerate(sources, 1)))
