"""Manage a worker's folder where no namespace gives it one: watch it while the worker lives, then remove it.

Nothing here may trust the contents: they may be nested as deep as the disk allows, and closed to their own owner.
"""

import contextlib
import os
import secrets
import stat
import tempfile
from pathlib import Path

PREFIX = "autograder-worker-"
# Inside namespaces and bubblewrap, workers' folders are here. Not below /tmp, which may hold the kit or its packages.
ROOT = "/scratch"
MAX_ENTRIES = 1000
TOO_MUCH = 1 << 62


def make(within: str | None = None) -> str:
    """Make an empty folder, in the system's folder for temporary files or `within` another; return its path.

    Its name contains this process, so that `clear` can tell when the folder is left over.
    """
    return tempfile.mkdtemp(prefix=f"{PREFIX}{_machine()}-{os.getpid()}-{_started(os.getpid())}-", dir=within)


def clear() -> None:
    """Remove the folders of processes that are gone: a killed process could not remove its own."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}{_machine()}-*-*-*"):
        pid, started = folder.name.removeprefix(f"{PREFIX}{_machine()}-").split("-")[:2]
        with contextlib.suppress(OSError):
            status = folder.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and _started(pid) != started:
                remove(str(folder))


def _machine() -> int:
    """Return a number of the pid namespace: containers with the same /tmp may reuse process numbers."""
    try:
        return os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return 0


def _started(pid: int | str) -> str:
    """Return when a process was started, in ticks, since process numbers are reused; empty where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except OSError:
        return ""


def written(folder: str) -> int:
    """Return the bytes that the folder takes on the disk; TOO_MUCH where it has too many entries to count."""
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
        return size  # an entry was removed meanwhile
    except OSError:
        return TOO_MUCH
    return size


def remove(folder: str) -> None:
    """Remove the folder and all in it. Move deep folders up first, so that no path gets long and nothing recurses."""
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
