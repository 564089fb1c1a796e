"""What was graded before: one file a submission in results/, good for as long as nothing has changed."""

import hashlib
import json
import os
import stat
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from autograder import step_files
from autograder.course import Course
from autograder.errors import Problem
from autograder.grading.resubmission import Former
from autograder.key import derived
from autograder.notebooks.budget import MOST_BYTES, MOST_FILES
from autograder.notebooks.files import is_link, read_bytes
from autograder.notebooks.submitted import MOST_ENTRIES, TIMESTAMP, SubmissionFolder
from autograder.report.report import Report
from autograder.versions import VERSIONS


class Saved(BaseModel):
    """A file in results/. `former` is the best hand-in of those that this one took the place of."""

    key: str
    report: Report
    former: Former | None = None

    def holds(self, key: str) -> bool:
        """Return whether nothing that decides it has changed since, and each check got a verdict."""
        return self.key == key and not self.report.has_error


class Keys:
    """What decides a report, in short, for each submission. What all of an assignment share is read once."""

    def __init__(self, course: Course) -> None:
        self._shared = cache(lambda name: _shared(course, name))

    def of(self, folder: SubmissionFolder) -> str:
        """The submission, the stub, the suite, the key, points, limits and versions, in one digest."""
        digest = hashlib.sha256(self._shared(folder.assignment))
        digest.update(bytes(is_link(each) for each in (folder.path, folder.path.parent)))
        for name, path in _files(folder):
            digest.update(os.fsencode(name) + b"\0" + _fingerprint(path))
        return digest.hexdigest()


def key(course: Course, folder: SubmissionFolder) -> str:
    """The key of one submission."""
    return Keys(course).of(folder)


def _shared(course: Course, name: str) -> bytes:
    settings: list[Any] = [
        derived(course.key, "results").hex(),
        course.feedback,
        course.limits.model_dump(),
        course.assignment(name).points,
        VERSIONS,
    ]
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for path in (course.stub(name), step_files.path_of(name)):
        digest.update(os.fsencode(path.name) + b"\0" + _fingerprint(str(path)))
    return digest.digest()


def _files(folder: SubmissionFolder) -> list[tuple[str, str]]:
    """Name and path of what decides a report among the files of a submission: its notebooks and its time.

    The notebook that should be there comes first, by its own name, however many others there are.
    """
    own = folder.notebook.name
    try:
        with os.scandir(folder.path) as entries:
            names = [entry.name for entry in islice(entries, MOST_ENTRIES) if entry.name.lower().endswith(".ipynb")]
    except OSError:
        names = []
    others = sorted(name for name in names if name != own)[: MOST_FILES + 1]
    return [(name, os.path.join(folder.path, name)) for name in [own, *others, TIMESTAMP]]


def _fingerprint(path: str) -> bytes:
    """What a file holds, in 32 bytes; of one that is too large to be graded, or cannot be read, no more than that."""
    try:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode):
            return b"not a file"
        if found.st_size > MOST_BYTES:
            return b"too large"
        return hashlib.sha256(read_bytes(Path(path))).digest()
    except FileNotFoundError:
        return b"not a file"
    except (OSError, Problem) as error:
        return f"unreadable {error}".encode("utf-8", "replace")


def _path(course: Course, folder: SubmissionFolder) -> Path:
    return course.root / "results" / folder.assignment / f"{folder.student}.json"


def forget(course: Course, folder: SubmissionFolder) -> None:
    """Have this submission graded again by the next run, whatever happens."""
    _path(course, folder).unlink(missing_ok=True)


def recall(course: Course, folder: SubmissionFolder, since: int = 0) -> Saved | None:
    """Return the last result of this submission, unless it is from before `since` (nanoseconds)."""
    path = _path(course, folder)
    try:
        if since and path.stat().st_mtime_ns < since:
            return None
        return Saved.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def remember(course: Course, folder: SubmissionFolder, report: Report, key: str, former: Former | None = None) -> None:
    """Keep the report, so that the next run need not grade this again. What is there is whole, or not there."""
    path = _path(course, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = Saved.model_construct(key=key, report=report, former=former).model_dump_json(by_alias=True, indent=1)
    part = path.with_suffix(".part")
    part.write_bytes(text.encode("utf-8", "replace"))
    os.replace(part, path)
