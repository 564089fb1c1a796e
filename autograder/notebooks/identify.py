"""Which assignment a submission is for: by its file name, else by the functions that it defines. Nothing is run."""

import re
from dataclasses import replace
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.master import functions_to_write
from autograder.notebooks.read import Submission, functions_defined, read

# Browsers and file managers add these: "conv2d (1).ipynb", "conv2d-Copy2.ipynb".
COPY = re.compile(r"(?:[ _-]*\(\d+\)|[ _-]+copy[ _-]*\d*|[ _-]+\d+)+$", re.IGNORECASE)


def identify(course: Course, path: Path, assignment: str | None = None) -> Submission:
    """Read the submission in a file, for this assignment or else for the one that the file seems to be for.

    Raises Problem where the file is unreadable, is for another assignment, or does not show which one it is for.
    """
    if assignment is not None:
        course.assignment(assignment)
    submission = read(path, assignment or "")
    name = assignment or named(course, path) or guess(course, path, submission)
    submission = replace(submission, assignment=name)
    foreign = foreign_to(course, submission)
    if foreign:
        wanted = " and ".join(functions_to_write(course, name))
        what = f"looks like a notebook of the assignment '{foreign}', not of '{name}': it does not define {wanted}"
        raise Problem(path, what, f"Check the file, or grade it with --assignment {foreign}.")
    return submission


def named(course: Course, path: Path) -> str | None:
    """The assignment that the file is named after, or None."""
    stem = COPY.sub("", path.stem)
    return next((one.id for one in course.assignments if one.id in (path.stem, stem)), None)


def guess(course: Course, path: Path, submission: Submission) -> str:
    """The assignment whose functions the submission defines. Raises Problem where none or several fit alike."""
    shares = _shares(course, submission)
    best = max(shares.values(), default=0)
    fitting = [name for name, share in shares.items() if share == best]
    # `transposed` asks for the function of `kernel_matrix` too: whoever defines all of them means the larger one.
    fitting = [name for name in fitting if not any(_within(course, name, other) for other in fitting if other != name)]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(one.id for one in course.assignments)
    what = (
        f"defines functions of several assignments ({', '.join(fitting)})"
        if fitting
        else "defines none of the functions that the course asks for"
    )
    raise Problem(path, what, f"Say which assignment it is for: --assignment ID, one of {known}.")


def foreign_to(course: Course, submission: Submission) -> str | None:
    """Another assignment that the submission seems to be for: it defines that one's functions and none of its own."""
    shares = _shares(course, submission)
    # Of an assignment without a stub and a master notebook, nobody can say that its functions are missing.
    if not shares or submission.assignment in shares or not functions_to_write(course, submission.assignment):
        return None
    return max(shares, key=lambda name: shares[name])


def _shares(course: Course, submission: Submission) -> dict[str, float]:
    """How much of each assignment's functions the submission defines, from 0 to 1; only those above 0."""
    defined = functions_defined(submission)
    shares = {}
    for one in course.assignments:
        wanted = set(functions_to_write(course, one.id))
        if wanted & defined:
            shares[one.id] = len(wanted & defined) / len(wanted)
    return shares


def _within(course: Course, name: str, other: str) -> bool:
    return set(functions_to_write(course, name)) < set(functions_to_write(course, other))
