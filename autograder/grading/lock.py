"""Lock a course for one run at a time. A second run learns who holds the lock, or waits."""

import getpass
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from autograder.course import Course
from autograder.errors import Problem
from autograder.nbgrader import shared

FILE, HOLDER = ".autograder.lock", ".autograder.lock.json"
FOREVER = -1
RUNNING = "`autograder {command}` has been running here since {since} ({user}, process {process} on {host})"


@contextmanager
def held(course: Course, command: str, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of the course. If another run holds it, wait for it or raise Problem.

    If several people share the course, their group gets the files that are written meanwhile.
    """
    is_shared = shared.begin(course)
    lock, holder = FileLock(course.root / FILE, mode=0o664 if is_shared else 0o644), course.root / HOLDER
    try:
        lock.acquire(timeout=FOREVER if wait else 0)
    except Timeout:
        raise Problem(course.root, _running(holder), "Wait until it ends, or add --wait.") from None
    except OSError as error:
        what = f"cannot be locked ({error.strerror})"
        raise Problem(course.root / FILE, what, "Check the folder's permissions.") from error
    try:
        holder.write_text(json.dumps(_this_run(command)), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
        if is_shared:
            shared.share_own_files(course)


def _this_run(command: str) -> dict[str, str]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = str(os.getuid())
    since = datetime.now().astimezone().isoformat(" ", "seconds")
    return {"command": command, "since": since, "user": user, "process": str(os.getpid()), "host": platform.node()}


def _running(holder: Path) -> str:
    """Describe the run that holds the lock. It says who it is a moment after it takes the lock."""
    try:
        run = json.loads(holder.read_text(encoding="utf-8"))
        return RUNNING.format(**run)
    except (OSError, ValueError, KeyError):
        return "another autograder command is running here"
