"""Which assignment a submission is for: by its file name, else by the functions that it defines. Nothing is run."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.master import functions_to_write, released
from autograder.notebooks.read import Submission, compared, functions_defined, read

# What browsers and file managers add: "conv2d (1).ipynb", "conv2d-Copy2.ipynb". What a quantifier has taken it keeps
# (+), so that a name with hundreds of copies in it is read once and not in every way there is.
COPY = re.compile(
    r"(?:[ _-]*+\(\d++\)|[ _-]++copy(?:[ _-]*+\d++)?+|[ _-]++\d++)*+[ _-]*+",
    re.IGNORECASE,
)
FOREIGN = "looks like a notebook of the assignment '{foreign}', not of '{name}': it does not define {wanted}"
# Assignments by the names of the functions that they ask for.
Asked = Mapping[str, Sequence[str]]


def identify(course: Course, path: Path, assignment: str | None = None) -> Submission:
    """Read the submission in a file, for this assignment or else for the one that the file seems to be for.

    Raises Problem where the file is unreadable, is for another assignment, or does not show which one it is for.
    """
    if assignment is not None:
        course.assignment(assignment)
    submission = read(path, assignment or "")
    asked = asked_of(course)
    name = assignment or named(course, path) or guess(asked, path, submission)
    submission = compared(replace(submission, assignment=name), released(course, name))
    foreign = foreign_to(asked, submission)
    if foreign:
        what = FOREIGN.format(foreign=foreign, name=name, wanted=" and ".join(asked[name]))
        raise Problem(path, what, f"Check the file, or grade it with --assignment {foreign}.")
    return submission


def named(course: Course, path: Path) -> str | None:
    """The assignment that the file is named after, or None."""
    stem = path.stem
    rests = ((one.id, stem[len(one.id) :]) for one in course.assignments if stem.startswith(one.id))
    return next((name for name, rest in rests if COPY.fullmatch(rest)), None)


def asked_of(course: Course) -> Asked:
    """The functions that each assignment of the course asks for."""
    return {one.id: functions_to_write(course, one.id) for one in course.assignments}


def guess(asked: Asked, path: Path | str, submission: Submission) -> str:
    """The assignment whose functions the submission defines. Raises Problem where none or several fit alike."""
    shares = _shares(asked, submission)
    best = max(shares.values(), default=0)
    fitting = [name for name, share in shares.items() if share == best]
    # `transposed` asks for the function of `kernel_matrix` too: whoever defines all of them means the larger one.
    fitting = [name for name in fitting if not any(_within(asked, name, other) for other in fitting if other != name)]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(asked)
    what = (
        f"defines functions of several assignments ({', '.join(fitting)})"
        if fitting
        else "defines none of the functions that the course asks for"
    )
    raise Problem(path, what, f"Say which assignment it is for: --assignment ID, one of {known}.")


def foreign_to(asked: Asked, submission: Submission) -> str | None:
    """Another assignment that the submission seems to be for: it defines that one's functions and none of its own."""
    shares = _shares(asked, submission)
    # Of an assignment without a stub and a master notebook, nobody can say that its functions are missing.
    if not shares or submission.assignment in shares or not asked.get(submission.assignment):
        return None
    return max(shares, key=lambda name: shares[name])


def _shares(asked: Asked, submission: Submission) -> dict[str, float]:
    """How much of each assignment's functions the submission defines, from 0 to 1; only those above 0."""
    defined = functions_defined(submission)
    parts = {name: len(defined & set(wanted)) / len(set(wanted)) for name, wanted in asked.items() if wanted}
    return {name: part for name, part in parts.items() if part}


def _within(asked: Asked, name: str, other: str) -> bool:
    return set(asked[name]) < set(asked[other])
