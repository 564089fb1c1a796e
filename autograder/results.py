"""What was graded before: one file a submission in results/, good for as long as nothing has changed."""

import hashlib
import json
import os
from pathlib import Path

from autograder.course import Course
from autograder.handedin import Handin, notebooks_in
from autograder.judge import VERSIONS
from autograder.notebook import MAX_BYTES
from autograder.report import Report
from autograder.suite import load_suite


def key(course: Course, handin: Handin) -> str:
    """What decides a report: the submission, the stub, the suite, the seed, points, due date, limits and versions."""
    suite = load_suite(handin.assignment)
    settings = [
        course.seed,
        course.feedback,
        course.limits.model_dump(),
        suite.points(course.assignment(handin.assignment)),
        str(course.due_utc(course.assignment(handin.assignment))),
        VERSIONS,
    ]
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for path in (*notebooks_in(handin.folder), handin.folder / "timestamp.txt", course.stub(suite.id), suite.path):
        digest.update(os.fsencode(path.name) + b"\0" + _fingerprint(path))
    return digest.hexdigest()


def _fingerprint(path: Path) -> bytes:
    """What a file holds, in 32 bytes; of one that is too large to be graded, or cannot be read, no more than that."""
    try:
        if path.is_symlink() or not path.is_file():
            return b"not a file"
        if path.stat().st_size > MAX_BYTES:
            return b"too large"
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        return f"unreadable {error.errno}".encode()


def _path(course: Course, handin: Handin) -> Path:
    return course.root / "results" / handin.assignment / f"{handin.student}.json"


def forget(course: Course, handin: Handin) -> None:
    """Have this submission graded again by the next run, whatever happens."""
    _path(course, handin).unlink(missing_ok=True)


def recall(course: Course, handin: Handin, key: str) -> Report | None:
    """The last report on this submission, where nothing has changed since and each check got a verdict."""
    try:
        saved = json.loads(_path(course, handin).read_text(encoding="utf-8"))
        report = Report.model_validate(saved["report"])
        return report if saved["key"] == key and not report.has_error else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(course: Course, handin: Handin, report: Report, key: str) -> None:
    """Keep the report, so that the next run need not grade this again. What is there is whole, or not there."""
    path = _path(course, handin)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"key": key, "report": report.model_dump(mode="json", by_alias=True)}, indent=1)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
