"""A judge's process as its parent sees it: a fork of the fork server that calls functions, one after the other.

The parent sends a function with its arguments and gets what it returns, or what it raises. `serve.py` is the other end.
"""

import os
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from autograder.sandbox.control import SandboxGone
from autograder.sandbox.fork_server import ForkServer

SERVE = "autograder.judge.serve"
# A judge reads and writes at once, but at first PyTorch has to be imported. One that blocks for so long is broken.
BLOCKED_SECONDS = 120


class JudgeDied(Exception):
    """The judge's process has ended by itself."""


@dataclass(frozen=True)
class Surroundings:
    """What a judge takes over from its parent: environment, paths of imports, working folder."""

    environment: dict[str, str]
    path: list[str]
    folder: str


@dataclass(frozen=True)
class Call:
    """A function to call in the judge, and its arguments. Both are pickled."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Reply:
    """What a call returned, or the exception that it raised."""

    result: Any = None
    error: Exception | None = None


@dataclass(frozen=True)
class Step:
    """A sign of life: the judge has gone on by at least one step."""


class JudgeProcess:
    """One judge. Only one thread calls it; `kill` may come from any."""

    def __init__(self, server: ForkServer) -> None:
        """Fork it from this server. Raises SandboxGone where the server is gone."""
        self._server = server
        self._socket, theirs = socket.socketpair()
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            self._socket.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", BLOCKED_SECONDS, 0))
        try:
            with theirs:
                self._number = server.start_judge(SERVE, theirs)
        except BaseException:
            self._socket.close()
            raise
        self._connection = Connection(os.dup(self._socket.fileno()))
        self.pid = 0

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Start a call. Raises JudgeDied."""
        try:
            if not self.pid:
                self._connection.send(Surroundings(dict(os.environ), sys.path, _folder()))
            self._connection.send(Call(function, arguments))
            if not self.pid:
                self.pid = self._connection.recv()
        except (OSError, EOFError) as error:
            raise JudgeDied from error

    def message(self, seconds: float) -> Step | Reply | None:
        """Return the next message, or None if there is none for so long. Raises JudgeDied."""
        try:
            message: Step | Reply | None = self._connection.recv() if self._connection.poll(seconds) else None
        except (OSError, EOFError) as error:
            raise JudgeDied from error
        return message

    def kill(self) -> None:
        """Kill it, whatever it is doing. If the server is gone, so are its judges."""
        with suppress(SandboxGone):
            self._server.kill(self._number)

    def close(self) -> None:
        """Let it end once it is idle, and wait for that."""
        with suppress(OSError, EOFError):
            self._socket.shutdown(socket.SHUT_WR)
            while self._connection.poll(BLOCKED_SECONDS):
                self._connection.recv_bytes()
        self._connection.close()
        self._socket.close()


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return "/"
