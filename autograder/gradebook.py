"""Grades into nbgrader's gradebook: only the trusted parent writes, and a manual score is never overwritten."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.report import Outcome, Report

PREFIX = "check-"


def grade_id(check: str) -> str:
    """The grade_id of the notebook cell that stands for a check."""
    return PREFIX + check


def programs_on_path() -> None:
    """Let nbgrader find alembic, which it runs by name, where the virtual environment is not activated."""
    folder = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    if folder not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((path, folder))


@contextmanager
def opened(course: Course) -> Iterator[Gradebook]:
    """The course's gradebook.db."""
    programs_on_path()
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", course.course) as gradebook:
        yield gradebook


def write(gradebook: Gradebook, student: str, report: Report, timestamp: datetime | None) -> None:
    """Write one report, in one transaction. `timestamp` is when it was handed in, naive UTC."""
    gradebook.update_or_create_student(student)
    values = {} if timestamp is None else {"timestamp": timestamp}
    entry = gradebook.update_or_create_submission(report.assignment, student, **values)
    for notebook in entry.notebooks:
        record(notebook, report)
        notebook.late_submission_penalty = _late_penalty(entry, notebook, student)
    gradebook.db.commit()


def _late_penalty(entry: SubmittedAssignment, notebook: SubmittedNotebook, student: str) -> float | None:
    """What nbgrader's late-submission plugin takes off, within the notebook's score."""
    if entry.total_seconds_late <= 0:
        return None
    penalty = LateSubmissionPlugin().late_submission_penalty(student, notebook.score, entry.total_seconds_late)
    return None if penalty is None else max(0.0, min(float(penalty), notebook.score))


def record(notebook: SubmittedNotebook, report: Report) -> None:
    """Set the scores of one submitted notebook. The caller commits, so that all of it happens or nothing.

    A check without a verdict has no score and needs manual grading. So does one that already has a manual score:
    it stands, and a person decides whether it should.
    """
    results = {grade_id(check.id): check for check in report.checks}
    for grade in notebook.grades:
        result = results.get(grade.name)
        no_verdict = result is None or result.outcome is Outcome.ERROR
        grade.auto_score = None if no_verdict else result.score
        grade.needs_manual_grade = no_verdict or grade.manual_score is not None


@dataclass(frozen=True)
class Row:
    """One line of the gradebook as people read it."""

    student: str
    assignment: str
    score: float
    max_score: float
    status: str


def table(course: Course) -> list[Row]:
    """All submissions in the gradebook, by student and then in the course's order."""
    order = {assignment.id: number for number, assignment in enumerate(course.assignments)}
    with opened(course) as gradebook:
        rows = [
            Row(
                student=entry.student.id,
                assignment=assignment.name,
                score=entry.score,
                max_score=entry.max_score,
                status="needs manual grading" if entry.needs_manual_grade else "graded",
            )
            for assignment in gradebook.assignments
            for entry in assignment.submissions
        ]
    return sorted(rows, key=lambda row: (row.student, order.get(row.assignment, len(order))))


def read_timestamp(text: str) -> datetime | None:
    """nbgrader's timestamp.txt as naive UTC; None where it holds no time."""
    try:
        return parse_utc(text.strip()) if text.strip() else None
    except (ValueError, OverflowError):
        return None
