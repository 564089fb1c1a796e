"""Write hand-ins into submitted/<student>/<assignment>/, each as a whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from autograder.campus.arrivals.plan import Delivery
from autograder.campus.zip_reader import Archive, Refused
from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.files import is_link
from autograder.notebooks.submitted import TIMESTAMP

AS_NBGRADER_DOES = "%Y-%m-%d %H:%M:%S.%f UTC"


def deliver(course: Course, assignment: str, archive: Archive, deliveries: Iterable[Delivery]) -> None:
    """Write the notebooks. The caller holds the course's lock. Raises Problem if the folder cannot be written."""
    submitted = course.root / "submitted"
    if is_link(submitted):
        raise Problem(submitted, "is a link", "Replace it with a folder.")
    submitted.mkdir(exist_ok=True)
    archive.begin_again()
    # On the same file system, so that a folder is put in place by renaming it. Other commands skip hidden folders.
    with tempfile.TemporaryDirectory(prefix=".import-", dir=submitted) as private:
        for number, delivery in enumerate(deliveries):
            made = Path(private) / f"new-{number}"
            made.mkdir()
            try:
                (made / f"{assignment}.ipynb").write_bytes(archive.read(delivery.entry))
            except Refused as refused:
                # It was read once before: the archive has been changed since.
                raise Problem(delivery.entry.name, str(refused), "Import the archive again.") from refused
            if delivery.when is not None:
                (made / TIMESTAMP).write_text(_stamp(delivery.when), encoding="ascii")
            _put(made, submitted / delivery.student / assignment, Path(private) / f"old-{number}")


def _stamp(when: datetime) -> str:
    """Return a time in UTC as nbgrader writes it."""
    return when.strftime(AS_NBGRADER_DOES)


def _put(made: Path, folder: Path, old: Path) -> None:
    """Put a folder in its place. What was there is removed afterwards."""
    folder.parent.mkdir(exist_ok=True)
    if is_link(folder.parent) or is_link(folder):
        raise Problem(folder, "is a link", "Remove it, and import the archive again.")
    if folder.is_dir():
        os.rename(folder, old)
    try:
        os.rename(made, folder)
    except OSError:
        if old.is_dir():
            os.rename(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
