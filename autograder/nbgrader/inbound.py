"""What lies in the exchange's inbound folder: submissions are fetched, and what is none is left out and named.

Every user of the machine can write there. Left alone, nbgrader stops for the whole class at a name that it cannot read,
waits for ever at a pipe, copies what links lead to, and takes a folder for the work of whomever it is named after.
"""

import os
import pwd
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect
from sqlalchemy import select

from autograder.nbgrader.safe_copy import STRANGE, Copy, Refused
from autograder.notebooks.handed_in_at import is_unreadable, own_timestamp, read_timestamp
from autograder.notebooks.submitted import MAX_NAME, MOST_ENTRIES, wrong_with

NOBODY = "\0"
LEFT_OUT = "left out {name}: {why}"


@dataclass
class Said:
    """What is said of a collection: lines on what was left out, and who handed in late though one in time is there."""

    left_out: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


@contextmanager
def guarded(api: NbGraderAPI, due: datetime | None, *, before_due: bool = False) -> Iterator[Said]:
    """Have this API's collecting leave out what is no submission; yield what is said of it.

    `before_due` fetches of each learner the last submission that was in time, where there is one. `due` is naive UTC;
    extensions are in the gradebook.
    """
    said = Said()
    exchange, coursedir = api.exchange, api.coursedir
    whole = exchange.collect

    class Asked(whole):
        def start(self) -> Any:
            self.before_duedate = self.before_duedate or before_due
            return super().start()

    # Another exchange has other ways, and folders of its own.
    exchange.collect = _guarding(Asked, said, due) if issubclass(whole, ExchangeCollect) else Asked
    # nbgrader's own opens whatever is there, and ends where it is no time.
    coursedir.get_existing_timestamp = lambda folder: read_timestamp(own_timestamp(Path(folder)))
    try:
        yield said
    finally:
        exchange.collect = whole
        del coursedir.get_existing_timestamp


def _guarding(whole: type[ExchangeCollect], said: Said, due: datetime | None) -> type[ExchangeCollect]:
    """Return nbgrader's own collecting, made to look at each folder, and to look at its copy once more."""

    class Guarded(whole):
        def _path_to_record(self, path: str) -> dict[str, Any]:
            name = os.path.basename(path)
            why = wrong_with_submission(Path(path), self.coursedir.assignment_id, owned=self.check_owner)
            if not why:
                record = super()._path_to_record(path)
                self.found.setdefault(record["username"], []).append(record)
                return record
            self._leave_out(name, why)
            return {"username": NOBODY, "filename": name, "timestamp": datetime.min}

        def init_src(self) -> None:
            self.found: dict[str, list[dict[str, Any]]] = {}
            super().init_src()
            self.src_records = [self._pick(student, records) for student, records in self.found.items()]

        def _pick(self, student: str, records: list[dict[str, Any]]) -> dict[str, Any]:
            """The last submission; where only those in time are wanted, the last of these, if there is one."""
            deadline = self.deadlines.get(student, due)
            in_time = [one for one in records if deadline is None or one["timestamp"] <= deadline]
            if self.before_duedate and in_time:
                records = in_time
            elif in_time and len(in_time) < len(records):
                said.late.append(student)
            return max(records, key=lambda one: one["timestamp"])

        @cached_property
        def deadlines(self) -> dict[str, datetime]:
            """Until when those had who were granted an extension."""
            return deadlines(self.coursedir, due) if due else {}

        def do_copy(self, src: str, dest: str, log: Any = None) -> None:
            # What is looked at above can be another thing by now: this copy is nobody else's.
            with tempfile.TemporaryDirectory(prefix="autograder-handin-") as apart:
                staged = Path(apart) / os.path.basename(src)
                try:
                    owner = Copy(1000 * self.coursedir.max_dir_size, MOST_ENTRIES).make(Path(src), staged)
                    why = wrong_with_copy(staged, owner if self.check_owner else None)
                except Refused as refused:
                    why = str(refused)
                if why:
                    self._leave_out(os.path.basename(src), why)
                else:
                    super().do_copy(os.fspath(staged), dest, log)

        def _leave_out(self, name: str, why: str) -> None:
            said.left_out.append(LEFT_OUT.format(name=ascii(name)[1:-1][: 2 * MAX_NAME], why=why))

    return Guarded


def deadlines(coursedir: CourseDirectory, due: datetime) -> dict[str, datetime]:
    """Return until when those had who were granted an extension, by the gradebook."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as book:
        granted = (
            select(SubmittedAssignment.student_id, SubmittedAssignment.extension)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            .where(Assignment.name == coursedir.assignment_id, SubmittedAssignment.extension.is_not(None))
        )
        return {student: due + extension for student, extension in book.db.execute(granted)}


def wrong_with_copy(folder: Path, owner: int | None) -> str:
    """Return why the copy of a folder is no submission; empty where it is one. `owner` is whose the folder was."""
    student = folder.name.rsplit("+", 3)[0]
    if owner is not None and not _may_be(student, owner):
        return f"it belongs to another user than {student}"
    return "its time cannot be read" if is_unreadable(folder) else ""


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
                    return STRANGE
    return ""
