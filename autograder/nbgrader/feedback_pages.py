"""Make and release the feedback pages of an assignment. One page that fails keeps no other back."""

from collections.abc import Callable, Iterable, Sequence
from glob import escape
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.apps import NbGraderAPI

from autograder.course import Course
from autograder.nbgrader.failures import reason, require_gradebook, succeed
from autograder.notebooks.submitted import SECRET
from autograder.report.counts import counted

# Prints one line.
Print = Callable[[str], None]


class ReleaseFailure(NamedTuple):
    """A feedback page that could not be released, and nbgrader's result."""

    assignment: str
    student: str
    result: dict[str, Any]


def graded(course: Course, assignment: str, students: Iterable[str] | None) -> set[str]:
    """Return who of these learners, or of all, has a graded submission."""
    there = {path.parent.name for path in (course.root / "autograded").glob(f"*/{assignment}")}
    return there if students is None else there & set(students)


def make(
    api: NbGraderAPI, course: Course, assignment: str, students: set[str], echo: Print, *, everybody: bool
) -> list[str]:
    """Make the pages of these learners. Return who has none, and why. Raises Problem if none could be made.

    If they are `everybody`, nbgrader makes all pages in one go.
    """
    if everybody:
        results = [api.generate_feedback(assignment, force=True)]
    else:
        results = [api.generate_feedback(assignment, escape(student), force=True) for student in sorted(students)]
    for result in results:
        require_gradebook(course, result)
    failed = [result for result in results if not result["success"]]
    made = {path.parent.name for path in folders(course, assignment) if any(path.glob("*.html"))}
    made = made if everybody else made & students
    if not made:
        succeed(
            course, (failed or results)[0], course.root / "feedback", f"the pages for {assignment} could not be made"
        )
    echo(f"made {counted(len(made), 'feedback page')} for {assignment}")
    # nbgrader leaves some out without a message.
    missing = sorted(students - made)
    if not missing and not failed:
        return []
    names = f"{', '.join(map(ascii, missing)) or 'somebody'} ({assignment})"
    echo(f"  no page could be made for {names}")
    return [f"{names}: {reason(failed[0])}" if failed else names]


def release(api: NbGraderAPI, course: Course, assignment: str, students: set[str], echo: Print) -> list[ReleaseFailure]:
    """Release these learners' pages to the exchange. Return those that failed."""
    # A submission that did not come through the exchange has no secret to name its page after.
    released = [
        folder
        for folder in folders(course, assignment)
        if folder.parent.name in students and (folder / SECRET).is_file()
    ]
    failures = []
    for folder in released:
        result = api.release_feedback(assignment, folder.parent.name)
        if not result["success"]:
            failures.append(ReleaseFailure(assignment, folder.parent.name, result))
    echo(f"released {counted(len(released) - len(failures), 'feedback page')} for {assignment}")
    return failures


def folders(course: Course, assignment: str) -> Sequence[Path]:
    """Return the folders of an assignment's feedback pages, one per student."""
    return sorted((course.root / "feedback").glob(f"*/{assignment}"))
