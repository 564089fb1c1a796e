"""Give one learner more time for one assignment, and take it back. nbgrader keeps it as the length of an extension.

A learner who has not handed in yet gets a row without notebooks. nbgrader's own would have notebooks and grades, and
formgrader would show them as a hand-in that needs manual grading. Export and formgrader take the row for no hand-in.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from pydantic import ValidationError

from autograder.course import FILE, Assignment, Course
from autograder.errors import Problem
from autograder.nbgrader import gradebook, late, update_penalties
from autograder.nbgrader.failures import GRADEBOOK
from autograder.notebooks.submitted import wrong_with

LENGTH = re.compile(r"\+(\d{1,4})([hd])")
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1)}
NONE = timedelta()
WRITE = "Write +48h, +3d, a date such as 2027-01-20 18:00, or 0 for none."
UNKNOWN = "Check the spelling. If the id is right: `nbgrader db student add {student}`, and once more."


@dataclass(frozen=True)
class Extension:
    """More time for one learner. `due` is when the hand-in is due now, in the course's time zone."""

    student: str
    assignment: str
    length: timedelta
    due: datetime
    handed_in: bool


def length_of(course: Course, assignment: Assignment, text: str) -> timedelta:
    """Return the length of an extension from its text; zero for none. Raises Problem."""
    due = course.due_utc(assignment)
    if due is None:
        what = f"{assignment.id} has no due date, so there is nothing to extend"
        raise Problem(course.root / FILE, what, "Add `due` to its entry.")
    if text.strip() == "0":
        return NONE
    if match := LENGTH.fullmatch(text.strip()):
        return int(match[1]) * UNITS[match[2]]
    try:
        until = course.due_utc(Assignment(id=assignment.id, due=text))
    except (ValidationError, OverflowError):
        until = None
    if until is None:
        raise Problem("extend", f"'{text}' is neither a length of time nor a date", WRITE)
    if until <= due:
        raise Problem(
            "extend", f"'{text}' is not after the deadline of {assignment.id}, {due:%Y-%m-%d %H:%M} UTC", WRITE
        )
    return until - due


def grant(course: Course, book: Gradebook, student: str, assignment: str, length: timedelta) -> None:
    """Set a learner's extension, in place of any earlier one, and update the learner's late penalties at once.

    A length of zero removes the extension. Raises Problem if the learner or the assignment is unknown.
    """
    policy = late.load(course)
    try:
        book.find_assignment(assignment)
    except MissingEntry:
        what = f"it knows no assignment '{assignment}'"
        raise Problem(course.root / GRADEBOOK, what, "Run `autograder release` first.") from None
    due = course.due_utc(course.assignment(assignment))
    gradebook.write_due_date(book, assignment, due.replace(tzinfo=None) if due else None)
    _require_known(course, book, student)
    if not _has_row(book, assignment, student) and length:
        book.update_or_create_student(student)
        row = SubmittedAssignment(assignment=book.find_assignment(assignment), student=book.find_student(student))
        book.db.add(row)
        book.db.commit()
    if _has_row(book, assignment, student):
        book.grant_extension(assignment, student, minutes=length / timedelta(minutes=1))
        if not length and not book.find_submission(assignment, student).notebooks:
            book.remove_submission(assignment, student)
    update_penalties.update_all(book, policy, {student}, lambda: None)


def listed(course: Course, book: Gradebook) -> list[Extension]:
    """Return all extensions in the gradebook, by assignment in the course's order, then by learner."""
    order = [assignment.id for assignment in course.assignments]
    zone = ZoneInfo(course.timezone)
    rows = book.db.query(SubmittedAssignment).filter(SubmittedAssignment.extension.is_not(None))
    found = [
        Extension(
            row.student.id,
            row.name,
            row.extension,
            row.duedate.replace(tzinfo=UTC).astimezone(zone),
            bool(row.notebooks),
        )
        for row in rows
        if row.name in order and row.assignment.duedate is not None
    ]
    return sorted(found, key=lambda each: (order.index(each.assignment), each.student))


def complete_rows(book: Gradebook, hand_ins: Collection[tuple[str, str]]) -> None:
    """Give rows without notebooks those that nbgrader expects of a hand-in: (student, assignment)."""
    rows = book.db.query(SubmittedAssignment).filter(~SubmittedAssignment.notebooks.any()).all()
    for row in rows:
        if (row.student.id, row.name) in hand_ins:
            student, assignment, extension = row.student.id, row.name, row.extension
            book.remove_submission(assignment, student)
            book.add_submission(assignment, student, extension=extension)


def _has_row(book: Gradebook, assignment: str, student: str) -> bool:
    try:
        book.find_submission(assignment, student)
    except MissingEntry:
        return False
    return True


def _require_known(course: Course, book: Gradebook, student: str) -> None:
    """Raise Problem for an id that neither the gradebook nor submitted/ has: it may be misspelt."""
    try:
        book.find_student(student)
    except MissingEntry:
        folder: Path = course.root / "submitted" / student
        if "/" in student or wrong_with(student) or not folder.is_dir():
            what = f"there is no learner {student!a} in the gradebook, nor in submitted/"
            raise Problem(course.root / GRADEBOOK, what, UNKNOWN.format(student=ascii(student))) from None
