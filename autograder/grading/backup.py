"""Copies of the gradebook, made before a run first writes to it; the last few are kept."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem

FOLDER = "backups"
KEPT = 5
NAME = "gradebook-{when:%Y%m%d-%H%M%S-%f}.db"


class Backup:
    """Copies a course's gradebook once."""

    def __init__(self, course: Course) -> None:
        self._gradebook = course.root / "gradebook.db"
        self._folder = course.root / FOLDER
        self._made = False

    def make_once(self) -> None:
        """Copy the gradebook, unless this run has done so. Raises Problem where that cannot be done."""
        if self._made:
            return
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._copy(self._folder / NAME.format(when=datetime.now(UTC)))
            for old in sorted(self._folder.glob("gradebook-*.db"))[:-KEPT]:
                old.unlink()
        except (OSError, sqlite3.Error) as error:
            what = f"the gradebook could not be copied ({error}), so nothing is written into it"
            raise Problem(self._folder, what, "Check the folder's permissions and the space that is left.") from error
        self._made = True

    def _copy(self, target: Path) -> None:
        """By SQLite itself: a copy of the file alone could be one of half a transaction."""
        part = target.with_suffix(".part")
        part.touch(mode=0o600)
        with closing(sqlite3.connect(self._gradebook)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        os.replace(part, target)
