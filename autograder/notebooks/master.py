"""Read the course's own notebooks of an assignment: its import cell, and the functions that learners write."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.read import (
    Submission,
    from_notebook,
    load_notebook,
    names_defined,
    nbgrader_metadata,
    source_of,
    without_magics,
)


def prelude(course: Course, assignment: str) -> str:
    """Return the import cell of the assignment's master notebook, which runs before a submission's cells."""
    return _prelude(course.master(assignment))


@lru_cache(maxsize=64)
def _prelude(master: Path) -> str:
    cells = load_notebook(master)["cells"]
    return "".join(source_of(cell) for cell in cells if nbgrader_metadata(cell).get("grade_id") == "imports")


def functions_to_write(course: Course, assignment: str) -> tuple[str, ...]:
    """Return the names of the functions that the stub's solution cells define, in order.

    Where there is no stub, or its cells define nothing, read the master notebook instead.
    """
    for path in (course.stub(assignment), course.master(assignment)):
        try:
            names = _functions_in(path, path.stat().st_mtime_ns)
        except (Problem, OSError):
            continue
        if names:
            return names
    return ()


def released(course: Course, assignment: str) -> Submission:
    """Return the code that learners are given: the stub's, else the master notebook's, else none."""
    for path in (course.stub(assignment), course.master(assignment)):
        try:
            return _released(path, path.stat().st_mtime_ns)
        except (Problem, OSError):
            continue
    return Submission(assignment, "", ())


@lru_cache(maxsize=64)
def _released(path: Path, changed: int) -> Submission:
    return from_notebook(load_notebook(path), path.stem, path.name)


# `changed` is when the file was written: a new release may replace a stub while a server runs.
@lru_cache(maxsize=256)
def _functions_in(path: Path, changed: int) -> tuple[str, ...]:
    cells = [cell for cell in load_notebook(path)["cells"] if isinstance(cell, Mapping)]
    answers = [cell for cell in cells if cell.get("cell_type") == "code" and nbgrader_metadata(cell).get("solution")]
    return tuple(dict.fromkeys(name for cell in answers for name in names_defined(without_magics(source_of(cell)))))
