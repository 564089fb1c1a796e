"""Open a zip that may hold anything. Nothing is unpacked by name: entries are looked at, and some are read into memory.

Limits hold for what is read, not for what the archive says of itself.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, FileIO
from pathlib import Path, PurePosixPath

from autograder.errors import Problem
from autograder.notebooks.budget import MOST_BYTES
from autograder.sanitize import clean, one_line

# Bytes of the archive's directory, and files in it. A class of a thousand with ten files each stays far below.
MOST_DIRECTORY, MOST_ENTRIES = 16_000_000, 50_000
# Bytes of a name, and folders in one.
MOST_NAME, MOST_DEPTH = 1_000, 20
# How much more a file may hold than it takes in the archive, from this size on: notebooks take a tenth, and bombs a
# thousandth.
MOST_RATIO, SMALL = 300, 1_000_000
# Bytes of all files that are read, unpacked.
MOST_UNPACKED = 4_000_000_000
# Bytes that are read in one go.
CHUNK = 1 << 16
TAKE_AGAIN = "Download it again from the campus system."
ENCRYPTED = 0x1
UTF_8 = 0x800
SHOWN = 120
# What file managers and Jupyter put beside files.
LITTER = ("__MACOSX", ".ipynb_checkpoints")


class Refused(Exception):
    """An entry is refused; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One file in the archive. `name` is its path as people read it."""

    name: str
    info: zipfile.ZipInfo

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the folders and the name of the file."""
        return PurePosixPath(self.name).parts


class Archive:
    """An open archive: `entries` may be read, `refused` may not, and have a reason each."""

    def __init__(self, file: zipfile.ZipFile, most: int) -> None:
        self._file, self._left = file, most
        self._most = most
        self.entries: list[Entry] = []
        self.refused: list[tuple[str, str]] = []
        names = {id(info): _name(info) for info in file.infolist()}
        doubled = {name for name, count in Counter(names.values()).items() if count > 1}
        # Every file that the archive lists, whether or not it may be read.
        self.paths = [PurePosixPath(name.replace("\\", "/")) for name in names.values() if not name.endswith("/")]
        for info in file.infolist():
            name = names[id(info)]
            if name.endswith("/"):
                continue
            if fault := wrong_with_entry(name, info):
                self.refused.append((shown(name), fault))
            elif _is_litter(name):
                continue
            elif name in doubled:
                self.refused.append((shown(name), "several entries have this name"))
            else:
                self.entries.append(Entry(name, info))

    def begin_again(self) -> None:
        """Count anew what is read."""
        self._left = self._most

    def read(self, entry: Entry, most: int = MOST_BYTES) -> bytes:
        """Return the bytes of an entry. Raises Refused if it is damaged or too large; Problem if all is too much."""
        data = bytearray()
        packed = max(1, entry.info.compress_size)
        try:
            with self._file.open(entry.info) as stream:
                while chunk := stream.read(CHUNK):
                    data += chunk
                    self._left -= len(chunk)
                    if len(data) > most:
                        raise Refused(f"is larger than {most // 1_000_000} MB")
                    if len(data) > SMALL and len(data) / packed > MOST_RATIO:
                        raise Refused(f"grows to more than {MOST_RATIO} times its size when it is unpacked")
                    if self._left < 0:
                        what = f"holds more than {self._most // 1_000_000:,} MB when it is unpacked"
                        raise Problem(str(self._file.filename), what, "Split it into several archives.")
        except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OverflowError) as error:
            raise Refused("is damaged") from error
        except (NotImplementedError, RuntimeError) as error:
            raise Refused("is packed in a way that cannot be read here") from error
        except OSError as error:
            # Decompressors of other kinds than zlib raise it, too.
            raise Refused("is damaged") from error
        return bytes(data)


class _Reader(BufferedReader):
    """A file that is read in pieces of limited size: zipfile reads the whole directory in one piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return bytes. Raises Problem for more than a directory may have."""
        if size is not None and size > MOST_DIRECTORY:
            raise zipfile.LargeZipFile(f"its directory has more than {MOST_DIRECTORY // 1_000_000} MB")
        return super().read(size)


@contextmanager
def opened(path: Path, most: int = MOST_UNPACKED) -> Iterator[Archive]:
    """Open an archive, of which at most so many bytes may be unpacked. Raises Problem if it is none."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise Problem(path, "is not a file", "Name the zip file that the campus system made.")
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as error:
        raise Problem(path, f"cannot be read ({error.strerror})", "Check the path and its permissions.") from error
    with _Reader(FileIO(file)) as reader:
        archive = _opened(path, reader)
        with archive:
            if len(archive.infolist()) > MOST_ENTRIES:
                raise Problem(path, f"holds more than {MOST_ENTRIES:,} files", "Split it into several archives.")
            yield Archive(archive, most)


def names_in(path: Path) -> list[PurePosixPath]:
    """Return the paths of the files that an archive lists. Nothing is unpacked. Raises Problem if it is none."""
    with opened(path) as archive:
        return archive.paths


def _opened(path: Path, reader: BufferedReader) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(reader)
    except UnicodeDecodeError as error:
        raise Problem(path, "holds a name that is not the UTF-8 that it says it is", TAKE_AGAIN) from error
    except zipfile.LargeZipFile as error:
        raise Problem(path, f"cannot be read: {error}", "Split it into several archives.") from error
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError, OverflowError) as error:
        raise Problem(path, "is not a zip file, or is not complete", TAKE_AGAIN) from error


def _name(info: zipfile.ZipInfo) -> str:
    """Return the path of an entry. Programs that do not mark a name as UTF-8 may have written UTF-8 all the same."""
    name = info.orig_filename
    if info.flag_bits & UTF_8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return name


def wrong_with_entry(name: str, info: zipfile.ZipInfo) -> str:
    """Return why an entry is not taken; empty if it is a file with an ordinary name."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    faults: list[tuple[Callable[[], bool], str]] = [
        (lambda: len(name.encode("utf-8", "replace")) > MOST_NAME, f"its name is longer than {MOST_NAME} bytes"),
        (lambda: "\0" in name or "\n" in name or "\r" in name, "its name holds a line break or a zero"),
        (lambda: "\\" in name, "its name holds a backslash"),
        (lambda: name.startswith("/") or name[1:2] == ":", "its name is a path from the root of a disk"),
        (lambda: ".." in PurePosixPath(name).parts, "its name leads out of the archive"),
        (lambda: len(PurePosixPath(name).parts) > MOST_DEPTH, f"it is more than {MOST_DEPTH} folders deep"),
        (lambda: kind not in (0, stat.S_IFREG), "it is a link, a pipe or a device"),
        (lambda: bool(info.flag_bits & ENCRYPTED), "it is encrypted"),
    ]
    return next((fault for is_so, fault in faults if is_so()), "")


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not parts or any(part in LITTER for part in parts) or parts[-1].startswith((".", "~"))


def shown(name: str) -> str:
    """Return the name of an entry for a message: on one line, short, and without characters that deceive."""
    text = one_line(clean(name.encode("utf-8", "replace").decode()))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
