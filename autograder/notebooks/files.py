"""Files that learners handed in, read so that nothing can hang, lead elsewhere or be without an end."""

import os
import stat
from pathlib import Path

from autograder.errors import Problem
from autograder.notebooks.budget import MOST_BYTES, REMEDY_FILE

MAX_SMALL = 1 << 20
READABLE = "Check the path and its permissions."
ITSELF = "Hand in the file itself."


def read_bytes(path: Path, *, links: bool = False, most: int = MOST_BYTES) -> bytes:
    """Return what a regular file holds. Raises Problem where it is none, is larger than `most`, or cannot be read.

    A link is followed only where somebody who may see all files has named it. Opening a FIFO could wait for ever, and
    opening a device could do anything, so that what it is comes first, and is asked again of what was opened.
    """
    try:
        _require_regular(path, os.stat(path) if links else os.lstat(path), most)
        nofollow = 0 if links else os.O_NOFOLLOW
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | nofollow), "rb") as file:
            _require_regular(path, os.fstat(file.fileno()), most)
            data = file.read(most + 1)
    except OSError as error:
        raise Problem(path, f"cannot be read ({error.strerror})", READABLE) from error
    if len(data) > most:
        raise _too_large(path, most)
    return data


def own_file(path: Path, most: int = MAX_SMALL) -> bytes | None:
    """Return what a file beside a notebook holds; None where there is none that could be taken."""
    try:
        return read_bytes(path, most=most)
    except Problem:
        return None


def size_of(path: Path) -> int:
    """Return the size of a file in bytes; 0 where there is none, or another thing in its place."""
    try:
        found = os.lstat(path)
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def is_link(path: Path) -> bool:
    """Return True where a path is a link, wherever it leads."""
    try:
        return stat.S_ISLNK(os.lstat(path).st_mode)
    except OSError:
        return False


def is_hard_link(path: Path) -> bool:
    """Return True where a file has another name on this machine, which may be in somebody else's folder."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_nlink > 1


def _require_regular(path: Path, found: os.stat_result, most: int) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise Problem(path, f"{path.name} is a link to another file", ITSELF)
    if stat.S_ISDIR(found.st_mode):
        raise Problem(path, "is a folder", "Name the notebook in it.")
    if not stat.S_ISREG(found.st_mode):
        raise Problem(path, "is no file but a device or a pipe", ITSELF)
    if found.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> Problem:
    return Problem(path, f"is larger than {most // 1_000_000} MB", REMEDY_FILE)
