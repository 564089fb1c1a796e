"""Run pytest over submissions, and make their reports.

This process holds the hidden checks and the expected values. It never runs a line of a submission.
"""

import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import torch

from autograder.course import Course
from autograder.explain.advice import advice
from autograder.explain.counterexample import counterexample
from autograder.explain.disclosure import Shown, told_once
from autograder.explain.edits.slip import slip
from autograder.explain.explain import Explanation, attempt
from autograder.explain.picture.draw import draw
from autograder.explain.wrong_results import wrong_results
from autograder.judge.pytest_plugin import JudgePlugin, Run, Verdict
from autograder.notebooks.master import prelude
from autograder.notebooks.read import Submission
from autograder.report import messages
from autograder.report.explanation_messages import LIKELY
from autograder.report.report import UNSAFE_TIER, CheckResult, Look, Outcome, Report, Slip
from autograder.sandbox import static_flags
from autograder.sandbox.answers import Wrong
from autograder.sandbox.host import Sandbox
from autograder.stages import stage
from autograder.suite.check import Check
from autograder.suite.load import Suite, load_suite
from autograder.versions import VERSIONS

PYTEST_OPTIONS = (
    "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:logging", "-p", "no:faulthandler",
    "-p", "no:unraisableexception",  # it would collect garbage twice: 0.2 s with torch loaded
    "--disable-plugin-autoload", "--capture=no", "-c", os.devnull, "--noconftest",
)  # fmt: skip

logger = logging.getLogger(__name__)


def grade(
    course: Course,
    submissions: Sequence[Submission],
    sandbox: Sandbox | None = None,
    *,
    pictures: bool = False,
    preludes: Mapping[str, str] | None = None,
    on_check: Callable[[], None] = lambda: None,
) -> list[Report]:
    """Grade submissions; return their reports in the same order. Start a sandbox where none is given.

    `pictures` draws failures, where the course lets learners see them. `preludes` are the assignments' import cells,
    for a machine without the course's folder. `on_check` is called before each check of each submission.
    """
    if sandbox is None:
        with Sandbox.for_course(course) as own:
            return grade(course, submissions, own, pictures=pictures, preludes=preludes, on_check=on_check)
    # The references are tiny: more threads would only wait for each other.
    torch.set_num_threads(1)
    names = dict.fromkeys(submission.assignment for submission in submissions)
    known = preludes or {name: prelude(course, name) for name in names}
    runs = [Run(submission, known[submission.assignment]) for submission in submissions]
    readable = [run for run in runs if not run.submission.unreadable]
    suites = dict.fromkeys(load_suite(run.submission.assignment) for run in readable)
    if readable:
        options = [*PYTEST_OPTIONS, "--rootdir", str(Path(__file__).parents[1])]
        plugin = JudgePlugin(readable, sandbox, course.key, on_check)
        with stage("pytest and the checks"), _no_options_of_others():
            pytest.main([*options, *(str(suite.path) for suite in suites)], [plugin])
    return [_report(course, run, sandbox.tier, pictures=pictures) for run in runs]


@contextlib.contextmanager
def _no_options_of_others() -> Iterator[None]:
    """Hide options for pytest that the environment holds: they are meant for other runs, and would stop this one."""
    hidden = {name: os.environ.pop(name) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS") if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _report(course: Course, run: Run, tier: str, *, pictures: bool) -> Report:
    """Return the report on one run; where it cannot be made, one without verdicts, so that the others get theirs."""
    try:
        return report(course, run, tier, pictures=pictures)
    except Exception:
        logger.exception("%s: no report could be made", run.submission.name)
        return no_verdict(course, run.submission, tier)


def no_verdict(course: Course, submission: Submission, tier: str, why: Sequence[str] = ()) -> Report:
    """Return the report in place of one that could not be made: every check is an error, for a person to look at."""
    return report(course, Run(Submission(submission.assignment, submission.name, (), tuple(why)), ""), tier)


@stage("make the report")
def report(course: Course, run: Run, tier: str, *, pictures: bool = False) -> Report:
    """Return the report on one run. A check without a verdict is an error: no check passes by default."""
    suite = load_suite(run.submission.assignment)
    assignment = course.assignment(suite.id)
    points = suite.points(assignment)
    unsafe = (messages.NOT_ISOLATED,) if tier == UNSAFE_TIER else ()
    flags = static_flags.notes(run.submission)
    wrongs = _wrongs(suite, run)
    disclosed = told_once(wrongs, {check.id: check.title for check in suite.checks})
    drawn = pictures and course.feedback in ("solution", "full")
    results = [
        _result(course, run, check, points[check.id], wrongs.get(check.id), disclosed.get(check.id), drawn=drawn)
        for check in suite.checks
    ]
    return Report(
        assignment=suite.id,
        submission=run.submission.name,
        score=round(sum(result.score for result in results), 2),
        max_score=round(sum(points.values()), 2),
        checks=tuple(result.limited_to(course.feedback) for result in results),
        bonus=assignment.bonus,
        notes=(*unsafe, *run.submission.notes, *messages.shortened(run.notes)),
        flags=flags,
        looks=(*run.submission.looks, *((Look.FLAGGED,) if flags else ())),
        wrong_results=_unnamed_results(course, run),
        seed=course.key.shown,
        versions=VERSIONS,
        sandbox=tier,
        seconds=round(run.seconds, 4),
    )


def _result(
    course: Course, run: Run, check: Check, points: float, wrong: Wrong | None, disclosed: Shown | None, *, drawn: bool
) -> CheckResult:
    """Return the result of one check: its verdict and, where it failed, the explanation."""
    verdict = run.verdicts.get(check.id) or _default_verdict(run.submission)
    explanation = run.explanations.get(check.id)
    mistake, trace = (explanation.mistake, explanation.trace) if explanation else (None, None)
    example = attempt(None, counterexample, wrong, disclosed) if wrong else None
    advised = attempt(None, advice, wrong) if wrong else None
    message = disclosed.message if disclosed else verdict.message
    drawn = drawn and disclosed is not None and not disclosed.again
    if check.id in run.helped:
        template = messages.HELPED if verdict.outcome is Outcome.PASSED else messages.NOT_HELPED
        message = template.format(helper=run.helped[check.id], message=message)
    return CheckResult(
        id=check.id,
        title=check.title,
        outcome=verdict.outcome,
        score=points if verdict.outcome is Outcome.PASSED else 0.0,
        max_score=points,
        message=message,
        misconception=mistake.id if mistake else None,
        hint=LIKELY.format(description=mistake.description, hint=mistake.hint) if mistake else advised,
        law=explanation.law if explanation else None,
        slip=attempt(None, _slip, course, run, explanation) if explanation and explanation.edit else None,
        condition=explanation.condition if explanation else None,
        trace=trace,
        counterexample=example,
        picture=attempt(None, draw, wrong, example, disclosed, trace) if drawn and example else None,
    )


def _slip(course: Course, run: Run, explanation: Explanation) -> Slip | None:
    """Return the line that an edit mends, as the course shows it; None where there is no edit."""
    if explanation.edit is None:
        return None
    function = explanation.wrong.case.function
    return slip(run.submission, function, explanation.edit, solution=course.feedback == "solution")


def _unnamed_results(course: Course, run: Run) -> str:
    """Return the digest of the wrong results; empty where a known mistake explains one of them: many may make it."""
    if any(explanation.mistake for explanation in run.explanations.values()):
        return ""
    wrongs = {check: verdict.wrong for check, verdict in run.verdicts.items() if verdict.wrong}
    return attempt("", wrong_results, wrongs, course.key) if wrongs else ""


def _default_verdict(submission: Submission) -> Verdict:
    """Return the verdict on a check that pytest did not run."""
    if submission.unreadable:
        return Verdict(Outcome.ERROR if submission.is_slow else Outcome.FAILED, submission.unreadable)
    return Verdict(Outcome.ERROR, messages.GRADER_ERROR)


def _wrongs(suite: Suite, run: Run) -> dict[str, Wrong]:
    """Return the wrong answer that explains each failed check, in the suite's order."""
    wrongs = {}
    for check in suite.checks:
        explanation, verdict = run.explanations.get(check.id), run.verdicts.get(check.id)
        wrong = explanation.wrong if explanation else verdict.wrong if verdict else None
        if wrong is not None:
            wrongs[check.id] = wrong
    return wrongs
