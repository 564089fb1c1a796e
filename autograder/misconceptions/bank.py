"""How known answers are written down, wrong ones and right ones, and where all of a step's are found.

Each is a small function with a telling name in the module of its step: misconceptions/<step>.py, styles/<step>.py.
"""

import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from autograder.notebook import Cell, Submission

PRELUDE = "import math\n\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


@dataclass(frozen=True, eq=False)
class Known:
    """A known answer to one of a step's functions; `checks` are those that it must fail, none for a right one.

    `says` is the mistake in a sentence and `hint` a hint that does not give the answer away, both for the learner.
    Mistakes with the same `alias` cannot be told apart by any call.
    """

    step: str
    name: str
    function: str
    checks: tuple[str, ...]
    says: str
    hint: str
    alias: str
    before: str
    body: Callable[..., Any]

    @property
    def id(self) -> str:
        """The name as reports show it: words with hyphens."""
        return self.name.replace("_", "-")

    @property
    def source(self) -> str:
        """The code of a cell that defines it under the name that learners use."""
        text = inspect.getsource(self.body)
        return f"{self.before}\n{text[text.index('def ') :]}\n{self.function} = {self.name}\n"

    @property
    def submission(self) -> Submission:
        """What a learner hands in who gives this answer, and right ones to the step's other functions."""
        others: dict[str, Known] = {}
        for other in styles(self.step):
            if other.function != self.function:
                others.setdefault(other.function, other)
        sources = [*(other.source for other in others.values()), self.source]
        return Submission(self.step, self.name, tuple(Cell(f"cell {n}", text) for n, text in enumerate(sources, 1)))


def right(function: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Marks a right answer. The first one for a function stands in where another function is the one under test."""

    def mark(body: Callable[..., Any]) -> Callable[..., Any]:
        return _marked(body, function=function, checks=(), says="", hint="", alias=body.__name__, before="")

    return mark


def wrong(
    function: str, *, fails: str | tuple[str, ...], hint: str, alias: str = "", before: str = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Marks a wrong answer; its docstring is the sentence that tells the learner what the mistake is.

    `fails` are the checks that it must fail. `before` is code that stands before the function.
    """

    def mark(body: Callable[..., Any]) -> Callable[..., Any]:
        if not body.__doc__ or not hint:
            raise ValueError(f"{body.__name__} needs a docstring that says what is wrong, and a hint")
        checks = (fails,) if isinstance(fails, str) else fails
        says = " ".join(body.__doc__.split())
        name_as = alias or body.__name__
        return _marked(body, function=function, checks=checks, says=says, hint=hint, alias=name_as, before=before)

    return mark


def _marked(body: Callable[..., Any], **facts: Any) -> Callable[..., Any]:
    step = body.__module__.rpartition(".")[2]
    body.known = Known(step=step, name=body.__name__, body=body, **facts)  # type: ignore[attr-defined]
    return body


def misconceptions(step: str) -> tuple[Known, ...]:
    """The known-wrong answers of a step, in the order in which they are written."""
    return _all_in(f"autograder.misconceptions.{step}")


def styles(step: str) -> tuple[Known, ...]:
    """The right answers of a step, in the order in which they are written."""
    return _all_in(f"autograder.styles.{step}")


@cache
def _all_in(module: str) -> tuple[Known, ...]:
    if importlib.util.find_spec(module) is None:
        return ()
    found = vars(importlib.import_module(module)).values()
    return tuple(value.known for value in found if isinstance(getattr(value, "known", None), Known))
