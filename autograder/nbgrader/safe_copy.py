"""A copy of what somebody else may change meanwhile: only files and folders, no link followed, no more than a limit.

Each name is opened without following it, and what was opened is looked at: between a look at a path and its copy, its
owner could put a link in its place.
"""

import errno
import os
import stat
from pathlib import Path

OPENING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

STRANGE = "it holds a link, a pipe or a device"


class Refused(Exception):
    """A folder is not copied; the message says why."""


class Copy:
    """Copies one folder. Whatever is refused, the copy so far is the caller's to remove."""

    def __init__(self, most_bytes: int, most_entries: int) -> None:
        self._bytes, self._entries = most_bytes, most_entries
        self._most_bytes, self._most_entries = most_bytes, most_entries

    def make(self, source: Path, target: Path) -> int:
        """Copy a folder; return its owner's number. Raises Refused."""
        try:
            folder = os.open(source, OPENING | os.O_DIRECTORY)
            try:
                owner = os.fstat(folder).st_uid
                self._folder(folder, target)
                return owner
            finally:
                os.close(folder)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENXIO):
                raise Refused(STRANGE) from error
            raise Refused(f"it cannot be read ({error.strerror})") from error

    def _folder(self, folder: int, target: Path) -> None:
        target.mkdir()
        for name in os.listdir(folder):
            self._entries -= 1
            if self._entries < 0:
                raise Refused(f"it holds more than {self._most_entries:,} files")
            one = os.open(name, OPENING, dir_fd=folder)
            try:
                found = os.fstat(one)
                if stat.S_ISDIR(found.st_mode):
                    self._folder(one, target / name)
                elif stat.S_ISREG(found.st_mode):
                    self._file(one, found, target / name)
                else:
                    raise Refused(STRANGE)
            finally:
                os.close(one)

    def _file(self, one: int, found: os.stat_result, target: Path) -> None:
        self._bytes -= found.st_size
        if self._bytes < 0:
            raise Refused(f"it holds more than {self._most_bytes // 1_000_000:,} MB")
        with open(one, "rb", closefd=False) as source, target.open("xb") as copy:
            # It may grow meanwhile: no more than was counted.
            copy.write(source.read(found.st_size))
            os.fchmod(copy.fileno(), found.st_mode & 0o777 | stat.S_IRUSR)
