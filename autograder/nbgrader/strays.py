"""Refuse stray files beside a master notebook, because nbgrader gives every file there to learners."""

import os
from collections.abc import Iterator
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

from autograder.course import FILE, Course
from autograder.errors import Problem

STRAY = "would be given to learners with the stub"
MOVE = "Move it out of solutions/{id}/; if learners need it, name it in {file}, under this assignment's `assets`."


def refuse_strays(course: Course, assignment: str, ignored: list[str] | None = None) -> None:
    """Raise Problem for a file in solutions/<id>/ that is neither the master, nor a named asset, nor `ignored`.

    `ignored` are nbgrader's patterns, by default those that it comes with. A named asset must be a file, not a link.
    """
    master = course.master(assignment)
    ignored = list(CourseDirectory.ignore.default_args[0]) if ignored is None else ignored
    assets = [master.parent / name for name in course.assignment(assignment).assets]
    for path in sorted(_files(master.parent, ignored)):
        if path != master and path not in assets:
            raise Problem(path, STRAY, MOVE.format(id=assignment, file=FILE))
    for path in assets:
        if not path.is_file():
            what = f"is named in {FILE} as an asset of {assignment}, but is not there"
            raise Problem(path, what, "Put the file there, or remove its name.")
        if not path.resolve().is_relative_to(master.parent.resolve()):
            raise Problem(path, "is a link that leads out of the assignment", "Put a copy of the file there.")


def _files(folder: Path, ignored: list[str]) -> Iterator[Path]:
    """Yield every file that nbgrader would copy or convert."""
    for name in {*find_all_files(os.fspath(folder), ignored), *map(str, folder.glob("*.ipynb"))}:
        yield Path(name)
