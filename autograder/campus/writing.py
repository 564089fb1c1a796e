"""Write a file for a campus system: all of it or nothing, and never over what it was made from."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from autograder.course import Course
from autograder.errors import Problem

SOMEWHERE_ELSE = "Name another file with --to."


def require_writable(course: Course, target: Path, source: Path | None = None) -> None:
    """Raise Problem if the target is the file to be filled, part of the course, or in no folder."""
    if source is not None and target.exists() and source.exists() and target.samefile(source):
        raise Problem(target, "this is the file to be filled, and it stays as it is", SOMEWHERE_ELSE)
    where = target.resolve()
    for path in course.secrets():
        if where == path.resolve() or path.resolve() in where.parents:
            raise Problem(target, "this belongs to the course", SOMEWHERE_ELSE)
    if target.is_dir():
        raise Problem(target, "this is a folder", SOMEWHERE_ELSE)
    if not where.parent.is_dir():
        raise Problem(target, "there is no such folder", "Make it first, or name another file with --to.")


def write(target: Path, content: bytes) -> None:
    """Write a file at once. Whoever reads it meanwhile sees the old one; a failure leaves nothing behind."""
    with NamedTemporaryFile(dir=target.resolve().parent, prefix=f".{target.name}-", delete=False) as part:
        try:
            part.write(content)
            part.flush()
            # Grades are for whoever wrote the file, until that person decides otherwise.
            os.replace(part.name, target.resolve())
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
