"""The warm process: imports torch once, then forks one worker a submission. It never runs a line of a submission.

It answers three requests on its control socket: fork (a worker, on the socket sent along), used (what a worker has used
so far), end (kill a worker and say how it had ended). When the judge is gone, it ends itself and every worker.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import time
from typing import Any

from autograder.sandbox import kernel, scratch
from autograder.sandbox.guard import go_on_guarded
from autograder.sandbox.lockdown import Lockdown, confine, prepare

MAX_REQUEST = 1 << 16
SEND_SECONDS = 10


def main() -> None:
    """Serve the control socket whose descriptor is the first argument; the second is the settings as JSON."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    if kernel.known_machine() and "inside" not in settings:
        go_on_guarded(control)
    lockdown = prepare(settings)
    told = {"tier": lockdown.tier, "missing": lockdown.missing}
    if lockdown.tier == "C" and not settings["unsafe"]:
        control.send(json.dumps(told).encode())
        return
    _warm_up()
    lockdown.gather_pages()
    if lockdown.threads() != 1:
        raise SystemExit(f"a fork of a process with {lockdown.threads()} threads would hang")
    control.send(json.dumps(told).encode())
    if lockdown.namespaces is None:
        scratch.clear()
    zygote = Zygote(control, lockdown)
    try:
        while True:
            data, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST, 1)
            if not data:
                return
            control.send(json.dumps(zygote.answer(json.loads(data), descriptors)).encode())
    finally:
        for worker in list(zygote.workers):
            zygote.end(worker)


def _warm_up() -> None:
    """Import and touch what an ordinary notebook uses, so that no fork pays for it."""
    import math  # noqa: F401

    import numpy as np
    import torch
    import torch.nn.functional as F
    from torch.utils._python_dispatch import TorchDispatchMode  # noqa: F401

    from autograder.sandbox import bans, gradients, worker

    torch.set_num_threads(1)
    torch.manual_seed(0)
    np.random.default_rng(0).random(2)
    image, kernel = torch.ones(1, 1, 4, 4, requires_grad=True), torch.ones(1, 1, 2, 2)
    F.conv2d(F.pad(image, (1, 1, 1, 1)), kernel).sum().backward()
    torch.einsum("ij,jk->ik", torch.ones(2, 2), torch.ones(2, 2))
    F.max_pool2d(image.detach(), 2)
    F.unfold(image.detach(), 2)
    repr(image)
    bans.warm_up()
    worker.warm_up()
    gradients.operations()
    gc.collect()
    gc.freeze()


class Zygote:
    """Forks workers, and ends them. `workers` are their folders by process number, empty where they mount their own."""

    def __init__(self, control: socket.socket, lockdown: Lockdown) -> None:
        self.control = control
        self.lockdown = lockdown
        self.workers: dict[int, str] = {}

    def answer(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        """The answer to one request."""
        if request["op"] == "fork":
            return {"worker": self.fork(socket.socket(fileno=descriptors[0]), request["limits"])}
        if request["op"] == "used":
            folder = self.workers[request["worker"]]
            written = scratch.written(folder) if folder else 0
            return {"seconds": time.clock_gettime(_clock_of(request["worker"])), "written": written}
        return {"status": self.end(request["worker"])}

    def fork(self, connection: socket.socket, limits: dict[str, Any]) -> int:
        """A worker that serves this connection; its process number."""
        namespaces = self.lockdown.namespaces
        folder = "" if namespaces else scratch.make()
        pid = namespaces.fork() if namespaces else os.fork()
        if pid == 0:
            self._become_worker(connection, folder, limits)
        connection.close()
        self.workers[pid] = folder
        return pid

    def end(self, pid: int) -> int:
        """Kill a worker unless it is dead already; its wait status says how it ended, or how it had."""
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        folder = self.workers.pop(pid)
        if folder:
            with contextlib.suppress(OSError):
                scratch.remove(folder)
        return status

    def _become_worker(self, connection: socket.socket, folder: str, limits: dict[str, Any]) -> None:
        """In the fork: give up what is not needed, then serve. Never returns."""
        from autograder.sandbox import wire, worker

        try:
            if kernel.known_machine():
                kernel.die_with_parent()
            self.control.close()
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            os.close(nothing)
            os.environ.clear()
            told: dict[str, Any] = {"ready": True}
            try:
                confine(self.lockdown, folder, limits)
            except OSError as error:
                told = {"ready": False, "why": str(error)}
            wire.send(connection, told, [], time.monotonic() + SEND_SECONDS)
            if told["ready"]:
                worker.serve(connection, limits["output_bytes"])
        finally:
            os._exit(0)


def _clock_of(pid: int) -> int:
    """The id of a process's CPU clock, as clock_getcpuclockid(3) makes it: ~pid in the upper bits, kind 2 below."""
    return (~pid << 3) | 2
