"""What is in submitted/ already, and whether it is earlier than what arrives. Nothing is written here."""

import os
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.files import is_link, read_bytes
from autograder.notebooks.handed_in_at import own_timestamp, read_timestamp

REPLACE = "--replace takes it"


class There(Enum):
    """What a learner has in submitted/ for an assignment, as compared with what arrives."""

    NOTHING = auto()
    SAME = auto()
    EARLIER = auto()
    LATER = auto()
    UNKNOWN = auto()
    CLOSED = auto()


WHY = {
    There.EARLIER: f"{{student}} has an earlier one in submitted/; {REPLACE}",
    There.LATER: "{student} has a later one in submitted/, which stays",
    There.UNKNOWN: f"{{student}} has another one in submitted/, and which is later is not known; {REPLACE}",
    There.CLOSED: "the folder of {student} in submitted/ is a link, or cannot be read",
}


def ids(course: Course) -> set[str]:
    """Return the names of the folders in submitted/."""
    try:
        return set(os.listdir(course.root / "submitted"))
    except OSError:
        return set()


def look(course: Course, student: str, assignment: str, data: bytes, when: datetime | None) -> tuple[There, str]:
    """Return what is there for a notebook with these bytes and this time, and a sentence about it."""
    state = _state(course.root / "submitted" / student / assignment, assignment, data, when)
    return state, WHY.get(state, "")


def _state(folder: Path, assignment: str, data: bytes, when: datetime | None) -> There:
    if is_link(folder.parent.parent) or is_link(folder.parent) or is_link(folder):
        return There.CLOSED
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return There.NOTHING
    except OSError:
        return There.CLOSED
    if not names:
        return There.NOTHING
    notebook = folder / f"{assignment}.ipynb"
    try:
        if notebook.name in names and read_bytes(notebook) == data:
            return There.SAME
    except Problem:
        return There.UNKNOWN
    text = own_timestamp(folder)
    before = read_timestamp(text) if text else None
    if before is None or when is None or before.replace(tzinfo=UTC) == when:
        return There.UNKNOWN
    return There.EARLIER if before.replace(tzinfo=UTC) < when else There.LATER
