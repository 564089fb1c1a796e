"""Outside the sandbox: starts a zygote and asks it for workers. Trusts nothing that comes back but its own zygote."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from autograder.course import Limits

PACKAGES = Path(__file__).resolve().parents[2]
START_SECONDS = 120
ANSWER_SECONDS = 60


class SandboxError(Exception):
    """The sandbox itself does not work. This is the grader's fault, never the learner's."""


@dataclass
class Worker:
    """One fork: its number with the zygote, and the judge's end of its socket."""

    pid: int
    connection: socket.socket


class Sandbox:
    """One warm zygote. Use as a context manager; `fork` gives a fresh worker."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.tier = "?"

    def __enter__(self) -> Self:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        start = f"import sys; sys.path.insert(0, {str(PACKAGES)!r}); from autograder.sandbox.zygote import main; main()"
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
        environment |= {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
        environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", start, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment,
            )
        ready = self._receive()
        self.tier = "offline" if ready["offline"] else "online"
        self._control.settimeout(ANSWER_SECONDS)
        return self

    def __exit__(self, *problem: object) -> None:
        self._control.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()

    def fork(self) -> Worker:
        """A fresh worker, with nothing of any submission in it."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            request = {"op": "fork", "limits": self.limits.model_dump()}
            socket.send_fds(self._control, [json.dumps(request).encode()], [theirs.fileno()])
            return Worker(self._receive()["worker"], ours)

    def cpu_seconds(self, worker: Worker) -> float:
        """CPU seconds that the worker has used so far."""
        return self._ask({"op": "cpu", "worker": worker.pid})["seconds"]

    def end(self, worker: Worker) -> int:
        """Kill the worker; the wait status says how it ended, or how it had ended before."""
        worker.connection.close()
        return self._ask({"op": "end", "worker": worker.pid})["status"]

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            self._control.send(json.dumps(request).encode())
        except OSError as error:
            raise SandboxError(f"the sandbox is gone ({error.strerror})") from error
        return self._receive()

    def _receive(self) -> dict[str, Any]:
        try:
            data = self._control.recv(1 << 16)
        except OSError as error:
            raise SandboxError(f"the sandbox does not answer ({error})") from error
        if not data:
            said = self._process.stderr.read().decode(errors="replace") if self._process.stderr else ""
            raise SandboxError(f"the sandbox did not start, or ended: {said[-2000:] or 'without a word'}")
        return json.loads(data)
