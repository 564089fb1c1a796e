"""Back up the gradebook before a run first writes to it, and keep the last few copies."""

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
    """Copies a course's gradebook once per run. Only this user can read the copy; if `shared`, the group can too."""

    def __init__(self, course: Course, *, shared: bool = False) -> None:
        self._gradebook = course.root / "gradebook.db"
        self._folder = course.root / FOLDER
        self._modes = (0o2770, 0o660) if shared else (0o700, 0o600)
        self._made = False

    def make_once(self) -> None:
        """Copy the gradebook, unless this run has done so already. Raises Problem if that fails."""
        if self._made:
            return
        try:
            if not self._folder.is_dir():
                self._folder.mkdir()
                self._folder.chmod(self._modes[0])
            self._copy(self._folder / NAME.format(when=datetime.now(UTC)))
            for old in sorted(self._folder.glob("gradebook-*.db"))[:-KEPT]:
                old.unlink()
        except (OSError, sqlite3.Error) as error:
            what = f"the gradebook could not be copied ({error}), so nothing was written to it"
            raise Problem(self._folder, what, "Check the folder's permissions and the free disk space.") from error
        self._made = True

    def _copy(self, target: Path) -> None:
        """Copy through SQLite: a copy of the file alone could hold half a transaction."""
        part = target.with_suffix(".part")
        part.touch(mode=0o600)
        part.chmod(self._modes[1])
        with closing(sqlite3.connect(self._gradebook)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        os.replace(part, target)
