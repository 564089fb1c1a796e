"""Grades into nbgrader's gradebook: only the trusted parent writes, and a manual score is never overwritten."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.late import LatePenalty
from autograder.messages import NOT_ISOLATED
from autograder.report import UNSAFE_TIER, Outcome, Report

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


def write(gradebook: Gradebook, student: str, report: Report, timestamp: datetime | None, late: LatePenalty) -> None:
    """Write one report, in one transaction. `timestamp` is when it was handed in, naive UTC. Raises Problem."""
    try:
        entry = _entry(gradebook, student, report.assignment)
        if timestamp is not None:
            entry.timestamp = timestamp
        for notebook in entry.notebooks:
            record(notebook, report)
            # The plugin is told the score, which is a sum that the database makes.
            gradebook.db.flush()
            gradebook.db.refresh(notebook)
            gradebook.db.refresh(entry)
            notebook.late_submission_penalty = late.of(entry, notebook)
        gradebook.db.commit()
    except BaseException:
        gradebook.db.rollback()
        raise


def _entry(gradebook: Gradebook, student: str, assignment: str) -> SubmittedAssignment:
    """The learner's row for the assignment, made with all that hangs on it where there is none; nothing is committed.

    nbgrader's own functions would commit the learner and the empty row one after the other.
    """
    with gradebook.db.no_autoflush:
        try:
            return gradebook.find_submission(assignment, student)
        except MissingEntry:
            pass
        try:
            person = gradebook.find_student(student)
        except MissingEntry:
            person = Student(id=student)
        entry = SubmittedAssignment(assignment=gradebook.find_assignment(assignment), student=person)
        for master in entry.assignment.notebooks:
            notebook = SubmittedNotebook(notebook=master, assignment=entry)
            for cell in (*master.grade_cells, *master.task_cells):
                Grade(cell_id=cell.id, notebook=notebook)
            for cell in (*master.solution_cells, *master.task_cells):
                Comment(cell_id=cell.id, notebook=notebook)
        gradebook.db.add(entry)
    gradebook.db.flush()
    return entry


def holds(gradebook: Gradebook, student: str, report: Report) -> bool:
    """True where the automatic scores in the gradebook are those of the report."""
    try:
        entry = gradebook.find_submission(report.assignment, student)
    except MissingEntry:
        return False
    scores = {grade_id(check.id): check.score for check in report.checks}
    found = [{grade.name: grade.auto_score for grade in notebook.grades} for notebook in entry.notebooks]
    return bool(found) and all(one == scores for one in found)


def forget(notebook: SubmittedNotebook) -> None:
    """Take back what was graded automatically, until there is a new report. The caller commits.

    If grading stops halfway, what stands in the gradebook is no score, marked for manual grading, and not an old one.
    """
    notebook.late_submission_penalty = None
    for grade in notebook.grades:
        grade.auto_score = None
        grade.needs_manual_grade = True


def record(notebook: SubmittedNotebook, report: Report) -> None:
    """Set the scores of one submitted notebook. The caller commits, so that all of it happens or nothing.

    A check without a verdict has no score and needs manual grading. So does one that already has a manual score:
    it stands, and a person decides whether it should. What was graded without a sandbox is marked by a comment on the
    cells that the learner wrote.
    """
    results = {grade_id(check.id): check for check in report.checks}
    for grade in notebook.grades:
        result = results.get(grade.name)
        no_verdict = result is None or result.outcome is Outcome.ERROR
        grade.auto_score = None if no_verdict else result.score
        grade.needs_manual_grade = no_verdict or grade.manual_score is not None
    for comment in notebook.comments:
        comment.auto_comment = NOT_ISOLATED if report.sandbox == UNSAFE_TIER else None


@dataclass(frozen=True)
class Row:
    """One line of the gradebook as people read it; the score is without what a late submission loses."""

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
                score=max(0.0, entry.score - (entry.late_submission_penalty or 0.0)),
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
