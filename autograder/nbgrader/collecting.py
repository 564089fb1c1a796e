"""Fetch submissions from the exchange's inbound folder. Anything else there is left out and named.

Every user of the machine can write there. By itself, nbgrader stops for the whole class at a name that it cannot parse,
waits for ever at a pipe, copies the targets of links, and credits a folder to any learner whose name it bears.
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
class Notes:
    """Notes on a collection.

    `left_out` has a line per folder that was left out. `late` names learners whose last submission is late, though they
    have one in time.
    """

    left_out: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


@contextmanager
def guarded(api: NbGraderAPI, due: datetime | None, *, before_due: bool = False) -> Iterator[Notes]:
    """Make this API's `collect` leave out everything that is not a submission. Yield the notes on it.

    `before_due` prefers each learner's last submission that was in time. `due` is naive UTC; extensions are in the
    gradebook.
    """
    notes = Notes()
    exchange, coursedir = api.exchange, api.coursedir
    collect = exchange.collect

    class Collect(collect):  # type: ignore[misc, valid-type]  # nbgrader chooses the class at run time
        def start(self) -> Any:
            if before_due:
                self.before_duedate = True
            return super().start()

    # An exchange of another kind has folders of its own.
    exchange.collect = _guarded(Collect, notes, due) if issubclass(collect, ExchangeCollect) else Collect
    # nbgrader's own function opens any kind of file, and ends the run if it holds no time.
    coursedir.get_existing_timestamp = lambda folder: read_timestamp(own_timestamp(Path(folder)))
    try:
        yield notes
    finally:
        exchange.collect = collect
        del coursedir.get_existing_timestamp


def _guarded(collect: type[ExchangeCollect], notes: Notes, due: datetime | None) -> type[ExchangeCollect]:
    """Return a subclass of `collect` that checks each folder, and then checks its copy again."""

    # Long, because the class must be defined here: its base is known only at run time.
    class Guarded(collect):  # type: ignore[misc]  # nbgrader chooses the class at run time
        def _path_to_record(self, path: str) -> dict[str, Any]:
            name = os.path.basename(path)
            fault = wrong_with_submission(Path(path), self.coursedir.assignment_id, check_owner=self.check_owner)
            if not fault:
                record: dict[str, Any] = super()._path_to_record(path)
                self.records.setdefault(record["username"], []).append(record)
                return record
            self._leave_out(name, fault)
            return {"username": NOBODY, "filename": name, "timestamp": datetime.min}

        def init_src(self) -> None:
            self.records: dict[str, list[dict[str, Any]]] = {}
            super().init_src()
            self.src_records = [self._pick(student, records) for student, records in self.records.items()]

        def _pick(self, student: str, records: list[dict[str, Any]]) -> dict[str, Any]:
            """Return the last submission, or the last one in time if those are preferred and there is one."""
            deadline = self.deadlines.get(student, due)
            in_time = [record for record in records if deadline is None or record["timestamp"] <= deadline]
            if self.before_duedate and in_time:
                records = in_time
            elif in_time and len(in_time) < len(records):
                notes.late.append(student)
            return max(records, key=lambda record: record["timestamp"])

        @cached_property
        def deadlines(self) -> dict[str, datetime]:
            """Return the deadlines of learners with an extension."""
            return extended_deadlines(self.coursedir, due) if due else {}

        def do_copy(self, src: str, dest: str, log: Any = None) -> None:
            # The folder may have changed since it was checked. Nobody else can change this copy.
            with tempfile.TemporaryDirectory(prefix="autograder-handin-") as private:
                staged = Path(private) / os.path.basename(src)
                try:
                    owner = Copy(1000 * self.coursedir.max_dir_size, MOST_ENTRIES).make(Path(src), staged)
                    fault = wrong_with_copy(staged, owner if self.check_owner else None)
                except Refused as refused:
                    fault = str(refused)
                if fault:
                    self._leave_out(os.path.basename(src), fault)
                else:
                    super().do_copy(os.fspath(staged), dest, log)

        def _leave_out(self, name: str, fault: str) -> None:
            notes.left_out.append(LEFT_OUT.format(name=ascii(name)[1:-1][: 2 * MAX_NAME], why=fault))

    return Guarded


def extended_deadlines(coursedir: CourseDirectory, due: datetime) -> dict[str, datetime]:
    """Return the deadlines of learners with an extension in the gradebook."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as book:
        granted = (
            select(SubmittedAssignment.student_id, SubmittedAssignment.extension)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            .where(Assignment.name == coursedir.assignment_id, SubmittedAssignment.extension.is_not(None))
        )
        return {student: due + extension for student, extension in book.db.execute(granted)}


def wrong_with_copy(folder: Path, owner: int | None) -> str:
    """Return why the copy of a folder is not a submission; empty if it is one. `owner` owned the original."""
    student = folder.name.rsplit("+", 3)[0]
    if owner is not None and not may_be(student, owner):
        return f"it belongs to another user than {student}"
    return "its time cannot be read" if is_unreadable(folder) else ""


def wrong_with_submission(folder: Path, assignment: str, *, check_owner: bool) -> str:
    """Return why a folder of the exchange is not a submission; empty if it is one."""
    student, *others = folder.name.rsplit("+", 3)
    if len(others) < 2 or others[0] != assignment or read_timestamp(others[1]) is None:
        return "its name is not <student>+<assignment>+<time>+<letters>"
    if fault := wrong_with(student):
        return f"its name {fault}"
    try:
        status = os.lstat(folder)
        if not stat.S_ISDIR(status.st_mode):
            return "it is not a folder"
        if check_owner and not may_be(student, status.st_uid):
            return f"it belongs to another user than {student}"
        if fault := _wrong_with_content(folder):
            return fault
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    return "its time cannot be read" if is_unreadable(folder) else ""


def may_be(student: str, owner: int) -> bool:
    """Return False if there is a user with the name of this learner and the owner is another one."""
    try:
        return pwd.getpwnam(student).pw_uid == owner
    except (KeyError, ValueError):
        return True


def _wrong_with_content(folder: Path) -> str:
    """Return why a folder must not be copied; empty if it holds only files and folders. Raises OSError."""
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
