"""How known answers are written down, wrong ones and right ones, and where all of a step's are found.

Each is a small function with a telling name, in wrong_answers.py or right_answers.py of its step.
"""

import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol, cast

from autograder.notebooks.read import Cell, Submission

PRELUDE = "import math\n\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


@dataclass(frozen=True, eq=False)
class Known:
    """A known answer to one of a step's functions; `checks` are those that it must fail, none for a right one.

    `says` is the mistake in a sentence and `hint` a hint that does not give the answer away, both for the learner.
    Mistakes with the same `alias` cannot be told apart by any call. `helpers` are what it uses of cells before its own.
    Where `library` is true, the only mistake is to call what the step forbids: nothing but the sandbox sees it.
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
    helpers: tuple[Callable[..., Any], ...] = ()
    library: bool = False

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
    def sources(self) -> tuple[str, ...]:
        """The code of all its cells: one for each helper, and its own."""
        return (*(inspect.getsource(helper) for helper in self.helpers), self.source)

    @property
    def submission(self) -> Submission:
        """What a learner hands in who gives this answer, and right ones to the step's other functions."""
        others: dict[str, Known] = {}
        for other in styles(self.step):
            if other.function != self.function:
                others.setdefault(other.function, other)
        sources = [source for known in (*others.values(), self) for source in known.sources]
        return Submission(self.step, self.name, tuple(Cell(f"cell {n}", text) for n, text in enumerate(sources, 1)))


def right(
    function: str, *, helpers: tuple[Callable[..., Any], ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Marks a right answer. The first one for a function stands in where another function is the one under test.

    `helpers` are functions and classes of its module that a learner would have in cells before.
    """

    def mark(body: Callable[..., Any]) -> Callable[..., Any]:
        facts = {"function": function, "checks": (), "says": "", "hint": "", "alias": body.__name__, "before": ""}
        return _marked(body, **facts, helpers=helpers)

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
    """Marks a wrong answer; its docstring is the sentence that tells the learner what the mistake is.

    `fails` are the checks that it must fail. `before` is code that stands before the function, `helpers` are functions
    of its module in cells before. `library` marks one whose only mistake is to call what the step forbids.
    """

    def mark(body: Callable[..., Any]) -> Callable[..., Any]:
        if not body.__doc__ or not hint:
            raise ValueError(f"{body.__name__} needs a docstring that says what is wrong, and a hint")
        checks = (fails,) if isinstance(fails, str) else fails
        says = " ".join(body.__doc__.split())
        told = {"says": says, "hint": hint, "alias": alias or body.__name__}
        code = {"before": before, "helpers": helpers, "library": library}
        return _marked(body, function=function, checks=checks, **told, **code)

    return mark


def shared(step: str, function: str, *bodies: Callable[..., Any], fails: str = "") -> tuple[Known, ...]:
    """The same answers, marked for a function of another step as well: one whose contract is the same.

    They fail the checks of the same names there, or `fails`. To be kept under a name at the top of that step's module.
    """
    known = (cast(Marked, body).known for body in bodies)
    return tuple(
        replace(each, step=step, function=function, checks=(fails,) if fails else each.checks) for each in known
    )


class Marked(Protocol):
    """What a marked function carries."""

    known: Known


def _marked(body: Callable[..., Any], **facts: Any) -> Callable[..., Any]:
    step = body.__module__.split(".")[-2]
    cast(Marked, body).known = Known(step=step, name=body.__name__, body=body, **facts)
    return body


def misconceptions(step: str) -> tuple[Known, ...]:
    """The known-wrong answers of a step, in the order in which they are written."""
    return _all_in(f"autograder.steps.{step}.wrong_answers")


def styles(step: str) -> tuple[Known, ...]:
    """The right answers of a step, in the order in which they are written."""
    return _all_in(f"autograder.steps.{step}.right_answers")


@cache
def _all_in(module: str) -> tuple[Known, ...]:
    if not _is_there(module):
        return ()
    found: list[Known] = []
    for value in vars(importlib.import_module(module)).values():
        found += [known for known in (value if isinstance(value, tuple) else ()) if isinstance(known, Known)]
        found += [known for known in (getattr(value, "known", None),) if isinstance(known, Known)]
    return tuple(found)


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
