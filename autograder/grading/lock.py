"""One run at a time on a course: whoever comes second is told who is there, or waits."""

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
    """Hold the course while this lasts. Raises Problem where another run holds it, unless this one is to wait.

    Of a course that several people share, what is written meanwhile is left to their group.
    """
    is_shared = shared.begin(course)
    lock, holder = FileLock(course.root / FILE, mode=0o664 if is_shared else 0o644), course.root / HOLDER
    try:
        lock.acquire(timeout=FOREVER if wait else 0)
    except Timeout:
        raise Problem(course.root, _told(holder), "Wait until it ends, or add --wait.") from None
    except OSError as error:
        what = f"cannot be locked ({error.strerror})"
        raise Problem(course.root / FILE, what, "Check the folder's permissions.") from error
    try:
        holder.write_text(json.dumps(_myself(command)), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
        if is_shared:
            shared.hand_over(course)


def _myself(command: str) -> dict[str, str]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = str(os.getuid())
    since = datetime.now().astimezone().isoformat(" ", "seconds")
    return {"command": command, "since": since, "user": user, "process": str(os.getpid()), "host": platform.node()}


def _told(holder: Path) -> str:
    """What is known of the run that holds the lock. It writes that a moment after it took it."""
    try:
        run = json.loads(holder.read_text(encoding="utf-8"))
        return RUNNING.format(**run)
    except (OSError, ValueError, KeyError):
        return "another autograder command is running here"
