"""Grade right answers with a small change in each, and test whether their reports are true.

    python -m tests.mutants --count 1000 --seed 2026

No law and no name of a mistake may be false; laws.py and names.py decide that. The exit status is 1 if one is false.
With --known, the bank's wrong answers and the strangers are graded as well.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder import course
from autograder.course import Course
from autograder.judge import judge
from autograder.notebooks.read import Submission
from autograder.report.report import Outcome, Report
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE, wrong_answers
from autograder.suite.load import load_suite
from tests.mutants import laws, names
from tests.mutants.mutate import STEPS, mutants
from tests.strangers.__main__ import strangers

ROOT = Path(__file__).resolve().parents[2]
BATCH = 20
GRADED, RIGHT, WRONG, ERRORS = "graded", "right after all", "wrong", "without a verdict"
LAWS, FALSE_LAWS, NAMES, FALSE_NAMES = "laws shown", "laws contradicted", "names shown", "names contradicted"


@dataclass
class Tally:
    """The results of many submissions: counts, and each contradiction in words."""

    counts: Counter[str] = field(default_factory=Counter)
    false: list[str] = field(default_factory=list)


def examine(kit: Course, submissions: Sequence[Submission], sandbox: Sandbox, tally: Tally) -> None:
    """Grade submissions, and count the laws and names in their reports and the false ones among them."""
    for submission, report in zip(submissions, judge.grade(kit, submissions, sandbox), strict=True):
        tally.counts[GRADED] += 1
        tally.counts[ERRORS if report.has_error else RIGHT if report.score == report.max_score else WRONG] += 1
        _examine(kit, submission, report, sandbox, tally)


def _examine(kit: Course, submission: Submission, report: Report, sandbox: Sandbox, tally: Tally) -> None:
    suite = load_suite(submission.assignment)
    named = {check.id: check.misconception for check in report.checks if check.misconception}
    with_law = [check for check in report.checks if check.law]
    if not named and not with_law:
        return
    failed = {check.id for check in report.checks if check.outcome is Outcome.FAILED}
    with Session(sandbox, submission, PRELUDE, suite.forbids) as session:
        learner = Learner(session, kit.key, failed)
        checks = {check.id: check for check in suite.checks}
        for check in with_law:
            contradictions = laws.contradictions(suite, learner.with_help(checks[check.id]), check)
            tally.counts[LAWS] += 1
            tally.counts[FALSE_LAWS] += bool(contradictions)
            if contradictions:
                tally.false.append(f"{report.submission}, {check.id}: {check.law} But: {'; '.join(contradictions)}")
        doubts = names.doubts(suite, learner, named)
        tally.counts[NAMES] += len(set(named.values()))
        tally.counts[FALSE_NAMES] += len(doubts)
        tally.false += [f"{report.submission}: {doubt}" for doubt in doubts]


def table(tally: Tally) -> Table:
    """Return the counts as a table."""
    shown = Table(box=None, show_header=False)
    for name in (GRADED, RIGHT, WRONG, ERRORS, LAWS, FALSE_LAWS, NAMES, FALSE_NAMES):
        shown.add_row(name, str(tally.counts[name]))
    return shown


def known(steps: Sequence[str] = STEPS) -> Iterator[Submission]:
    """Yield the bank's wrong answers, then the strangers."""
    for step in steps:
        yield from (each.submission for each in (*wrong_answers(step), *strangers(step)))


def main() -> int:
    """Run the command line. Return 1 if a report is false."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000, help="how many mutants")
    parser.add_argument("--seed", type=int, default=2026, help="the same seed makes the same mutants")
    parser.add_argument("--known", action="store_true", help="the bank and the strangers as well")
    options = parser.parse_args()
    kit, tally, out = course.load(ROOT), Tally(), Console()
    submissions = [mutant.submission for mutant in mutants(options.count, options.seed)]
    submissions += known() if options.known else []
    submissions.sort(key=lambda submission: submission.assignment)
    batches = [submissions[start : start + BATCH] for start in range(0, len(submissions), BATCH)]
    with Sandbox.for_course(kit) as sandbox:
        for batch in track(batches, "Grading mutants", console=Console(stderr=True)):
            examine(kit, batch, sandbox, tally)
    out.print(table(tally))
    for line in tally.false:
        out.print(line, style="red", markup=False, highlight=False)
    return 1 if tally.false else 0


if __name__ == "__main__":
    raise SystemExit(main())
