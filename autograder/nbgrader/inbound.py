"""What lies in the exchange's inbound folder: submissions are fetched, and what is none is left out and named.

Every user of the machine can write there. Left alone, nbgrader stops for the whole class at a name that it cannot read,
waits for ever at a pipe, copies what links lead to, and takes a folder for the work of whomever it is named after.
"""

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI
from nbgrader.exchange.default import ExchangeCollect

from autograder.notebooks.handed_in_at import is_unreadable, own_timestamp, read_timestamp
from autograder.notebooks.submitted import MAX_NAME, MOST_ENTRIES, wrong_with

NOBODY = "\0"
LEFT_OUT = "left out {name}: {why}"


@contextmanager
def guarded(api: NbGraderAPI) -> Iterator[list[str]]:
    """Have this API's collecting leave out what is no submission; yield the list of what is said of it."""
    left_out: list[str] = []
    exchange, coursedir = api.exchange, api.coursedir
    whole = exchange.collect
    if not issubclass(whole, ExchangeCollect):
        # Another exchange has other ways, and folders of its own.
        yield left_out
        return

    class Guarded(whole):
        def _path_to_record(self, path: str) -> dict[str, Any]:
            name = os.path.basename(path)
            why = wrong_with_submission(Path(path), coursedir.assignment_id, owned=self.check_owner)
            if not why:
                return super()._path_to_record(path)
            left_out.append(LEFT_OUT.format(name=ascii(name)[1:-1][: 2 * MAX_NAME], why=why))
            return {"username": NOBODY, "filename": name, "timestamp": datetime.min}

        def init_src(self) -> None:
            super().init_src()
            self.src_records = [record for record in self.src_records if record["username"] != NOBODY]

    exchange.collect = Guarded
    # nbgrader's own opens whatever is there, and ends where it is no time.
    coursedir.get_existing_timestamp = lambda folder: read_timestamp(own_timestamp(Path(folder)))
    try:
        yield left_out
    finally:
        exchange.collect = whole
        del coursedir.get_existing_timestamp


def wrong_with_submission(folder: Path, assignment: str, *, owned: bool) -> str:
    """Return why a folder of the exchange is no submission; empty where it is one. `owned` has its owner looked at."""
    student, *others = folder.name.rsplit("+", 3)
    if len(others) < 2 or others[0] != assignment or read_timestamp(others[1]) is None:
        return "its name is not <student>+<assignment>+<time>+<letters>"
    if why := wrong_with(student):
        return f"its name {why}"
    try:
        found = os.lstat(folder)
        if not stat.S_ISDIR(found.st_mode):
            return "it is no folder"
        if owned and not _may_be(student, found.st_uid):
            return f"it belongs to another user than {student}"
        if why := _strange(folder):
            return why
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    return "its time cannot be read" if is_unreadable(folder) else ""


def _may_be(student: str, owner: int) -> bool:
    """Return False where there is a user of this name, and the owner is another."""
    try:
        return pwd.getpwnam(student).pw_uid == owner
    except (KeyError, ValueError):
        return True


def _strange(folder: Path) -> str:
    """Return why a folder must not be copied; empty where all in it are files and folders. Raises OSError."""
    todo, count = [str(folder)], 0
    while todo:
        with os.scandir(todo.pop()) as entries:
            for entry in entries:
                count += 1
                if count > MOST_ENTRIES:
                    return f"it holds more than {MOST_ENTRIES:,} files"
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
                elif not entry.is_file(follow_symlinks=False):
                    return "it holds a link, a pipe or a device"
    return ""
