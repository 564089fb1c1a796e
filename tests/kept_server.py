"""One fork server for all tests of a process: PyTorch is not imported again for each run that a test makes.

A test that is about the server, or about what a run leaves behind, takes @pytest.mark.own_fork_server.
"""

import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cli import torch_early
from autograder.grading import backends
from autograder.judge import one_file
from autograder.judge.judge_process import SERVE
from autograder.sandbox import fork_server
from autograder.sandbox.fork_server import END_SECONDS, ForkServer

USERS = (backends, torch_early, one_file)


class Lent(ForkServer):
    """The kept server as one run sees it: its `close` ends what was forked since, and leaves the server alone."""

    def __init__(self, kept: ForkServer) -> None:
        self._kept = kept
        self._numbers: list[int] = []
        self._before = forks(kept.pid)

    @property
    def pid(self) -> int:
        return self._kept.pid

    def start_judge(self, module: str, connection: socket.socket) -> int:
        number = self._kept.start_judge(module, connection)
        self._numbers.append(number)
        return number

    def start_zygote(self, control: socket.socket, stderr: int) -> None:
        self._kept.start_zygote(control, stderr)

    def get_ready(self, module: str, workers: int = 1) -> None:
        """Do nothing: it is ready, once it has forked."""

    def kill(self, number: int) -> None:
        self._kept.kill(number)

    def close(self) -> None:
        for number in self._numbers:
            self._kept.kill(number)
        ends = time.monotonic() + END_SECONDS
        while left := forks(self.pid) - self._before:
            assert time.monotonic() < ends, f"these processes do not end with their run: {left}"
            time.sleep(0.002)


class KeptForkServer:
    """Lends the kept server to the engine and to `check`, and ends it with the tests."""

    def __init__(self) -> None:
        self._kept: ForkServer | None = None
        self._environment: dict[str, str] = {}
        self._own = False
        for module in USERS:
            module.ForkServer = self.lend

    def lend(self, stderr: int | None = None) -> ForkServer:
        """Return the kept server for one run; where a test asks for that or changes its environment, a new one."""
        environment = fork_server._clean_environment()
        if self._own or stderr is not None:
            return ForkServer(stderr)
        if self._kept is None:
            self._kept, self._environment = ForkServer(), environment
            self._kept.get_ready(SERVE)
            # Its first fork, the server of the zygotes, stays. All others end with their runs.
            while not forks(self._kept.pid):
                time.sleep(0.01)
        if environment != self._environment:
            return ForkServer()
        # Its forks are processes that a test starts: see fast.py.
        sys.audit("os.fork")
        return Lent(self._kept)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Look at the mark before the test's fixtures start anything."""
        self._own = item.get_closest_marker("own_fork_server") is not None
        return (yield)

    def pytest_unconfigure(self) -> None:
        if self._kept is not None:
            self._kept.close()


def forks(pid: int) -> set[int]:
    """Return the judges and zygotes of a fork server, and the server of its zygotes."""
    own = children(pid)
    return own.union(*map(children, own))


def children(pid: int) -> set[int]:
    """Return the processes that this one has forked and that have not ended."""
    try:
        return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    except OSError:
        return set()
