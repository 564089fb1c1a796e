"""Grade one submission from a cold start, in a judge of its own: PyTorch is imported once."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.errors import Problem
from autograder.judge import warm_sandbox
from autograder.judge.watchdog import JudgeLost, Watchdog, WatchedJudge
from autograder.notebooks.read import Submission, read
from autograder.report.report import Report
from autograder.sandbox.fork_server import ForkServer


def grade(
    course: Course,
    path: Path,
    assignment: str | None = None,
    *,
    pictures: bool = False,
    unsafe: bool = False,
    server: ForkServer | None = None,
) -> Report:
    """Return the report on one notebook or .py file. Raises Problem where it is unreadable or for another assignment.

    `unsafe` grades it even on a machine that cannot isolate it. Without a `server`, one is started.
    """
    if assignment is not None:
        course.assignment(assignment)
    if path.is_dir():
        raise Problem(path, "is a folder", "Name the notebook in it.")
    read(path, assignment or "")  # raises Problem for an unreadable file before anything slow starts
    return in_judge(course, path, _identified, course, path, assignment, pictures, unsafe, server=server)


def in_judge(
    course: Course, path: Path, function: Callable[..., Report], *arguments: Any, server: ForkServer | None = None
) -> Report:
    """Return the report that a function makes in a judge of its own. Raises Problem where the judge is lost."""
    with nullcontext(server) if server else ForkServer() as started:
        judge = WatchedJudge(started, Watchdog())
        try:
            try:
                return judge.run(course.limits, function, *arguments)
            except JudgeLost as lost:
                # It may have been killed because another process used up the memory.
                if not lost.died:
                    raise
                return judge.run(course.limits, function, *arguments)
        except JudgeLost as lost:
            raise Problem(path, f"has no result: {lost}", "Look at it by hand.") from lost
        finally:
            judge.close()


def graded_here(course: Course, submission: Submission, pictures: bool, unsafe: bool) -> Report:
    """Grade a submission in this process. Raises Problem, SandboxError."""
    from autograder.judge import judge

    return judge.grade(course, [submission], warm_sandbox.get(course, unsafe), pictures=pictures)[0]


def _identified(course: Course, path: Path, assignment: str | None, pictures: bool, unsafe: bool) -> Report:
    warm_sandbox.begin(course, unsafe)
    from autograder.notebooks.identify import identify

    return graded_here(course, identify(course, path, assignment), pictures, unsafe)
