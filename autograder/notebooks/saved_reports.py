"""Find and read saved reports: there is a file for each submission in results/. Only `grading/cache.py` writes them."""

from pathlib import Path

from pydantic import BaseModel

from autograder.course import Course
from autograder.report.report import Report

FOLDER = "results"


class SavedReport(BaseModel):
    """The part of a saved file that concerns every reader. `grading/cache.py` knows the rest."""

    report: Report


def path_of(course: Course, assignment: str, student: str) -> Path:
    """Return where the report on a submission is saved."""
    return course.root / FOLDER / assignment / f"{student}.json"


def report_of(course: Course, assignment: str, student: str) -> Report | None:
    """Return the saved report on a submission, if there is one that can be read."""
    # An id of the gradebook may be anything, and no file's name holds a slash.
    if "/" in student:
        return None
    try:
        return SavedReport.model_validate_json(path_of(course, assignment, student).read_bytes()).report
    except (OSError, ValueError):
        return None
