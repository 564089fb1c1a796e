"""The forks of a process: it starts them, and waits for those that have ended."""

import contextlib
import importlib
import os
import select
import signal
import sys
import time
import traceback
from typing import NoReturn

MUCH = 1 << 12


class Forks:
    """Forks that run a module's `start`. `ended` can be read from once one has ended, and then `reap` waits for it."""

    def __init__(self) -> None:
        self.running: dict[int, int | None] = {}
        self.ended, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def start(self, module: str, descriptors: list[int], number: int | None = None) -> int:
        """Fork and run a module's `start` with these descriptors, which are closed here. The first becomes stderr.

        Return the process number. `number` is another name, under which `kill` finds it.
        """
        pid = os.fork()
        if pid == 0:
            _become(module, descriptors)
        self.running[pid] = number
        for descriptor in descriptors:
            os.close(descriptor)
        return pid

    def kill(self, number: int) -> None:
        """Kill the fork of this number, if it still runs."""
        for pid in [pid for pid, known in self.running.items() if known == number]:
            os.kill(pid, signal.SIGKILL)

    def reap(self) -> None:
        """Wait for forks that have ended, so that their CPU time counts for whoever waits for this process."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.ended, MUCH)
        with contextlib.suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                self.running.pop(pid, None)

    def wait(self, seconds: float) -> None:
        """Wait until all of them have ended, or for so long."""
        ends = time.monotonic() + seconds
        self.reap()
        while self.running and (left := ends - time.monotonic()) > 0:
            select.select([self.ended], [], [], left)
            self.reap()


def _become(module: str, descriptors: list[int]) -> NoReturn:
    """Run a module's `start` in this fork, with these descriptors and no other."""
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
