"""Find out which assignment a submission is for: by its file name, else by the functions that it defines.

Nothing is run.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.master import functions_to_write, released
from autograder.notebooks.read import Submission, compared, functions_defined, read

# What browsers and file managers add: "conv2d (1).ipynb", "conv2d-Copy2.ipynb". The quantifiers are possessive (+), so
# that a name with hundreds of copies in it is matched in linear time.
COPY = re.compile(
    r"(?:[ _-]*+\(\d++\)|[ _-]++copy(?:[ _-]*+\d++)?+|[ _-]++\d++)*+[ _-]*+",
    re.IGNORECASE,
)
FOREIGN = "looks like a notebook of the assignment '{foreign}', not of '{name}': it does not define {wanted}"
# The names of the functions that each assignment asks for.
FunctionsByAssignment = Mapping[str, Sequence[str]]


def identify(course: Course, path: Path, assignment: str | None = None) -> Submission:
    """Read the submission in a file, for this assignment or else for the one that the file seems to be for.

    Raises Problem where the file is unreadable, is for another assignment, or fits none or several.
    """
    if assignment is not None:
        course.assignment(assignment)
    submission = read(path, assignment or "")
    functions = functions_by_assignment(course)
    name = assignment or named(course, path) or guess(functions, path, submission)
    submission = compared(replace(submission, assignment=name), released(course, name))
    foreign = foreign_to(functions, submission)
    if foreign:
        what = FOREIGN.format(foreign=foreign, name=name, wanted=" and ".join(functions[name]))
        raise Problem(path, what, f"Check the file, or grade it with --assignment {foreign}.")
    return submission


def named(course: Course, path: Path) -> str | None:
    """Return the assignment that the file is named after, or None."""
    stem = path.stem
    rests = ((one.id, stem[len(one.id) :]) for one in course.assignments if stem.startswith(one.id))
    return next((name for name, rest in rests if COPY.fullmatch(rest)), None)


def functions_by_assignment(course: Course) -> FunctionsByAssignment:
    """Return the names of the functions that each assignment of the course asks for."""
    return {one.id: functions_to_write(course, one.id) for one in course.assignments}


def guess(functions: FunctionsByAssignment, path: Path | str, submission: Submission) -> str:
    """Return the assignment whose functions the submission defines. Raises Problem where none or several fit alike."""
    shares = _shares(functions, submission)
    best = max(shares.values(), default=0)
    fitting = [name for name, share in shares.items() if share == best]
    # `transposed` also asks for the function of `kernel_matrix`. A submission that defines all is for the larger one.
    fitting = [
        name for name in fitting if not any(_within(functions, name, other) for other in fitting if other != name)
    ]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(functions)
    what = (
        f"defines functions of several assignments ({', '.join(fitting)})"
        if fitting
        else "defines none of the functions that the course asks for"
    )
    raise Problem(path, what, f"Say which assignment it is for: --assignment ID, one of {known}.")


def foreign_to(functions: FunctionsByAssignment, submission: Submission) -> str | None:
    """Return another assignment whose functions the submission defines, if it defines none of its own; else None."""
    shares = _shares(functions, submission)
    # An assignment without a stub and a master notebook has no functions that could be missing.
    if not shares or submission.assignment in shares or not functions.get(submission.assignment):
        return None
    return max(shares, key=lambda name: shares[name])


def _shares(functions: FunctionsByAssignment, submission: Submission) -> dict[str, float]:
    """Return the share of each assignment's functions that the submission defines, above 0 and up to 1."""
    defined = functions_defined(submission)
    shares = {name: len(defined & set(wanted)) / len(set(wanted)) for name, wanted in functions.items() if wanted}
    return {name: share for name, share in shares.items() if share}


def _within(functions: FunctionsByAssignment, name: str, other: str) -> bool:
    return set(functions[name]) < set(functions[other])
