"""The process that imports PyTorch once for all: judges and zygotes are forks of it.

It starts with a clean environment, takes a few kinds of requests, and holds nothing but its sockets. A fork keeps only
the descriptors that came with its request. It never sees a course, a suite or a submission.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from typing import Any, NoReturn

from autograder.sandbox.worker import huge_pages

MAX_REQUEST = 1 << 12
MOST_DESCRIPTORS = 4
END_SECONDS = 10


def main() -> None:
    """Serve the socket whose descriptor is the first argument, until its other end is closed."""
    owner = socket.socket(fileno=int(sys.argv[1]))
    sys.argv.clear()
    sys.orig_argv.clear()
    # Nothing of what is imported becomes garbage: collecting it takes a tenth of the time.
    gc.disable()
    import torch  # noqa: F401

    # No gc.freeze() here: doubles.py looks for what to disable among all objects, and it hides them.
    gc.enable()
    ForkServer(owner).serve()
    os._exit(0)


class ForkServer:
    """Answers its owner and the judges: it forks, and kills judges by number."""

    def __init__(self, owner: socket.socket) -> None:
        self._owner = owner
        self._channels = [owner]
        self._forks: dict[int, int | None] = {}
        self._is_warm = False
        self._ended, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def serve(self) -> None:
        """Answer requests until the owner is gone; then end every judge. The zygotes end with their judges."""
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        while True:
            waiting: list[Any] = [self._ended, *self._channels]
            # A judge imports its checks before it asks for a zygote: be warm by then.
            is_due = bool(self._forks) and not self._is_warm
            ready = select.select(waiting, [], [], 0 if is_due else None)[0]
            if is_due and not ready:
                self._warm_up()
            if self._ended in ready:
                os.read(self._ended, MAX_REQUEST)
                self._reap()
            for channel in [channel for channel in self._channels if channel in ready]:
                data, descriptors, _, _ = socket.recv_fds(channel, MAX_REQUEST, MOST_DESCRIPTORS)
                if data:
                    self._answer(json.loads(data), descriptors)
                elif channel is self._owner:
                    self._end()
                    return
                else:
                    self._channels.remove(channel)
                    channel.close()

    def _answer(self, request: dict[str, Any], descriptors: list[int]) -> None:
        if "kill" in request:
            for pid in [pid for pid, number in self._forks.items() if number == request["kill"]]:
                os.kill(pid, signal.SIGKILL)
            return
        if "many" in request:
            # Now, so that the judges share these pages, too.
            huge_pages.gather()
            return
        if request["channel"]:
            self._channels.append(socket.socket(fileno=descriptors.pop()))
        if request["warm"]:
            self._warm_up()
        pid = os.fork()
        if pid == 0:
            _become(request["module"], descriptors)
        self._forks[pid] = request.get("number")
        for descriptor in descriptors:
            os.close(descriptor)

    def _warm_up(self) -> None:
        """Run what an ordinary notebook uses, once. Judges are forked before: they need none of it."""
        if not self._is_warm:
            from autograder.sandbox.worker import warm

            warm.warm_up()
            self._is_warm = True

    def _reap(self) -> None:
        """Wait for forks that have ended, so that their CPU time counts for the owner."""
        with contextlib.suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                self._forks.pop(pid, None)

    def _end(self) -> None:
        for pid, number in self._forks.items():
            if number is not None:
                os.kill(pid, signal.SIGKILL)
        ends = time.monotonic() + END_SECONDS
        self._reap()
        while self._forks and (left := ends - time.monotonic()) > 0:
            if select.select([self._ended], [], [], left)[0]:
                os.read(self._ended, MAX_REQUEST)
            self._reap()


def _become(module: str, descriptors: list[int]) -> NoReturn:
    """Run a module's `start` in this fork, with the descriptors of the request and no other. The first is stderr."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        errors, *own = descriptors
        os.dup2(errors, 2)
        first = 3
        for descriptor in sorted(own):
            os.closerange(first, descriptor)
            first = descriptor + 1
        os.closerange(first, os.sysconf("SC_OPEN_MAX"))
        importlib.import_module(module).start(own)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)
