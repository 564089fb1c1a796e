"""Marks known answers, right and wrong, and finds those of a step.

Each is a small function with a telling name, in the step's wrong_answers.py or right_answers.py.
"""

import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Protocol, cast

from autograder.notebooks.read import Cell, Submission
from autograder.suite.misuse import misuse

PRELUDE = "import math\n\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


@dataclass(frozen=True, eq=False)
class KnownAnswer:
    """A known answer to one of a step's functions.

    `checks` are the checks that it must fail: none for a right answer. `description` is the mistake in a sentence and
    `hint` a hint that does not give the answer away, both for the learner. No call can tell mistakes with the same
    `alias` apart. `helpers` are functions and classes that it takes from earlier cells. Where `library` is true, the
    only mistake is to call what the step forbids: only the sandbox sees that.
    """

    step: str
    name: str
    function: str
    checks: tuple[str, ...]
    description: str
    hint: str
    alias: str
    before: str
    body: Callable[..., Any]
    helpers: tuple[Callable[..., Any], ...] = ()
    library: bool = False

    @property
    def id(self) -> str:
        """Return the name as reports show it: words with hyphens."""
        return self.name.replace("_", "-")

    @property
    def source(self) -> str:
        """Return the code of a cell that defines the answer under the name that learners use."""
        text = inspect.getsource(self.body)
        return f"{self.before}\n{text[text.index('def ') :]}\n{self.function} = {self.name}\n"

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Return the code of all its cells: one for each helper, then its own."""
        return (*(inspect.getsource(helper) for helper in self.helpers), self.source)

    @cached_property
    def submission(self) -> Submission:
        """Return a submission with this answer, and with right answers to the step's other functions."""
        others: dict[str, KnownAnswer] = {}
        for other in right_answers(self.step):
            if other.function != self.function:
                others.setdefault(other.function, other)
        sources = [source for known in (*others.values(), self) for source in known.sources]
        return Submission(self.step, self.name, tuple(Cell(f"cell {n}", text) for n, text in enumerate(sources, 1)))


def right(
    function: str, *, helpers: tuple[Callable[..., Any], ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a right answer. The first one for a function is used where another function is under test.

    `helpers` are functions and classes of its module that a learner would have in earlier cells.
    """

    def mark(body: Callable[..., Any]) -> Callable[..., Any]:
        words = {"description": "", "hint": "", "alias": body.__name__}
        return _marked(body, function=function, checks=(), **words, before="", helpers=helpers)

    return mark


def wrong(
    function: str,
    *,
    fails: str | tuple[str, ...],
    hint: str,
    alias: str = "",
    before: str = "",
    helpers: tuple[Callable[..., Any], ...] = (),
    library: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a wrong answer. Its docstring is the sentence that tells the learner what the mistake is.

    `fails` are the checks that it must fail. `before` is code that goes before the function in its cell, `helpers` are
    functions of its module that go into earlier cells. `library` marks an answer whose only mistake is to call what
    the step forbids.
    """

    def mark(body: Callable[..., Any]) -> Callable[..., Any]:
        if not body.__doc__ or not hint:
            remedy = "Give it both: learners who make this mistake read them."
            raise misuse(body, "has no docstring that says what is wrong, or no hint", remedy)
        checks = (fails,) if isinstance(fails, str) else fails
        words = {"description": " ".join(body.__doc__.split()), "hint": hint, "alias": alias or body.__name__}
        code = {"before": before, "helpers": helpers, "library": library}
        return _marked(body, function=function, checks=checks, **words, **code)

    return mark


def shared(step: str, function: str, *bodies: Callable[..., Any], fails: str = "") -> tuple[KnownAnswer, ...]:
    """Return the same answers, marked for a function of another step that has the same contract.

    There they fail the checks of the same names, or `fails`. Bind the result to a name at the top of the step's module.
    """
    known = (cast(Marked, body).known for body in bodies)
    return tuple(
        replace(answer, step=step, function=function, checks=(fails,) if fails else answer.checks) for answer in known
    )


class Marked(Protocol):
    """A function that is marked as a known answer."""

    known: KnownAnswer


def _marked(body: Callable[..., Any], **facts: Any) -> Callable[..., Any]:
    step = body.__module__.split(".")[-2]
    cast(Marked, body).known = KnownAnswer(step=step, name=body.__name__, body=body, **facts)
    return body


def wrong_answers(step: str) -> tuple[KnownAnswer, ...]:
    """Return the known wrong answers of a step, in the order in which they are written."""
    return _all_in(f"autograder.steps.{step}.wrong_answers")


def right_answers(step: str) -> tuple[KnownAnswer, ...]:
    """Return the known right answers of a step, in the order in which they are written."""
    return _all_in(f"autograder.steps.{step}.right_answers")


@cache
def _all_in(module: str) -> tuple[KnownAnswer, ...]:
    if not _is_there(module):
        return ()
    answers: list[KnownAnswer] = []
    for value in vars(importlib.import_module(module)).values():
        marked = value if isinstance(value, tuple) else (getattr(value, "known", None),)
        answers += [answer for answer in marked if isinstance(answer, KnownAnswer)]
    return tuple(answers)


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
