"""Grade the one hand-in that another system has put into a folder."""

from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.judge import judge, notebooks
from autograder.report.report import Report
from autograder.sandbox.host import Sandbox


def grade(course: Course, assignment: str, folder: Path, *, unsafe: bool = False) -> Report:
    """Return the report on the notebook in a folder. Where there is none, or none that can be read, it says so.

    Raises Problem where the course or this machine cannot grade at all.
    """
    course.assignment(assignment)
    if not folder.is_dir():
        raise Problem(folder, "is not a folder", "Name the folder that holds what was handed in.")
    prepared = notebooks.prepare(course, assignment, folder / f"{assignment}.ipynb")
    with Sandbox.for_course(course, unsafe=unsafe) as sandbox:
        return judge.grade(course, [prepared.submission], sandbox, pictures=True)[0]
