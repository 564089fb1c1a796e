"""Copy a folder that somebody else may change meanwhile: only files and folders, no links, up to a limit.

Each name is opened without following links, and the open file is examined: between a look at a path and its copy, its
owner could replace it with a link.
"""

import errno
import os
import stat
from pathlib import Path

OPENING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

STRANGE = "it holds a link, a pipe or a device"


class Refused(Exception):
    """A folder is refused; the message says why."""


class Copy:
    """Copies one folder, up to a limit. If it is refused, the caller removes the partial copy."""

    def __init__(self, max_bytes: int, max_entries: int) -> None:
        self._bytes_left, self._entries_left = max_bytes, max_entries
        self._max_bytes, self._max_entries = max_bytes, max_entries

    def make(self, source: Path, target: Path) -> int:
        """Copy a folder and return its owner's user id. Raises Refused."""
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
            self._entries_left -= 1
            if self._entries_left < 0:
                raise Refused(f"it holds more than {self._max_entries:,} files")
            entry = os.open(name, OPENING, dir_fd=folder)
            try:
                status = os.fstat(entry)
                if stat.S_ISDIR(status.st_mode):
                    self._folder(entry, target / name)
                elif stat.S_ISREG(status.st_mode):
                    self._file(entry, status, target / name)
                else:
                    raise Refused(STRANGE)
            finally:
                os.close(entry)

    def _file(self, file: int, status: os.stat_result, target: Path) -> None:
        self._bytes_left -= status.st_size
        if self._bytes_left < 0:
            raise Refused(f"it holds more than {self._max_bytes // 1_000_000:,} MB")
        with open(file, "rb", closefd=False) as source, target.open("xb") as copy:
            # The file may grow meanwhile: read no more than was counted.
            copy.write(source.read(status.st_size))
            os.fchmod(copy.fileno(), status.st_mode & 0o777 | stat.S_IRUSR)
