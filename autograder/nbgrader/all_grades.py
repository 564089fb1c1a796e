"""Read all grades in a gradebook, to compare two states of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import select

from autograder.nbgrader.final_score import final_score, score_of, total_penalty
from autograder.nbgrader.rows import ASSIGNMENT, CELL, COPY, GRADE, SUBMITTED


@dataclass(frozen=True)
class FinalGrade:
    """One learner's grade for an assignment: `points` are minus the late penalty, with manual scores.

    `scores` has the automatic score of each check, by the name of its cell. `to_review` names the cells whose manual
    score a person should review.
    """

    points: float
    penalty: float
    scores: Mapping[str, float | None]
    to_review: frozenset[str]


def all_grades(book: Gradebook) -> dict[tuple[str, str], FinalGrade]:
    """Return all grades in the gradebook, by learner and assignment."""
    query = (
        select(
            SUBMITTED.c.student_id,
            ASSIGNMENT.c.name.label("assignment"),
            COPY.c.id.label("notebook"),
            COPY.c.late_submission_penalty,
            CELL.c.name.label("cell"),
            *(GRADE.c[name] for name in ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")),
        )
        .join(COPY, COPY.c.assignment_id == SUBMITTED.c.id)
        .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMITTED.c.assignment_id)
        .join(GRADE, GRADE.c.notebook_id == COPY.c.id)
        .join(CELL, CELL.c.id == GRADE.c.cell_id)
    )
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in book.db.execute(query).mappings():
        rows.setdefault((row["student_id"], row["assignment"]), []).append(row)
    return {key: _grade(cells) for key, cells in rows.items()}


def _grade(cells: list[Mapping[str, Any]]) -> FinalGrade:
    penalties = {cell["notebook"]: cell["late_submission_penalty"] for cell in cells}.values()
    return FinalGrade(
        points=round(final_score(map(score_of, cells), penalties), 2),
        penalty=round(total_penalty(penalties), 2),
        scores={str(cell["cell"]): cell["auto_score"] for cell in cells},
        to_review=frozenset(
            str(cell["cell"]) for cell in cells if cell["needs_manual_grade"] and cell["manual_score"] is not None
        ),
    )
