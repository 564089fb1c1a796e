"""What was handed in: the folders, and in each the notebook: the one with the right name, or else what must be it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks import identify
from autograder.notebooks.read import Submission, from_notebook, load_notebook

# A file of nbgrader's exchange: released feedback is named after what is in it, so that only the learner can fetch it.
SECRET = "submission_secret.txt"
RENAMED = "The notebook was named {found}; it was graded as {expected}."
IGNORED = "Besides {expected}, the folder held {others}; only {expected} was graded."
MAX_NAME = 80
MAX_OTHERS = 20


@dataclass(frozen=True)
class Handin:
    """One learner's folder for one assignment."""

    student: str
    assignment: str
    folder: Path

    @property
    def notebook(self) -> Path:
        """Where the notebook should be; it may be missing."""
        return self.folder / f"{self.assignment}.ipynb"


def handins(course: Course, assignments: Sequence[str], students: Sequence[str] | None = None) -> list[Handin]:
    """What lies in submitted/<student>/<assignment>/, by assignment in the course's order, then by student."""
    submitted = course.root / "submitted"
    folders = sorted(path for path in submitted.iterdir() if path.is_dir()) if submitted.is_dir() else []
    names = [folder.name for folder in folders if students is None or folder.name in students]
    return [
        Handin(name, assignment, submitted / name / assignment)
        for assignment in assignments
        for name in names
        if (submitted / name / assignment).is_dir()
    ]


def choose(course: Course, assignment: str, path: Path) -> tuple[Path, tuple[str, ...]]:
    """The notebook that stands for `path`, where it should be, and a note where that is not the only thing there.

    Another name is taken only where it is clear which file is meant. Raises Problem where it is not.
    """
    if path.is_symlink():
        raise Problem(path, f"{path.name} is a link to another file", "Hand in the notebook itself.")
    others = [other for other in notebooks_in(path.parent) if other != path]
    if path.is_file():
        return path, (IGNORED.format(expected=path.name, others=_listed(others)),) if others else ()
    if not others:
        raise Problem(path, f"{path.name} was not handed in", "Hand in the notebook under the name that it came with.")
    fitting = [other for other in others if identify.named(course, other) == assignment]
    if len(fitting) != 1:
        fitting = [other for other in others if _is_for(course, assignment, other)]
    if not fitting and len(others) == 1 and not _is_for_another(course, assignment, others[0]):
        fitting = others
    if len(fitting) != 1:
        what = f"{path.name} was not handed in, and which notebook stands for it is not clear: {_listed(others)}"
        raise Problem(path, what, f"Rename the right one to {path.name} and hand it in again.")
    (found,) = fitting
    left = [other for other in others if other != found]
    notes = [RENAMED.format(found=_shown(found), expected=path.name)]
    notes += [IGNORED.format(expected=_shown(found), others=_listed(left))] if left else []
    return found, tuple(notes)


def notebooks_in(folder: Path) -> list[Path]:
    """The notebooks of a folder, whatever their names; no links, which could lead to another learner's."""
    try:
        found = (path for path in folder.iterdir() if path.suffix.lower() == ".ipynb")
        return sorted(path for path in found if path.is_file() and not path.is_symlink())
    except OSError:
        return []


def _is_for(course: Course, assignment: str, path: Path) -> bool:
    """True where a notebook defines the functions of this assignment rather than those of another."""
    try:
        return identify.guess(course, path, _read(assignment, path)) == assignment
    except Problem:
        return False


def _is_for_another(course: Course, assignment: str, path: Path) -> bool:
    """True where a notebook is named after another assignment, or defines its functions and none of this one's."""
    try:
        return bool(identify.named(course, path) or identify.foreign_to(course, _read(assignment, path)))
    except Problem:
        return False


def _read(assignment: str, path: Path) -> Submission:
    return from_notebook(load_notebook(path), assignment, path.name)


def _listed(paths: list[Path]) -> str:
    names = [_shown(path) for path in paths[:MAX_OTHERS]]
    return ", ".join(names + ["…"] * (len(paths) > MAX_OTHERS))


def _shown(path: Path) -> str:
    """A file's name as it can stand in a message: short, and without what cannot be written."""
    return path.name.encode("utf-8", "replace").decode()[:MAX_NAME]
