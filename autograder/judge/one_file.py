"""Grade one file from a cold start: the sandbox warms up while this process imports torch."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.read import read
from autograder.report.report import Report
from autograder.sandbox.host import Sandbox


def grade(
    course: Course, path: Path, assignment: str | None = None, *, pictures: bool = False, unsafe: bool = False
) -> Report:
    """Return the report on one notebook or .py file. Raises Problem where it is unreadable or for another assignment.

    `unsafe` grades it even on a machine that cannot isolate it.
    """
    if assignment is not None:
        course.assignment(assignment)
    if path.is_dir():
        raise Problem(path, "is a folder", "Name the notebook in it.")
    read(path, assignment or "")  # raises Problem for an unreadable file before anything slow starts
    sandbox = Sandbox.for_course(course, unsafe=unsafe)
    with ThreadPoolExecutor(1) as other:
        started = other.submit(sandbox.__enter__)
        try:
            from autograder.judge import judge
            from autograder.notebooks.identify import identify

            submission = identify(course, path, assignment)
        except BaseException:
            started.result()
            sandbox.__exit__()
            raise
        started.result()
    try:
        return judge.grade(course, [submission], sandbox, pictures=pictures)[0]
    finally:
        sandbox.__exit__()
