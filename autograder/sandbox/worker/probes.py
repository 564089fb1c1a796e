"""Test the sandbox before it serves: a worker, locked in like any other, tries everything that must be impossible.

If one attempt succeeds, the sandbox does not hold, and the host refuses to grade.
"""

import contextlib
import json
import os
import select
import signal
import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NoReturn

from autograder.sandbox.worker.isolation import libc, scratch
from autograder.sandbox.worker.isolation.lockdown import Lockdown, confine

ANSWER_SECONDS = 30
MAX_ANSWER = 1 << 16
Probe = Callable[[], object]


class ProbesFailed(Exception):
    """The worker that made the attempts gave no answer, so the result is unknown."""


def leaks(lockdown: Lockdown, limits: dict[str, Any], probed: dict[str, Any]) -> list[str]:
    """Return in words what a locked-in worker was able to do and must not be. Raises ProbesFailed.

    `probed` names the files outside for the attempts: `canary`, which every user may read and write, and `secrets`,
    files and folders of the kit and the course.
    """
    answers, theirs = os.pipe()
    namespaces = lockdown.namespaces
    folder = lockdown.own_folder()
    pid = namespaces.fork() if namespaces else os.fork()
    if pid == 0:
        _try_all(theirs, lockdown, folder, limits, probed)
    os.close(theirs)
    try:
        with open(answers, "rb", buffering=0) as pipe:
            answer = _read(pipe.fileno())
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        if folder:
            with contextlib.suppress(OSError):
                scratch.remove(folder)
    if not answer:
        raise ProbesFailed("the worker of the self-test ended without an answer")
    result: dict[str, Any] = json.loads(answer)
    if "refused" in result:
        raise ProbesFailed(f"the worker of the self-test could not be locked in: {result['refused']}")
    return [str(leak) for leak in result["leaks"]]


def _read(pipe: int) -> bytes:
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    return os.read(pipe, MAX_ANSWER) if poll.poll(ANSWER_SECONDS * 1000) else b""


def _try_all(answers: int, lockdown: Lockdown, folder: str, limits: dict[str, Any], probed: dict[str, Any]) -> NoReturn:
    """Lock this fork in like a worker, make all attempts, write the successful ones to the pipe, and exit."""
    try:
        if libc.known_machine():
            libc.die_with_parent()
        try:
            confine(lockdown, folder, limits)
        except OSError as error:
            os.write(answers, json.dumps({"refused": str(error)}).encode())
        else:
            leaks = [name for name, probe in _probes(probed) if _succeeds(probe)]
            os.write(answers, json.dumps({"leaks": list(dict.fromkeys(leaks))}).encode())
    finally:
        os._exit(0)


def _succeeds(probe: Probe) -> bool:
    """Return whether an attempt returned something true rather than raise OSError."""
    try:
        return bool(probe())
    except OSError:
        return False


def _probes(probed: dict[str, Any]) -> Iterator[tuple[str, Probe]]:
    """Yield every attempt with its name. It succeeds where it returns something true."""
    canary = probed["canary"]
    yield "read a file of the machine", lambda: _read_file(canary)
    yield "write to a file of the machine", lambda: _write(canary)
    yield "empty a file of the machine", lambda: _truncate(canary)
    yield "empty a file of the machine", lambda: os.open(canary, os.O_RDONLY | os.O_TRUNC) >= 0
    for secret in probed["secrets"]:
        yield f"read {secret}", partial(_read_file, secret)
        yield f"look into {secret}", partial(os.listdir, secret)
    yield "open a socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    yield "start a process", _start_process
    yield "signal its parent", _signal_parent


def _read_file(path: str) -> bool:
    with open(path, "rb") as file:
        file.read(1)
    return True


def _write(path: str) -> bool:
    with open(path, "ab") as file:
        file.write(b"x")
    return True


def _truncate(path: str) -> bool:
    os.truncate(path, 0)
    return True


def _signal_parent() -> bool:
    os.kill(os.getppid(), 0)
    return True


def _start_process() -> bool:
    if os.fork() == 0:
        os._exit(0)
    return True
