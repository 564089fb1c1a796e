"""Decide whether the loops and the names that reports call idle, or None, are so; and whether they are to blame."""

import re
from collections.abc import Iterator
from dataclasses import replace

from autograder.report import condition_messages as messages
from autograder.report.report import CheckResult
from autograder.sandbox.answers import Raised, Wrong
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.suite.cases import Case
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE
from autograder.suite.load import load_suite
from tests.diagnose.answers import Answer
from tests.diagnose.edited import FRESH_KEYS


def _pattern(template: str) -> re.Pattern[str]:
    fields = re.sub(r"\\\{(\w+)\\\}", lambda found: f"(?P<{found[1]}>.+?)", re.escape(template))
    return re.compile(fields)


NO_TURN, IS_NONE = _pattern(messages.NO_TURN), _pattern(messages.IS_NONE)


def places(result: CheckResult) -> list[tuple[int, int]]:
    """Return the cells and lines that a report calls idle, or that it says set a name to None."""
    found = [pattern.search(result.condition or "") for pattern in (NO_TURN, IS_NONE)]
    return [(int(each["cell"].removeprefix("cell ")), int(each["line"])) for each in found if each]


def doubts(answer: Answer, result: CheckResult, sandbox: Sandbox) -> Iterator[str]:
    """Yield what is false: a line that was not changed, and a loop that makes a turn."""
    for place in places(result):
        if not answer.is_stranger and place != (answer.cell, answer.line):
            yield f"{result.condition} But line {answer.line} of cell {answer.cell} was changed"
    idle = NO_TURN.search(result.condition or "")
    if idle and _makes_a_turn(answer, *places(result)[0], sandbox):
        yield f"{result.condition} But it makes one"


def _makes_a_turn(answer: Answer, number: int, line: int, sandbox: Sandbox) -> bool:
    """Return whether a call under other keys meets an error that is put into the loop."""
    at = next(at for at, cell in enumerate(answer.submission.cells) if cell.label == f"cell {number}")
    cell = answer.submission.cells[at]
    lines = cell.source.split("\n")
    indent = re.match(r"\s*", lines[line])
    assert indent is not None
    source = "\n".join([*lines[:line], f"{indent[0]}raise RuntimeError('a turn')", *lines[line:]])
    cells = [*answer.submission.cells[:at], replace(cell, source=source), *answer.submission.cells[at + 1 :]]
    suite = load_suite(answer.submission.assignment)
    with Session(sandbox, replace(answer.submission, cells=tuple(cells)), PRELUDE, suite.forbids) as session:
        learner = Learner(session, 0)
        cases = (case for check in suite.checks for key in FRESH_KEYS for case in check.drawn(key))
        return any(_meets_it(learner, case) for case in cases if case.function == answer.function)


def _meets_it(learner: Learner, case: Case) -> bool:
    try:
        learner.call(case)
    except Wrong as wrong:
        return isinstance(wrong, Raised) and wrong.said == "a turn"
    return False
