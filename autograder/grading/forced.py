"""Remember a run with --force, so that the same command continues it if it was stopped."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.course import Course
from autograder.notebooks.saved_reports import FOLDER

FILE = "forced.json"


def begin(course: Course, assignments: Sequence[str], students: Sequence[str] | None) -> int:
    """Return the time in nanoseconds since which results count: when this run, or the one it continues, began."""
    path = _path(course)
    wanted = {"assignments": list(assignments), "students": sorted(students) if students is not None else None}
    if not _is_same(path, wanted):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(wanted), encoding="utf-8")
        os.replace(part, path)
    # By the file system's clock, like the modification times of the results.
    return path.stat().st_mtime_ns


def end(course: Course) -> None:
    """Forget the run: it is complete."""
    _path(course).unlink(missing_ok=True)


def _path(course: Course) -> Path:
    return course.root / FOLDER / FILE


def _is_same(path: Path, wanted: Mapping[str, object]) -> bool:
    try:
        return bool(json.loads(path.read_text(encoding="utf-8")) == wanted)
    except (OSError, ValueError):
        return False
