"""Grade the one hand-in that another system has put into a folder."""

from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.judge import one_file, warm_sandbox
from autograder.report.report import Report
from autograder.sandbox.fork_server import ForkServer


def grade(
    course: Course, assignment: str, folder: Path, *, unsafe: bool = False, server: ForkServer | None = None
) -> Report:
    """Return the report on the notebook in a folder. Where there is none, or none that can be read, it says so.

    Raises Problem where the course or this machine cannot grade at all.
    """
    course.assignment(assignment)
    if not folder.is_dir():
        raise Problem(folder, "is not a folder", "Name the folder that holds what was handed in.")
    return one_file.in_judge(course, folder, _prepared, course, assignment, folder, unsafe, server=server)


def _prepared(course: Course, assignment: str, folder: Path, unsafe: bool) -> Report:
    warm_sandbox.begin(course, unsafe)
    from autograder.judge import notebooks

    prepared = notebooks.prepare(course, assignment, folder / f"{assignment}.ipynb")
    return one_file.graded_here(course, prepared.submission, True, unsafe)
