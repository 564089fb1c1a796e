"""Enter learners into nbgrader's gradebook, so that formgrader shows their names and lists who handed in nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nbgrader.api import Gradebook, Student

from autograder.course import Course
from autograder.nbgrader import gradebook

FIELDS = ("first_name", "last_name", "email", "lms_user_id")


@dataclass(frozen=True)
class Entry:
    """A learner as nbgrader keeps one."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    lms_user_id: str | None = None


def known(course: Course) -> set[str]:
    """Return the ids of the learners in the gradebook. Raises Problem."""
    with gradebook.opened(course) as book:
        return {student.id for student in book.students}


def enter(course: Course, entries: Iterable[Entry], before_first: Callable[[], None]) -> int:
    """Enter learners, and update those that are there, in one transaction. Return how many changed. Raises Problem.

    What an entry does not say stays as it is. `before_first` is called before anything is written.
    """
    with gradebook.opened(course) as book:
        there = {student.id: student for student in book.students}
        todo = [entry for entry in entries if _differs(there.get(entry.id), entry)]
        if todo:
            before_first()
        try:
            for entry in todo:
                _enter(book, there.get(entry.id), entry)
            book.db.commit()
        except BaseException:
            book.db.rollback()
            raise
    return len(todo)


def _differs(student: Student | None, entry: Entry) -> bool:
    if student is None:
        return True
    return any(getattr(entry, name) and getattr(entry, name) != getattr(student, name) for name in FIELDS)


def _enter(book: Gradebook, student: Student | None, entry: Entry) -> None:
    given = {name: value for name in FIELDS if (value := getattr(entry, name))}
    if student is None:
        book.db.add(Student(id=entry.id, **given))
    for name, value in given.items() if student is not None else ():
        setattr(student, name, value)
