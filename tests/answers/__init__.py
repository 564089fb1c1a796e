"""The answers that the hidden suites are tested by: right ones in several styles, and wrong ones with one mistake each.

Each is a small function with a telling name, in the module of its step. The decorators say which of the step's
functions it stands for, and for a wrong one which checks it must fail; no other check may fail, though checks that
build on a failed one are skipped.
"""

import importlib
import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.misconceptions.bank import Known, misconceptions, styles
from autograder.notebook import Cell, Submission

STEPS = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")


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


def answers_for(step: str) -> list[Known]:
    """All answers of a step, in the order in which they are written, wherever they are."""
    if importlib.util.find_spec(f"answers.{step}") is None:
        return [*styles(step), *misconceptions(step)]
    module = importlib.import_module(f"answers.{step}")
    return [
        _known(value.answer) for value in vars(module).values() if isinstance(getattr(value, "answer", None), Answer)
    ]


def _known(a: Answer) -> Known:
    return Known(a.step, a.name, a.function, a.fails, "", "", a.name, a.before, a.body, library=a.mistake == 15)


def submission(answer: Known) -> Submission:
    """What a learner hands in who gives this answer, and right ones to the step's other functions."""
    others: dict[str, Known] = {}
    for other in answers_for(answer.step):
        if not other.checks and other.function != answer.function:
            others.setdefault(other.function, other)
    sources = [source for known in (*others.values(), answer) for source in known.sources]
    return Submission(answer.step, answer.name, tuple(Cell(f"cell {n}", s) for n, s in enumerate(sources, 1)))
