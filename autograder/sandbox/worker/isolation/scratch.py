"""A worker's folder where there are no namespaces to give it one of its own: watched while it lives, then removed.

Nothing here may trust what lies in it: it may be as deep as the disk allows, and closed to its own owner.
"""

import contextlib
import os
import secrets
import stat
import tempfile
from pathlib import Path

PREFIX = "autograder-worker-"
MAX_ENTRIES = 1000
TOO_MUCH = 1 << 62


def make(within: str | None = None) -> str:
    """Make an empty folder, in the system's for temporary files or `within` another; return its path.

    Its name says which process it is for.
    """
    return tempfile.mkdtemp(prefix=f"{PREFIX}{_machine()}-{os.getpid()}-{_started(os.getpid())}-", dir=within)


def clear() -> None:
    """Remove the folders of processes that are gone: whoever is killed cannot do it."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}{_machine()}-*-*-*"):
        pid, started = folder.name.removeprefix(f"{PREFIX}{_machine()}-").split("-")[:2]
        with contextlib.suppress(OSError):
            found = folder.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and _started(pid) != started:
                remove(str(folder))


def _machine() -> int:
    """What tells the processes of one container from those of another that has the same numbers and the same /tmp."""
    try:
        return os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return 0


def _started(pid: int | str) -> str:
    """When a process was started, in ticks: numbers are given out again. Empty where there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except OSError:
        return ""


def written(folder: str) -> int:
    """Bytes on the disk in the folder; TOO_MUCH where there is more in it than can be looked at."""
    size, seen, folders = 0, 0, [folder]
    try:
        while folders:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MAX_ENTRIES:
                        return TOO_MUCH
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
    except FileNotFoundError:
        return size  # gone between two looks
    except OSError:
        return TOO_MUCH
    return size


def remove(folder: str) -> None:
    """Remove the folder and all in it. What lies deep is moved up first: no path gets long, nothing recurses."""
    folders, top, token = [folder], Path(folder), secrets.token_hex(8)
    while folders:
        inner = folders.pop()
        os.chmod(inner, 0o700)
        for name in os.listdir(inner):
            path = os.path.join(inner, name)
            if not os.path.isdir(path) or os.path.islink(path):
                os.unlink(path)
                continue
            os.chmod(path, 0o700)
            moved = str(top / f"{token}-{secrets.token_hex(8)}")
            os.rename(path, moved)
            folders.append(moved)
        if inner != folder:
            os.rmdir(inner)
    os.rmdir(folder)
