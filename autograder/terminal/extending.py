"""Give an extension, and show them all."""

from datetime import timedelta

from autograder.course import Course
from autograder.grading import lock
from autograder.grading.backup import Backup
from autograder.nbgrader import extensions, gradebook, shared
from autograder.nbgrader.extensions import Extension
from autograder.report.counts import counted
from autograder.sanitize import clean
from autograder.terminal.console import console, plain
from autograder.terminal.tables import table

MINUTE = "%Y-%m-%d %H:%M %Z"
GRANTED = "{student} has until {due} for {assignment} ({length} more)"
REMOVED = "{student} has no extension for {assignment}"
NONE = "nobody has an extension"


def extend(course: Course, student: str, assignment: str, until: str, *, wait: bool) -> None:
    """Set or remove one learner's extension, and say what holds now. Raises Problem."""
    length = extensions.length_of(course, course.assignment(assignment), until)
    with lock.held(course, "extend", wait=wait), gradebook.opened(course) as book:
        Backup(course, shared=shared.is_shared(course)).make_once()
        extensions.grant(course, book, student, assignment, length)
        found = [
            each for each in extensions.listed(course, book) if (each.student, each.assignment) == (student, assignment)
        ]
    print(clean(_line(found[0]) if found else REMOVED.format(student=student, assignment=assignment)))


def _line(given: Extension) -> str:
    return GRANTED.format(
        student=given.student, assignment=given.assignment, due=f"{given.due:{MINUTE}}", length=_in_words(given.length)
    )


def show(course: Course) -> None:
    """Print all extensions. Raises Problem."""
    with gradebook.opened(course) as book:
        given = extensions.listed(course, book)
    out = console()
    if not given:
        out.print(plain(NONE))
        return
    rows = [
        [
            each.student,
            each.assignment,
            _in_words(each.length),
            f"{each.due:{MINUTE}}",
            "yes" if each.handed_in else "no",
        ]
        for each in given
    ]
    out.print(table("", ["student", "assignment", "extension", "due", "graded"], rows))


def _in_words(length: timedelta) -> str:
    """Return a length in days, hours and minutes, without those that are zero."""
    minutes = round(length / timedelta(minutes=1))
    parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute")]
    return ", ".join(counted(count, unit) for count, unit in parts if count)
