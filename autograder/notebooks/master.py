"""The course's own import cell, which runs before a submission's cells."""

from functools import lru_cache
from pathlib import Path

from autograder.course import Course
from autograder.notebooks.read import load_notebook, nbgrader_metadata, source_of


def prelude(course: Course, assignment: str) -> str:
    """Its source, from the assignment's master notebook."""
    return _prelude(course.master(assignment))


@lru_cache(maxsize=64)
def _prelude(master: Path) -> str:
    cells = load_notebook(master)["cells"]
    return "".join(source_of(cell) for cell in cells if nbgrader_metadata(cell).get("grade_id") == "imports")
