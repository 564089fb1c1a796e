"""Read what the gradebook knows of a whole class: its learners, their final scores, their extensions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nbgrader.api import Gradebook
from sqlalchemy import select

from autograder.course import Course
from autograder.nbgrader import gradebook
from autograder.nbgrader.failures import GRADEBOOK
from autograder.nbgrader.rows import ASSIGNMENT, STUDENT, SUBMITTED, Sheet, Standing


@dataclass(frozen=True)
class ClassBook:
    """The names of learners by id; standings and extensions by assignment, then by learner."""

    names: dict[str, str] = field(default_factory=dict)
    standings: dict[str, dict[str, Standing]] = field(default_factory=dict)
    extensions: dict[str, dict[str, timedelta]] = field(default_factory=dict)

    def deadline(self, assignment: str, student: str, due: datetime | None) -> datetime | None:
        """Return a learner's deadline: the due date and their extension."""
        return due and due + self.extensions.get(assignment, {}).get(student, timedelta())


def read(course: Course, assignments: Sequence[str]) -> ClassBook:
    """Return what the gradebook knows of these assignments; nothing if there is no gradebook yet. Raises Problem."""
    if not (course.root / GRADEBOOK).exists():
        # Opening it would make one.
        return ClassBook()
    with gradebook.opened(course) as book:
        known = set(book.db.execute(select(ASSIGNMENT.c.name)).scalars())
        students = book.db.execute(select(STUDENT.c.id, STUDENT.c.first_name, STUDENT.c.last_name)).all()
        return ClassBook(
            {student: " ".join(filter(None, (first, last))) for student, first, last in students},
            {name: Sheet(book, name).standings() for name in assignments if name in known},
            {name: _extensions(book, name) for name in assignments if name in known},
        )


def _extensions(book: Gradebook, assignment: str) -> dict[str, timedelta]:
    granted = (
        select(SUBMITTED.c.student_id, SUBMITTED.c.extension)
        .join(ASSIGNMENT, SUBMITTED.c.assignment_id == ASSIGNMENT.c.id)
        .where(ASSIGNMENT.c.name == assignment, SUBMITTED.c.extension.is_not(None))
    )
    return {student: extension for student, extension in book.db.execute(granted)}
