"""What learners and instructors read about a hand-in that was graded on another system's machine."""

from autograder.report.counts import points_of
from autograder.report.messages import GRADER_ERROR, NOT_FINAL
from autograder.report.report import UNSAFE_TIER, CheckResult, Outcome, Report
from autograder.report.wording import lines_of
from autograder.sanitize import clean

NO_VERDICT = (
    "This submission has no verdict: the grader could not finish. A person needs to look at it, and your instructor "
    "can see why."
)
GRADED = "{assignment}: {points}. The hidden checks were drawn from the {source}."
SHARED = "The machine that ran this submission also holds the hidden checks, the answers and the key."
TIERS = {
    "A": "Tier A: the sandbox showed the submission none of their files.",
    "B": "Tier B: the sandbox let the submission open none of their files. It may have seen that they exist.",
    UNSAFE_TIER: "Tier C: there was no sandbox. It could have read them and forged this result.",
}
UNKNOWN = "This machine's sandbox is of no known tier."


def of_check(check: CheckResult) -> str:
    """Return what a learner reads about one check, beneath its title and points. It is never empty."""
    text = "\n".join(clean(line) for line in lines_of(check))
    if check.outcome is Outcome.ERROR:
        return text or GRADER_ERROR
    return text or str(check.outcome).capitalize() + "."


def of_report(report: Report) -> str:
    """Return what a learner reads about the whole submission; empty where there is nothing to say. No flag is in it."""
    return "\n".join([*([NOT_FINAL] if report.has_error else []), *report.notes])


def points(report: Report) -> str:
    """Return the score in words: "8 of 10 points"."""
    return points_of(report.score, report.max_score, "bonus point" if report.bonus else "point")


def for_instructors(report: Report) -> list[str]:
    """Return lines on the score, and on what the machine's sandbox means for hidden checks that lie beside it."""
    source = f"seed {report.seed}" if isinstance(report.seed, int) else f"key with the fingerprint {report.seed}"
    graded = GRADED.format(assignment=report.assignment, points=points(report), source=source)
    return [graded, SHARED, TIERS.get(report.sandbox, UNKNOWN), *([NOT_FINAL] if report.has_error else [])]
