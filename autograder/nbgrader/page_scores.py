"""Read what an assignment's feedback pages show of the gradebook: for the whole class in three queries."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import select, union_all

from autograder.nbgrader.final_score import score_of
from autograder.nbgrader.rows import ASSIGNMENT, CELL, COMMENT, COPY, GRADE, NOTEBOOK, SUBMITTED


@dataclass
class PageScores:
    """The scores, the maxima and the comments of one learner's notebook, by the names of cells."""

    late_penalty: float
    scores: dict[str, tuple[float, float]] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Return the points of all cells, less the late penalty."""
        return sum(score for score, _ in self.scores.values()) - self.late_penalty

    @property
    def max_score(self) -> float:
        return sum(points for _, points in self.scores.values())


def read(
    book: Gradebook, assignment: str, students: Collection[str] | None = None
) -> dict[tuple[str, str], PageScores]:
    """Return what pages show, by learner and name of the notebook. Read all learners of the assignment, or these."""
    pages, by_copy = _pages(book, assignment, students)
    graded, task = (kind.__table__ for kind in (api.GradeCell, api.TaskCell))
    maxima = union_all(*(select(kind.c.id, kind.c.max_score) for kind in (graded, task))).subquery()
    columns = (GRADE.c.notebook_id, CELL.c.name, GRADE.c.auto_score, GRADE.c.manual_score, GRADE.c.extra_credit)
    grades = select(*columns, maxima.c.max_score).join(CELL, GRADE.c.cell_id == CELL.c.id)
    for row in _of(book, grades.join(maxima, maxima.c.id == CELL.c.id), GRADE, assignment, students):
        if page := by_copy.get(row["notebook_id"]):
            page.scores[row["name"]] = (score_of(row), row["max_score"])
    texts = (COMMENT.c.notebook_id, CELL.c.name, COMMENT.c.auto_comment, COMMENT.c.manual_comment)
    for row in _of(book, select(*texts).join(CELL, COMMENT.c.cell_id == CELL.c.id), COMMENT, assignment, students):
        if page := by_copy.get(row["notebook_id"]):
            manual = row["manual_comment"]
            page.comments[row["name"]] = row["auto_comment"] if manual is None else manual
    return pages


def _pages(
    book: Gradebook, assignment: str, students: Collection[str] | None
) -> tuple[dict[tuple[str, str], PageScores], dict[str, PageScores]]:
    """Return the pages without scores, by learner and notebook, and by the row of the notebook."""
    columns = (COPY.c.id, COPY.c.late_submission_penalty, SUBMITTED.c.student_id, NOTEBOOK.c.name)
    query = (
        select(*columns)
        .join(SUBMITTED, COPY.c.assignment_id == SUBMITTED.c.id)
        .join(NOTEBOOK, COPY.c.notebook_id == NOTEBOOK.c.id)
        .join(ASSIGNMENT, SUBMITTED.c.assignment_id == ASSIGNMENT.c.id)
        .where(ASSIGNMENT.c.name == assignment)
    )
    pages, by_copy = {}, {}
    for row in book.db.execute(_by(query, students)).mappings():
        page = PageScores(row["late_submission_penalty"] or 0.0)
        pages[row["student_id"], row["name"]] = by_copy[row["id"]] = page
    return pages, by_copy


def _by(query: Any, students: Collection[str] | None) -> Any:
    """Return a query for the rows of these learners only, or of all."""
    return query if students is None else query.where(SUBMITTED.c.student_id.in_(students))


def _of(book: Gradebook, query: Any, table: Any, assignment: str, students: Collection[str] | None) -> Any:
    """Return the rows of a query over grades or comments that are of this assignment and by these learners."""
    query = (
        query.join(COPY, table.c.notebook_id == COPY.c.id)
        .join(SUBMITTED, COPY.c.assignment_id == SUBMITTED.c.id)
        .join(NOTEBOOK, COPY.c.notebook_id == NOTEBOOK.c.id)
        .join(ASSIGNMENT, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
        .where(ASSIGNMENT.c.name == assignment)
    )
    return book.db.execute(_by(query, students)).mappings()
