"""Write all final scores as CSV for a spreadsheet: a row for each learner and assignment."""

import csv
import io
from collections.abc import Sequence

from autograder.campus.final_scores import FinalScores, Learner
from autograder.campus.made import Made, remarks_on
from autograder.sanitize import clean, harmless

PERSON = ("student", "last_name", "first_name", "email")
HEADS = (*PERSON, "assignment", "score", "max_score", "late_penalty", "handed_in", "late", "status")
Cell = str | float


def make(final: FinalScores, *, checks: bool = False) -> Made:
    """Return the table, with a column for each check if `checks`. Where nothing was handed in, the score is empty."""
    columns = _checks(final) if checks else []
    rows = [_row(final, learner, assignment, columns) for learner in final.learners for assignment in final.assignments]
    return Made(safe_csv([[*HEADS, *(f"{name}: {check}" for name, check in columns)], *rows]), tuple(remarks_on(final)))


def _checks(final: FinalScores) -> list[tuple[str, str]]:
    """Return each assignment's checks, in its order."""
    found = dict.fromkeys(
        (name, check.id)
        for name in final.assignments
        for learner in final.learners
        if (score := final.of(learner.id, name))
        for check in score.checks
    )
    return list(found)


def _row(final: FinalScores, learner: Learner, name: str, columns: Sequence[tuple[str, str]]) -> list[Cell]:
    score, status = final.of(learner.id, name), final.status(learner.id, name)
    person = [learner.id, learner.last_name, learner.first_name, learner.email]
    if score is None:
        return [*person, name, "", final.maxima[name], "", "", "", status, *("" for _ in columns)]
    when = f"{score.handed_in:%Y-%m-%d %H:%M:%S} UTC" if score.handed_in else ""
    late = "yes" if score.late_by else "no"
    by_check = {(name, check.id): check.score for check in score.checks}
    cells = ["" if (points := by_check.get(column)) is None else points for column in columns]
    return [*person, name, score.score, final.maxima[name], score.penalty, when, late, status, *cells]


def safe_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return rows as CSV in which no text is a formula. Text is quoted, numbers are not."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows(
        [[harmless(clean(cell)) if isinstance(cell, str) else _short(cell) for cell in row] for row in rows]
    )
    return text.getvalue().encode("utf-8", "replace")


def _short(number: float) -> float:
    """Return a number with at most two decimals, and a whole number without any."""
    number = round(number, 2)
    return int(number) if number == int(number) else number
