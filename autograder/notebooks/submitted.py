"""Find what was handed in: the folders, and the notebook in each, by their names. No file is opened."""

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.budget import MOST_FILES
from autograder.notebooks.files import is_link
from autograder.sanitize import one_line

# A file of nbgrader's exchange. Released feedback is named after its contents, so that only the learner can fetch it.
SECRET = "submission_secret.txt"
TIMESTAMP = "timestamp.txt"
# Both files hold one line each. It may be padded.
MOST_LINE = 10_000
RENAMED = "The notebook was named {found}; it was graded as {expected}."
IGNORED = "Besides {expected}, the folder held {others}; only {expected} was graded."
LINKED = "A hand-in that is a link could be another learner's. Hand in the folder itself."
MISNAMED = "the work in it is not graded: its name {why}"
CLOSED = "the work in it is not graded: the folder cannot be read ({why})"
OPEN = "Check the folder's permissions and its owner, and grade again."
ALIKE = "submitted/ holds work by {names}: these ids differ by case only. Are they one learner? Each is graded alone."
RENAME = "Rename it to the learner's id, and grade again."
MAX_NAME = 80
MAX_OTHERS = 20
# Reports and pages are files named after the learner. A file system must accept the id with a suffix.
MAX_ID_BYTES = 200
# A folder may hold a million files. Consider no more than these.
MOST_ENTRIES = 10_000


@dataclass(frozen=True)
class SubmissionFolder:
    """One learner's folder for one assignment."""

    student: str
    assignment: str
    path: Path

    @property
    def notebook(self) -> Path:
        """Return where the notebook should be. It may be missing."""
        return self.path / f"{self.assignment}.ipynb"


def submission_folders(
    course: Course, assignments: Sequence[str], students: Sequence[str] | None = None
) -> list[SubmissionFolder]:
    """Return the folders submitted/<student>/<assignment>/, by assignment in the course's order, then by student.

    Leave out folders whose name cannot be an id, and those that cannot be read: `misnamed` reports them.
    """
    names = [name for name in _names(course) if not wrong_with(name) and (students is None or name in students)]
    names = [name for name in names if not _closed(course.root / "submitted" / name)]
    return [
        SubmissionFolder(name, assignment, course.root / "submitted" / name / assignment)
        for assignment in assignments
        for name in names
        if os.path.isdir(course.root / "submitted" / name / assignment)
    ]


def misnamed(course: Course) -> list[Problem]:
    """Return a problem for each folder in submitted/ that cannot be graded, by its name or its permissions."""
    problems = []
    for name in _names(course):
        where = course.root / "submitted" / ascii(name)[1:-1][:MAX_NAME]
        if name.startswith(".") and not _holds_a_hand_in(course, name):
            # Many programs make hidden folders where somebody works.
            continue
        if why := wrong_with(name):
            problems.append(Problem(where, MISNAMED.format(why=why), RENAME))
        elif why := _closed(course.root / "submitted" / name):
            problems.append(Problem(where, CLOSED.format(why=why), OPEN))
    return problems


def alike(course: Course) -> list[str]:
    """Return a line for each group of folders in submitted/ whose names differ by case only."""
    groups: dict[str, list[str]] = {}
    for name in _names(course):
        if not wrong_with(name):
            groups.setdefault(name.casefold(), []).append(name)
    return [ALIKE.format(names=" and ".join(names)) for names in groups.values() if len(names) > 1]


def wrong_with(name: str) -> str:
    """Return why the name of a folder cannot be an id; empty where it can."""
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return "is not UTF-8 text"
    if name.startswith("."):
        return "begins with a dot"
    if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in name):
        return "holds a line break or another control character"
    return f"is longer than {MAX_ID_BYTES} bytes" if size > MAX_ID_BYTES else ""


def _names(course: Course) -> list[str]:
    submitted = course.root / "submitted"
    # Path.is_dir raises for a folder that cannot be entered; os.path.isdir does not.
    return (
        sorted(name for name in os.listdir(submitted) if os.path.isdir(submitted / name)) if submitted.is_dir() else []
    )


def _holds_a_hand_in(course: Course, name: str) -> bool:
    return any(os.path.isdir(course.root / "submitted" / name / one.id) for one in course.assignments)


def _closed(folder: Path) -> str:
    """Return why this user cannot list or enter a folder; empty where both are possible."""
    try:
        os.scandir(folder).close()
        os.stat(os.path.join(folder, "."))
    except OSError as error:
        return error.strerror or str(error)
    return ""


def require_own_folder(path: Path) -> None:
    """Raise Problem where the folder of a notebook, or the learner's folder around it, is a link."""
    for folder in (path.parent, path.parent.parent):
        if is_link(folder):
            raise Problem(path, f"{path.name} is in the folder {shown(folder)}, which is a link", LINKED)


def notebooks_in(folder: Path) -> list[Path]:
    """Return the notebooks of a folder, whatever their names. Skip links, which could lead to another learner's."""
    try:
        with os.scandir(folder) as entries:
            names = [
                entry.name
                for entry in islice(entries, MOST_ENTRIES)
                if entry.name.lower().endswith(".ipynb") and entry.is_file(follow_symlinks=False)
            ]
    except OSError:
        return []
    return [folder / name for name in sorted(names)[: MOST_FILES + 1]]


def listed(paths: Sequence[Path]) -> str:
    """Return the names of files for a message."""
    names = [shown(path) for path in paths[:MAX_OTHERS]]
    return ", ".join(names + ["…"] * (len(paths) > MAX_OTHERS))


def shown(path: Path) -> str:
    """Return a file's name for a message: short, on one line, and in valid UTF-8."""
    return one_line(path.name.encode("utf-8", "replace").decode())[:MAX_NAME]
