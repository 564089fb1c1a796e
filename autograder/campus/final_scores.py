"""Read final scores from the gradebook, once for every way out.

`nbgrader/final_score.py` has the rule. Whoever handed in nothing has no score, which is not a score of 0.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from nbgrader import api
from sqlalchemy import func, select

from autograder.campus.check_scores import CheckScore, check_scores
from autograder.course import Course
from autograder.errors import Problem
from autograder.nbgrader import gradebook
from autograder.nbgrader.failures import GRADEBOOK
from autograder.nbgrader.final_score import final_score, score_of, total_penalty
from autograder.nbgrader.rows import ASSIGNMENT, CELL, COPY, GRADE, NOTEBOOK, STUDENT, SUBMITTED
from autograder.notebooks.saved_reports import report_of
from autograder.notebooks.submitted import submission_folders

GRADE_CELL, TASK_CELL = api.GradeCell.__table__, api.TaskCell.__table__
MOST = func.coalesce(GRADE_CELL.c.max_score, TASK_CELL.c.max_score, 0.0)
NOTHING, UNGRADED = "nothing handed in", "handed in, but not graded yet"
NOT_FINAL, GRADED = "needs manual grading", "graded"


@dataclass(frozen=True)
class Learner:
    """A learner as the gradebook knows one. Names and address may be empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""


@dataclass(frozen=True)
class FinalScore:
    """What one learner gets for one assignment. `maximum` is 0 for a bonus. Times are in UTC."""

    student: str
    assignment: str
    score: float
    maximum: float
    penalty: float
    bonus: bool
    needs_manual: bool
    handed_in: datetime | None
    deadline: datetime | None
    checks: tuple[CheckScore, ...]

    @property
    def late_by(self) -> timedelta:
        """Return how long after the deadline it was handed in; 0 if it was in time."""
        late = self.handed_in - self.deadline if self.handed_in and self.deadline else timedelta()
        return max(late, timedelta())


@dataclass(frozen=True)
class FinalScores:
    """The final scores of some learners. `everyone` has all learners of the course, whoever is chosen."""

    course: Course
    assignments: tuple[str, ...]
    learners: tuple[Learner, ...]
    everyone: Mapping[str, Learner]
    maxima: Mapping[str, float]
    scores: Mapping[tuple[str, str], FinalScore]
    ungraded: frozenset[tuple[str, str]]

    @cached_property
    def chosen(self) -> frozenset[str]:
        """Return the ids of the chosen learners."""
        return frozenset(learner.id for learner in self.learners)

    def of(self, student: str, assignment: str) -> FinalScore | None:
        """Return a score, or None if there is none: `status` says why."""
        return self.scores.get((student, assignment))

    def status(self, student: str, assignment: str) -> str:
        """Return in words whether there is a score, and whether it is final."""
        score = self.of(student, assignment)
        if score is not None:
            return NOT_FINAL if score.needs_manual else GRADED
        return UNGRADED if (student, assignment) in self.ungraded else NOTHING


def read(course: Course, assignments: Sequence[str], students: Collection[str] | None = None) -> FinalScores:
    """Read the final scores of these learners, or of all. Raises Problem for an unknown learner or no gradebook."""
    if not (course.root / GRADEBOOK).is_file():
        raise Problem(course.root / GRADEBOOK, "there is no gradebook yet", "Run `autograder grade` first.")
    folders = {(folder.student, folder.assignment) for folder in submission_folders(course, assignments)}
    with gradebook.opened(course) as book:
        run = book.db.execute
        fields = select(STUDENT.c.id, STUDENT.c.first_name, STUDENT.c.last_name, STUDENT.c.email)
        known = {row[0]: Learner(*(value or "" for value in row)) for row in run(fields)}
        maxima = dict(run(_maxima()).all())
        rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in run(_grades().where(ASSIGNMENT.c.name.in_(assignments))).mappings():
            rows.setdefault((row["student_id"], row["assignment"]), []).append(dict(row))
    everyone = known | {student: Learner(student) for student, _ in folders if student not in known}
    chosen = _chosen(course, everyone, students)
    rows = {key: grades for key, grades in rows.items() if key[0] in chosen}
    return FinalScores(
        course,
        tuple(assignments),
        tuple(everyone[student] for student in sorted(chosen)),
        everyone,
        {name: float(maxima.get(name) or 0.0) for name in assignments},
        {key: _final(course, grades) for key, grades in rows.items()},
        frozenset(folders - rows.keys()),
    )


def _chosen(course: Course, everyone: Iterable[str], students: Collection[str] | None) -> set[str]:
    everyone = set(everyone)
    unknown = sorted(set(students or ()) - everyone)
    if unknown:
        what = f"neither the gradebook nor submitted/ knows {', '.join(map(ascii, unknown))}"
        raise Problem(course.root / GRADEBOOK, what, "Check the spelling.")
    return everyone if students is None else set(students)


def _maxima() -> Any:
    return (
        select(ASSIGNMENT.c.name, func.sum(MOST))
        .join(NOTEBOOK, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
        .join(CELL, CELL.c.notebook_id == NOTEBOOK.c.id)
        .outerjoin(GRADE_CELL, GRADE_CELL.c.id == CELL.c.id)
        .outerjoin(TASK_CELL, TASK_CELL.c.id == CELL.c.id)
        .group_by(ASSIGNMENT.c.name)
    )


def _grades() -> Any:
    """Return the query for all grades with their submission. A submission without grades gives one row."""
    submission = (SUBMITTED.c.student_id, SUBMITTED.c.timestamp, SUBMITTED.c.extension)
    points = (GRADE.c.auto_score, GRADE.c.manual_score, GRADE.c.extra_credit, GRADE.c.needs_manual_grade)
    return (
        select(
            ASSIGNMENT.c.name.label("assignment"),
            ASSIGNMENT.c.duedate,
            *submission,
            COPY.c.id.label("notebook"),
            COPY.c.late_submission_penalty,
            CELL.c.name.label("cell"),
            MOST.label("max_score"),
            *points,
        )
        .join(SUBMITTED, SUBMITTED.c.assignment_id == ASSIGNMENT.c.id)
        .outerjoin(COPY, COPY.c.assignment_id == SUBMITTED.c.id)
        .outerjoin(GRADE, GRADE.c.notebook_id == COPY.c.id)
        .outerjoin(CELL, CELL.c.id == GRADE.c.cell_id)
        .outerjoin(GRADE_CELL, GRADE_CELL.c.id == CELL.c.id)
        .outerjoin(TASK_CELL, TASK_CELL.c.id == CELL.c.id)
        .order_by(CELL.c.name)
    )


def _final(course: Course, rows: Sequence[Mapping[str, Any]]) -> FinalScore:
    first = rows[0]
    penalties = {row["notebook"]: row["late_submission_penalty"] for row in rows}.values()
    grades = [row for row in rows if row["cell"] is not None]
    name, student = first["assignment"], first["student_id"]
    deadline = first["duedate"] + (first["extension"] or timedelta()) if first["duedate"] else None
    return FinalScore(
        student,
        name,
        score=round(final_score(map(score_of, grades), penalties), 6),
        maximum=round(sum(row["max_score"] for row in grades), 6),
        penalty=round(total_penalty(penalties), 6),
        bonus=any(one.bonus for one in course.assignments if one.id == name),
        needs_manual=not grades or any(row["needs_manual_grade"] for row in grades),
        handed_in=_utc(first["timestamp"]),
        deadline=_utc(deadline),
        checks=check_scores(grades, report_of(course, name, student)),
    )


def _utc(time: datetime | None) -> datetime | None:
    return time and time.replace(tzinfo=UTC)
