"""Read and write nbgrader's gradebook. Only the trusted parent writes, and never over a manual score."""

import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbgrader.api import Gradebook, SubmittedNotebook
from sqlalchemy.exc import DBAPIError

from autograder.course import Course
from autograder.nbgrader.failures import GRADEBOOK, gradebook_problem
from autograder.nbgrader.final_score import final_score
from autograder.nbgrader.late import LatePenalty
from autograder.nbgrader.rows import Sheet, comment_of, grade_changes
from autograder.report.report import Report


def put_programs_on_path() -> None:
    """Let nbgrader find alembic, which it runs by name, even if the virtual environment is not activated."""
    folder = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    if folder not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((path, folder))


@contextmanager
def opened(course: Course, path: Path | None = None) -> Iterator[Gradebook]:
    """Open the course's gradebook.db, or its copy at `path`.

    Raises Problem if it cannot be read or written, now or while it is open.
    """
    put_programs_on_path()
    try:
        with Gradebook(f"sqlite:///{path or course.root / GRADEBOOK}", course.course) as gradebook:
            yield gradebook
    except DBAPIError as error:
        raise gradebook_problem(course, str(error.orig)) from error


@contextmanager
def copied(course: Course) -> Iterator[Gradebook]:
    """Open a copy of the gradebook, which is removed afterwards. The gradebook itself is only read. Raises Problem."""
    original = course.root / GRADEBOOK
    with TemporaryDirectory(prefix="autograder-") as folder:
        copy = Path(folder) / GRADEBOOK
        if original.is_file():
            try:
                with (
                    closing(sqlite3.connect(f"{original.as_uri()}?mode=ro", uri=True)) as source,
                    closing(sqlite3.connect(copy)) as target,
                ):
                    source.backup(target)
            except sqlite3.Error as error:
                raise gradebook_problem(course, str(error)) from error
        with opened(course, copy) as book:
            yield book


def write(sheet: Sheet, student: str, report: Report, timestamp: datetime | None, late: LatePenalty) -> None:
    """Write one report in one transaction. `timestamp` is the time of the hand-in in naive UTC. Raises Problem."""
    try:
        sheet.write(student, report, timestamp, late)
        sheet.gradebook.db.commit()
    except BaseException:
        sheet.gradebook.db.rollback()
        raise


def write_penalties(sheet: Sheet, changes: Mapping[str, float | None]) -> None:
    """Write late penalties in one transaction. `changes` maps rows of learners' notebooks to penalties."""
    sheet.write_penalties(changes)
    sheet.gradebook.db.commit()


def write_due_date(book: Gradebook, assignment: str, due: datetime | None) -> None:
    """Set the gradebook's due date to the course's. `due` is naive UTC."""
    row = book.find_assignment(assignment)
    if row.duedate != due:
        row.duedate = due
        book.db.commit()


# Automatic score and mark for manual grading of a notebook's grades, by the name of the cell.
Forgotten = dict[str, dict[str, Any]]


def forget(notebook: SubmittedNotebook) -> Forgotten:
    """Remove automatic scores until there is a new report, and return what they were. The caller commits.

    If grading stops halfway, the gradebook then holds no score, marked for manual grading, instead of an old one.
    """
    names = ("auto_score", "needs_manual_grade")
    forgotten = {grade.name: {name: getattr(grade, name) for name in names} for grade in notebook.grades}
    notebook.late_submission_penalty = None
    for grade in notebook.grades:
        grade.auto_score = None
        grade.needs_manual_grade = True
    return forgotten


def record(notebook: SubmittedNotebook, report: Report, forgotten: Forgotten) -> None:
    """Set the scores of one submitted notebook, as `Sheet` does. The caller commits."""
    changes = grade_changes(report)
    for grade in notebook.grades:
        row = {"manual_score": grade.manual_score, **forgotten[grade.name]}
        for name, value in changes({"name": grade.name}, row).items():
            setattr(grade, name, value)
    for comment in notebook.comments:
        comment.auto_comment = comment_of(report)


@dataclass(frozen=True)
class Row:
    """One row of the gradebook for people to read. The score is minus the late penalty."""

    student: str
    assignment: str
    score: float
    max_score: float
    status: str


def table(course: Course) -> list[Row]:
    """Return all submissions in the gradebook, by student and then in the course's order."""
    order = {assignment.id: number for number, assignment in enumerate(course.assignments)}
    with opened(course) as gradebook:
        rows = [
            Row(
                student=entry.student.id,
                assignment=assignment.name,
                score=final_score([entry.score], [entry.late_submission_penalty]),
                max_score=entry.max_score,
                status="needs manual grading" if entry.needs_manual_grade else "graded",
            )
            for assignment in gradebook.assignments
            for entry in assignment.submissions
            # An extension alone is no hand-in.
            if entry.notebooks
        ]
    return sorted(rows, key=lambda row: (row.student, order.get(row.assignment, len(order))))
