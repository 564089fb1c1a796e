"""pytest over submissions -> reports. Holds the tests and the expected values; never runs a line of a submission."""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import torch

from autograder.course import Course
from autograder.explain.advice import advice
from autograder.explain.counterexample import counterexample
from autograder.explain.disclosure import limited
from autograder.explain.explain import attempt
from autograder.explain.picture.draw import draw
from autograder.judge.pytest_plugin import JudgePlugin, Run, Verdict
from autograder.notebooks.master import prelude
from autograder.notebooks.read import Submission
from autograder.report import messages
from autograder.report.report import UNSAFE_TIER, CheckResult, Outcome, Report
from autograder.sandbox import static_flags
from autograder.sandbox.answers import Wrong
from autograder.sandbox.host import Sandbox
from autograder.stages import stage
from autograder.suite.load import Suite, load_suite
from autograder.versions import VERSIONS

PYTEST_OPTIONS = (
    "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:logging", "-p", "no:faulthandler",
    "-p", "no:unraisableexception",  # it would collect garbage twice a session: 0.2 s with torch loaded
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
    """The reports on these submissions, in the same order. Starts a sandbox of its own where none is given.

    `pictures` draws failures, for whoever can show them and where the course lets learners see them. `preludes` are
    the assignments' import cells, for where the course's own folder is not at hand. `on_check` is called before each
    check of each submission.
    """
    if sandbox is None:
        with Sandbox.for_course(course) as own:
            return grade(course, submissions, own, pictures=pictures, preludes=preludes, on_check=on_check)
    # The references are tiny: threads would only wait for one another.
    torch.set_num_threads(1)
    names = dict.fromkeys(submission.assignment for submission in submissions)
    known = preludes or {name: prelude(course, name) for name in names}
    runs = [Run(submission, known[submission.assignment]) for submission in submissions]
    readable = [run for run in runs if not run.submission.unreadable]
    suites = dict.fromkeys(load_suite(run.submission.assignment) for run in readable)
    if readable:
        options = [*PYTEST_OPTIONS, "--rootdir", str(Path(__file__).parents[1])]
        plugin = JudgePlugin(readable, sandbox, course.key, on_check)
        with stage("pytest and the checks"):
            pytest.main([*options, *(str(suite.path) for suite in suites)], [plugin])
    return [_report(course, run, sandbox.tier, pictures=pictures) for run in runs]


def _report(course: Course, run: Run, tier: str, *, pictures: bool) -> Report:
    """The report on one run. Where it cannot be made, that is this submission's error, and the others have theirs."""
    try:
        return report(course, run, tier, pictures=pictures)
    except Exception:
        logger.exception("%s: no report could be made", run.submission.name)
        return no_verdict(course, run.submission, tier)


def no_verdict(course: Course, submission: Submission, tier: str, why: Sequence[str] = ()) -> Report:
    """The report that stands for one that could not be made: every check is an error, for a person to look at."""
    return report(course, Run(Submission(submission.assignment, submission.name, (), tuple(why)), ""), tier)


@stage("make the report")
def report(course: Course, run: Run, tier: str, *, pictures: bool = False) -> Report:
    """The report on one run. A check without a verdict is an error: nothing is ever passed by default."""
    suite = load_suite(run.submission.assignment)
    assignment = course.assignment(suite.id)
    points = suite.points(assignment)
    none = Verdict(Outcome.ERROR, messages.GRADER_ERROR)
    if run.submission.unreadable:
        none = Verdict(Outcome.ERROR if run.submission.is_slow else Outcome.FAILED, run.submission.unreadable)
    unsafe = (messages.NOT_ISOLATED,) if tier == UNSAFE_TIER else ()
    results = []
    wrongs = _wrongs(suite, run)
    disclosed = limited(wrongs)
    drawn = pictures and course.feedback == "full"
    for check in suite.checks:
        verdict = run.verdicts.get(check.id, none)
        explained = run.explanations.get(check.id)
        wrong, shown = wrongs.get(check.id), disclosed.get(check.id)
        mistake = explained.mistake if explained else None
        example = attempt(None, counterexample, wrong, shown) if wrong else None
        advised = attempt(None, advice, wrong) if wrong else None
        message = shown.message if shown else verdict.message
        if check.id in run.helped:
            template = messages.HELPED if verdict.outcome is Outcome.PASSED else messages.NOT_HELPED
            message = template.format(helper=run.helped[check.id], message=message)
        results.append(
            CheckResult(
                id=check.id,
                title=check.title,
                outcome=verdict.outcome,
                score=points[check.id] if verdict.outcome is Outcome.PASSED else 0.0,
                max_score=points[check.id],
                message=message,
                misconception=mistake.id if mistake else None,
                hint=f"This looks like: {mistake.description} {mistake.hint}" if mistake else advised,
                law=explained.law if explained else None,
                counterexample=example,
                picture=attempt(None, draw, wrong, example, shown) if drawn and example else None,
            ).limited_to(course.feedback)
        )
    return Report(
        assignment=suite.id,
        submission=run.submission.name,
        score=round(sum(result.score for result in results), 2),
        max_score=round(sum(points.values()), 2),
        checks=tuple(results),
        bonus=assignment.bonus,
        notes=(*unsafe, *static_flags.notes(run.submission), *run.submission.notes, *messages.shortened(run.notes)),
        looks=run.submission.looks,
        seed=course.key.shown,
        versions=VERSIONS,
        sandbox=tier,
        seconds=round(run.seconds, 4),
    )


def _wrongs(suite: Suite, run: Run) -> dict[str, Wrong]:
    """The wrong answer that each failed check is explained by, in the suite's order."""
    found = {}
    for check in suite.checks:
        explained, verdict = run.explanations.get(check.id), run.verdicts.get(check.id)
        wrong = explained.wrong if explained else verdict.wrong if verdict else None
        if wrong is not None:
            found[check.id] = wrong
    return found
