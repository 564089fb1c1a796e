"""Find a loop that a function comes past, and that makes no turn in any call of the checks."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace

from autograder.explain.edits.candidates import Definition, code_of, definitions
from autograder.explain.edits.search import Edited, OutOfCalls, Search
from autograder.explain.edits.trials import Trial, of_checks
from autograder.report import condition_messages as messages
from autograder.sandbox.answers import NoAnswer, Raised, Wrong
from autograder.sanitize import one_line
from autograder.suite.check import Learner
from autograder.suite.load import Suite

Loop = ast.For | ast.While
# An error that no learner's code raises.
MARK = "this line was reached"
# Calls that must come past the loop.
ENOUGH = 4


def unturned(search: Search, suite: Suite, learner: Learner, function: str) -> str | None:
    """Return the line of the only loop that makes no turn, in a sentence; None where there is none, or several.

    Raises NoAnswer.
    """
    found = definitions(learner.session.submission, function)
    loops = list(_loops(found))
    if not loops or search.calls <= 0:
        return None
    trials = list(of_checks(suite, learner, function))
    lazy: list[tuple[Definition, Loop]] = []
    try:
        with search.open(learner.session.submission) as session:
            trying = replace(learner, session=Edited(session, search.calls))
            for definition, loop, body in loops:
                after, inside = _marked(found, body, body.index(loop) + 1), _marked(found, loop.body, 0)
                # What it runs over may raise: then calls do not come past it.
                if not any(_reached(trying, inside, trials)) and sum(_reached(trying, after, trials)) >= ENOUGH:
                    lazy.append((definition, loop))
    except OutOfCalls:
        return None
    if len(lazy) != 1:
        return None
    definition, loop = lazy[0]
    cell = learner.session.submission.cells[definition.cell]
    code = one_line(cell.source.split("\n")[loop.lineno - 1]).strip()
    return messages.NO_TURN.format(line=loop.lineno, cell=one_line(cell.label), code=code, calls=len(trials))


def _loops(found: Iterable[Definition]) -> Iterator[tuple[Definition, Loop, list[ast.stmt]]]:
    """Yield the loops, each with the statements among which it stands."""
    for definition in found:
        for node in ast.walk(definition.tree):
            for _, body in ast.iter_fields(node):
                for statement in body if isinstance(body, list) else ():
                    if isinstance(statement, ast.For | ast.While):
                        yield definition, statement, body


def _marked(found: list[Definition], body: list[ast.stmt], at: int) -> str:
    """Return the code with an error that is raised at this place among the statements."""
    body.insert(at, ast.parse(f"raise RuntimeError({MARK!r})").body[0])
    try:
        return code_of(found)
    finally:
        del body[at]


def _reached(trying: Learner, code: str, trials: Iterable[Trial]) -> Iterator[bool]:
    """Yield, for each call, whether it met the mark. Raises OutOfCalls, and NoAnswer where a call was stopped."""
    assert isinstance(trying.session, Edited)
    trying.session.code = code
    for _, case in trials:
        try:
            trying.call(case)
        except NoAnswer:
            raise
        except Wrong as wrong:
            yield isinstance(wrong, Raised) and wrong.said == MARK
        else:
            yield False
