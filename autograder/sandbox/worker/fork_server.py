"""The process that imports PyTorch once for all. The judges are its forks; the zygotes are forks of its first fork.

It starts with a clean environment, takes a few kinds of requests, and holds nothing but its sockets. A fork keeps only
the descriptors that came with its request. It never sees a course, a suite or a submission.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from typing import Any

from autograder.sandbox.worker import huge_pages, no_decompositions
from autograder.sandbox.worker.forks import Forks

ZYGOTE_SERVER = "autograder.sandbox.worker.zygote_server"
STDERR = 2
MAX_REQUEST = 1 << 12
MOST_DESCRIPTORS = 4
# Longer than the server of the zygotes waits for them.
END_SECONDS = 12


def main() -> None:
    """Serve the socket whose descriptor is the first argument, until its other end is closed."""
    owner = socket.socket(fileno=int(sys.argv[1]))
    sys.argv.clear()
    sys.orig_argv.clear()
    # Nothing of what is imported becomes garbage: collecting it takes a tenth of the time. The forks collect theirs.
    gc.disable()
    with no_decompositions.left_out():
        import torch  # noqa: F401

    # No gc.freeze() here: doubles.py looks for what to disable among all objects, and it hides them.
    ForkServer(owner).serve()
    os._exit(0)


class ForkServer:
    """Answers its owner: it forks judges, kills them by number, and has zygotes forked."""

    def __init__(self, owner: socket.socket) -> None:
        self._owner = owner
        self._forks = Forks()
        self._zygotes: socket.socket | None = None
        self._zygotes_pid = 0

    def serve(self) -> None:
        """Answer requests until the owner or the server of the zygotes is gone; then end every judge."""
        waiting: list[Any] = [self._forks.ended, self._owner]
        while True:
            ready = select.select(waiting, [], [])[0]
            if self._forks.ended in ready:
                self._forks.reap()
                if self._zygotes and self._zygotes_pid not in self._forks.running:
                    break
            if self._owner in ready:
                data, descriptors, _, _ = socket.recv_fds(self._owner, MAX_REQUEST, MOST_DESCRIPTORS)
                if not data:
                    break
                try:
                    self._answer(json.loads(data), descriptors)
                except ConnectionError:
                    # The server of the zygotes has ended, and has not been waited for yet.
                    break
        self._end()

    def _answer(self, request: dict[str, Any], descriptors: list[int]) -> None:
        match request["wanted"]:
            case "ready":
                if request["many"] and self._zygotes is None:
                    # Before any fork, so that all of them share these pages.
                    huge_pages.gather()
                self._get_ready(request["module"])
            case "judge":
                self._get_ready(request["module"])
                self._hand_on("channel", descriptors.pop())
                self._forks.start(request["module"], descriptors, request["number"])
            case "zygote":
                self._hand_on("zygote", *descriptors)
            case "kill":
                self._forks.kill(request["number"])

    def _get_ready(self, module: str) -> None:
        """Import what judges need, so that none of them has to. The zygotes inherit nothing of it."""
        self._fork_zygote_server()
        importlib.import_module(module)

    def _fork_zygote_server(self) -> socket.socket:
        if self._zygotes is None:
            self._zygotes, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._zygotes_pid = self._forks.start(ZYGOTE_SERVER, [os.dup(STDERR), theirs.detach()])
        return self._zygotes

    def _hand_on(self, wanted: str, *descriptors: int) -> None:
        """Send descriptors to the server of the zygotes: a channel for a judge, or what a zygote needs."""
        socket.send_fds(self._fork_zygote_server(), [json.dumps({"wanted": wanted}).encode()], descriptors)
        for descriptor in descriptors:
            os.close(descriptor)

    def _end(self) -> None:
        # First, so that an owner that has just lost a judge does not ask this process for another one.
        self._owner.close()
        if self._zygotes is not None:
            self._zygotes.close()
        for pid in self._forks.running:
            if pid != self._zygotes_pid:
                os.kill(pid, signal.SIGKILL)
        self._forks.wait(END_SECONDS)
