"""Decide whether the line of a slip is right, by calls of the edited function that no search has made.

A line can often be mended in more than one place, so the line that was changed is not the only right one. Two things
must hold. The sentence must be true: with the edit, every check of the function passes under keys that nobody has
seen. And the line must be a place of the defect: it is the line that was changed, or with the edit the function is
right in all wide draws as well, which mix options and sizes as no check does. For some strangers a person has looked
where the mistake stands (lines.py), and no other line will do.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest import mock

from autograder.explain.edits.candidates import Candidate
from autograder.explain.reactions import checks_of
from autograder.explain.wide_draw import one_more
from autograder.judge import judge
from autograder.key import Key, derived
from autograder.notebooks.read import Submission
from autograder.report.report import Outcome, Report, Slip
from autograder.sandbox.answers import Wrong
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE
from autograder.suite.load import Suite, load_suite
from tests.diagnose.answers import Answer
from tests.diagnose.lines import LINES

FRESH_KEYS = tuple(Key(derived(1618, "edits", number).hex()) for number in range(6))
# Wide draws from each space of each check.
WIDE = 24

# The edits behind the slips of a report, by submission and function.
Edits = dict[str, dict[str, tuple[Candidate, Slip]]]


@contextmanager
def watched() -> Iterator[Edits]:
    """Collect the edits behind the lines that reports name: a report holds their words alone."""
    edits: Edits = {}
    say = judge.slip

    def collect(submission: Submission, function: str, candidate: Candidate, **options: bool) -> Slip:
        said = say(submission, function, candidate, **options)
        edits.setdefault(submission.name, {})[function] = (candidate, said)
        return said

    with mock.patch.object(judge, "slip", collect):
        yield edits


def doubts(
    answer: Answer, report: Report, edits: Mapping[str, tuple[Candidate, Slip]], sandbox: Sandbox
) -> Iterator[str]:
    """Yield what is false about the lines that a report names: at most one call for each function."""
    suite = load_suite(report.assignment)
    failed = {check.id for check in report.checks if check.outcome is Outcome.FAILED}
    for function, (candidate, said) in edits.items():
        if not _stands_there(answer, candidate):
            yield f"{said.text} [{said.change}] But the mistake stands at {LINES[answer.submission.name]}"
        with Session(sandbox, candidate.within(answer.submission), PRELUDE, suite.forbids) as session:
            learner = Learner(session, 0, failed).with_help(*checks_of(suite, function))
            is_changed = f"cell {answer.cell}" == said.cell and said.lines == (answer.line,)
            calls = _drawn(suite, function) if is_changed else (*_drawn(suite, function), *_wide(suite, function))
            wrong = next((case for check, case in calls if not _passes(learner, check, case)), None)
        if wrong is not None:
            yield f"{said.text} [{said.change}] But {function} then goes wrong with {_words(wrong)}"


def _stands_there(answer: Answer, candidate: Candidate) -> bool:
    """Return whether one of the lines is where a person found the mistake; True where nobody looked."""
    lines = answer.submission.cells[candidate.definition.cell].source.split("\n")
    words = LINES.get(answer.submission.name, "")
    return any(words in lines[line - 1] for line in candidate.lines)


def _drawn(suite: Suite, function: str) -> Iterator[tuple[Check, Case]]:
    for check in checks_of(suite, function):
        for key in FRESH_KEYS:
            yield from ((check, case) for case in check.drawn(key) if case.function == function)


def _wide(suite: Suite, function: str) -> Iterator[tuple[Check, Case]]:
    for check in checks_of(suite, function):
        for space in (space for space in check.spaces if space.function == function):
            for number in range(WIDE):
                yield from ((check, case) for case in one_more(space, derived(1618, "wide", check.id, number)))


def _passes(learner: Learner, check: Check, case: Case) -> bool:
    try:
        check.body(learner, case)
    except Wrong:
        return False
    return True


def _words(case: Case) -> str:
    return ", ".join(
        f"{name} {tuple(value.shape) if hasattr(value, 'shape') else value}" for name, value in case.arguments.items()
    )
