"""Join the grades of one submission with what its report says of each check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.nbgrader.final_score import score_of
from autograder.notebooks.read import grade_id
from autograder.report.report import CheckResult, Outcome, Report

PREFIX = grade_id("")


@dataclass(frozen=True)
class CheckScore:
    """One graded cell. `score` is None if nobody has given one yet; `message` may be empty."""

    id: str
    title: str
    score: float | None
    max_score: float
    outcome: Outcome
    message: str
    by_hand: bool


def check_scores(grades: Sequence[Mapping[str, Any]], report: Report | None) -> tuple[CheckScore, ...]:
    """Return the graded cells in the order of the report.

    The report counts only for a check on whose score the gradebook agrees: it may be older than the grades.
    """
    results = {grade_id(check.id): check for check in report.checks} if report else {}
    places = {name: place for place, name in enumerate(results)}
    ordered = sorted(grades, key=lambda grade: (places.get(grade["cell"], len(places)), grade["cell"]))
    return tuple(_check_score(grade, results.get(grade["cell"])) for grade in ordered)


def _check_score(grade: Mapping[str, Any], result: CheckResult | None) -> CheckScore:
    known = grade["manual_score"] is not None or grade["auto_score"] is not None
    score = round(score_of(grade), 6) if known else None
    by_hand = grade["manual_score"] is not None or bool(grade["extra_credit"])
    agrees = result is not None and not by_hand and _agrees(result, grade["auto_score"])
    # nbgrader has a maximum of 0 for the checks of a bonus; the report has what they are worth.
    most = grade["max_score"] or (result.max_score if result else 0.0)
    return CheckScore(
        grade["cell"].removeprefix(PREFIX),
        result.title if result else grade["cell"].removeprefix(PREFIX),
        score,
        round(most, 6),
        result.outcome if result and agrees else _outcome(score, most),
        result.message if result and agrees else "",
        by_hand,
    )


def _agrees(result: CheckResult, score: float | None) -> bool:
    if score is None:
        return result.outcome is Outcome.ERROR
    return result.outcome is not Outcome.ERROR and abs(result.score - score) < 1e-6


def _outcome(score: float | None, most: float) -> Outcome:
    if score is None:
        return Outcome.ERROR
    return Outcome.PASSED if score >= most - 1e-6 else Outcome.FAILED
