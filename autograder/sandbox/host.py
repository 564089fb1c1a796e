"""Outside the sandbox: starts a zygote and asks it for workers. Trusts nothing that comes back but its own zygote."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from autograder.course import Limits
from autograder.problems import Problem
from autograder.sandbox import wire

PACKAGES = Path(__file__).resolve().parents[2]
START_SECONDS = 120
REMEDY = (
    "Grade on Linux 5.13 or later, or add --unsafe-no-sandbox to run the submissions with your own rights; "
    "every report then says so. `autograder doctor` tells more."
)
ANSWER_SECONDS = 60


class SandboxError(Exception):
    """The sandbox itself does not work. This is the grader's fault, never the learner's."""


@dataclass
class Worker:
    """One fork: its number with the zygote, and the judge's end of its socket."""

    pid: int
    connection: socket.socket


@dataclass(frozen=True)
class Used:
    """CPU seconds, and bytes written where no mount of its own limits them, that a worker has used so far."""

    seconds: float
    written: int


class Sandbox:
    """One warm zygote. Use as a context manager; `fork` gives a fresh worker."""

    def __init__(self, limits: Limits, *, without: Collection[str] = (), unsafe: bool = False) -> None:
        """`without` names layers to leave out (for tests); `unsafe` takes a machine that cannot isolate anything."""
        self.limits = limits
        self.tier = "?"
        self.missing: dict[str, str] = {}
        self._settings = {"packages": str(PACKAGES), "without": sorted(without), "unsafe": unsafe}

    def __enter__(self) -> Self:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        start = f"import sys; sys.path.insert(0, {str(PACKAGES)!r}); from autograder.sandbox.zygote import main; main()"
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
        environment |= {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
        environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", start, str(theirs.fileno()), json.dumps(self._settings)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment,
            )
        told = self._receive()
        self.tier, self.missing = told["tier"], told["missing"]
        if self.tier == "C" and not self._settings["unsafe"]:
            self.__exit__()
            lacks = "; ".join(f"{layer}: {why}" for layer, why in self.missing.items())
            raise Problem("sandbox", f"this machine cannot isolate a submission ({lacks})", REMEDY)
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
            worker = Worker(self._receive()["worker"], ours)
        try:
            told, _ = wire.receive(ours, time.monotonic() + ANSWER_SECONDS)
        except wire.WireError as error:
            raise SandboxError(f"a worker did not start: {error}; wait status {self.end(worker)}") from error
        if not told.get("ready"):
            raise SandboxError(f"a worker could not be locked in: {told.get('why')}; wait status {self.end(worker)}")
        return worker

    def used(self, worker: Worker) -> Used:
        """What the worker has used so far."""
        return Used(**self._ask({"op": "used", "worker": worker.pid}))

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
