"""Read learners' files safely: a path may be a pipe that hangs, a link to another file, or endless."""

import os
import stat
from pathlib import Path

from autograder.errors import Problem
from autograder.notebooks.budget import MOST_BYTES, REMEDY_FILE

MAX_SMALL = 1 << 20
READABLE = "Check the path and its permissions."
ITSELF = "Hand in the file itself."


def read_bytes(path: Path, *, links: bool = False, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a regular file. Raises Problem for anything else, and for more than `most` bytes.

    `links` follows a link: only for a path that was named by somebody who may see all files. Opening a FIFO could wait
    for ever, and opening a device could do anything. So the type is checked before opening, and again after.
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
    """Return the bytes of a file beside a notebook; None where it cannot be read."""
    try:
        return read_bytes(path, most=most)
    except Problem:
        return None


def size_of(path: Path) -> int:
    """Return the size of a regular file in bytes; 0 for anything else."""
    try:
        status = os.lstat(path)
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def is_link(path: Path) -> bool:
    """Return whether a path is a link, wherever it leads."""
    try:
        return stat.S_ISLNK(os.lstat(path).st_mode)
    except OSError:
        return False


def is_hard_link(path: Path) -> bool:
    """Return whether a file has another name on this machine, which may be in somebody else's folder."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink > 1


def _require_regular(path: Path, status: os.stat_result, most: int) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise Problem(path, f"{path.name} is a link to another file", ITSELF)
    if stat.S_ISDIR(status.st_mode):
        raise Problem(path, "is a folder", "Name the notebook in it.")
    if not stat.S_ISREG(status.st_mode):
        raise Problem(path, "is not a file but a device or a pipe", ITSELF)
    if status.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> Problem:
    return Problem(path, f"is larger than {most // 1_000_000} MB", REMEDY_FILE)
