"""Decide whether what a report tells is true, by calls that the report has not seen."""

import re
from collections.abc import Mapping

from autograder.course import Course
from autograder.report.report import Outcome, Report
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE
from autograder.suite.load import load_suite
from tests.diagnose.answers import Answer
from tests.mutants import names

PLACE = re.compile(r"\(cell (\d+), line (\d+)")


def contradictions(
    kit: Course,
    answer: Answer,
    report: Report,
    named: Mapping[str, str],
    conditions: Mapping[str, str],
    sandbox: Sandbox,
) -> list[str]:
    """Return what is false about the names and conditions in a report, by check; empty if all of it is true."""
    if not named and not conditions:
        return []
    suite = load_suite(report.assignment)
    failed = {check.id for check in report.checks if check.outcome is Outcome.FAILED}
    with Session(sandbox, answer.submission, PRELUDE, suite.forbids) as session:
        learner = Learner(session, kit.key, failed)
        return names.doubts(suite, learner, named)


def quotes_the_line(message: str, answer: Answer) -> bool:
    """Return whether a message says that the line raised which was changed."""
    places = [(int(cell), int(line)) for cell, line in PLACE.findall(message)]
    return not answer.is_stranger and places == [(answer.cell, answer.line)]
