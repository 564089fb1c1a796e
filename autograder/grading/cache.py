"""The cache of reports: one file per submission in results/, valid until something that decides the report changes."""

import hashlib
import json
import os
import stat
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from autograder import step_files
from autograder.course import Course
from autograder.errors import Problem
from autograder.grading.resubmission import Former
from autograder.key import derived
from autograder.notebooks.budget import MOST_BYTES, MOST_FILES
from autograder.notebooks.files import is_link, read_bytes
from autograder.notebooks.saved_reports import SavedReport, path_of
from autograder.notebooks.submitted import MOST_ENTRIES, TIMESTAMP, SubmissionFolder
from autograder.report.report import Report
from autograder.versions import VERSIONS


class Parts(NamedTuple):
    """Everything that decides a report: digests, or the value itself where people can read it."""

    hand_in: str
    time: str
    stub: str
    suite: str
    seed: str
    feedback: str
    points: str
    limits: str
    autograder: str
    torch: str
    numpy: str
    python: str

    @property
    def key(self) -> str:
        """Return one digest of all parts."""
        return hashlib.sha256(json.dumps(self).encode()).hexdigest()


class Saved(SavedReport):
    """A file in results/. `former` is the best of the hand-ins that this one replaced.

    `parts` are those of the key; an earlier version of the kit did not save them.
    """

    key: str
    former: Former | None = None
    parts: dict[str, str] | None = None

    def is_valid(self, key: str) -> bool:
        """Return whether the key is still the same and every check has a verdict."""
        return self.key == key and not self.report.has_error


class Keys:
    """Computes what decides each submission's report. What an assignment's submissions share is read once."""

    def __init__(self, course: Course) -> None:
        self._shared = cache(lambda name: _shared(course, name))

    def of(self, folder: SubmissionFolder) -> Parts:
        """Return the parts of the submission's cache key."""
        *notebooks, (_, timestamp) = _files(folder)
        digest = hashlib.sha256(bytes(is_link(path) for path in (folder.path, folder.path.parent)))
        for name, path in notebooks:
            digest.update(os.fsencode(name) + b"\0" + _fingerprint(path))
        time = hashlib.sha256(_fingerprint(timestamp)).hexdigest()
        return Parts(hand_in=digest.hexdigest(), time=time, **self._shared(folder.assignment))


def _shared(course: Course, name: str) -> dict[str, str]:
    return {
        "stub": hashlib.sha256(_fingerprint(str(course.stub(name)))).hexdigest(),
        "suite": step_files.digest(name),
        "seed": derived(course.key, "results").hex(),
        "feedback": course.feedback,
        "points": f"{course.assignment(name).points!r}".removesuffix(".0"),
        "limits": course.limits.model_dump_json(),
        **VERSIONS,
    }


def _files(folder: SubmissionFolder) -> list[tuple[str, str]]:
    """Return name and path of the files of a submission that decide its report: notebooks and timestamp.

    The expected notebook comes first, however many others there are.
    """
    expected = folder.notebook.name
    try:
        with os.scandir(folder.path) as entries:
            names = [entry.name for entry in islice(entries, MOST_ENTRIES) if entry.name.lower().endswith(".ipynb")]
    except OSError:
        names = []
    others = sorted(name for name in names if name != expected)[: MOST_FILES + 1]
    return [(name, os.path.join(folder.path, name)) for name in [expected, *others, TIMESTAMP]]


def _fingerprint(path: str) -> bytes:
    """Return a digest of a file's content, or a word for why it has none: missing, too large to grade, unreadable."""
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            return b"not a file"
        if status.st_size > MOST_BYTES:
            return b"too large"
        return hashlib.sha256(read_bytes(Path(path))).digest()
    except FileNotFoundError:
        return b"not a file"
    except (OSError, Problem) as error:
        return f"unreadable {error}".encode("utf-8", "replace")


def _path(course: Course, folder: SubmissionFolder) -> Path:
    return path_of(course, folder.assignment, folder.student)


def forget(course: Course, folder: SubmissionFolder) -> None:
    """Make the next run grade this submission again, whatever happens."""
    _path(course, folder).unlink(missing_ok=True)


def recall(course: Course, folder: SubmissionFolder, since: int = 0) -> Saved | None:
    """Return the last result of this submission, or None if there is none since `since` (nanoseconds)."""
    path = _path(course, folder)
    try:
        if since and path.stat().st_mtime_ns < since:
            return None
        return Saved.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def remember(
    course: Course, folder: SubmissionFolder, report: Report, parts: Parts, former: Former | None = None
) -> None:
    """Save the report, so that the next run need not grade this again. The file is replaced atomically."""
    path = _path(course, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    saved = Saved.model_construct(key=parts.key, report=report, former=former, parts=parts._asdict())
    text = saved.model_dump_json(by_alias=True, indent=1)
    part = path.with_suffix(".part")
    part.write_bytes(text.encode("utf-8", "replace"))
    os.replace(part, path)
