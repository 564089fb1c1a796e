"""Outside the sandbox: starts a zygote, lets it grow branches, and asks those for workers.

Trusts nothing that comes back but what the zygote and its branches say.
"""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from autograder.course import Course, Limits
from autograder.errors import Problem
from autograder.report.report import UNSAFE_TIER
from autograder.sandbox.selftest import probed
from autograder.sandbox.worker import wire
from autograder.stages import stage

PACKAGES = Path(__file__).resolve().parents[2]
ZYGOTE = "autograder.sandbox.worker.zygote"
START_SECONDS = 120
REMEDY = (
    "In a container, let its seccomp profile allow Landlock. Elsewhere, grade on Linux 5.13 or later: in a virtual "
    "machine, in WSL 2, or in Lima on macOS (docs/machines.md says how). Only where all submissions are by people whom "
    "you trust, --unsafe-no-sandbox runs them with your own rights; every report then says so."
)
ANSWER_SECONDS = 60
# A branch holds some megabytes. A batch needs one, and one more where cells are run again with everything alive.
MOST_BRANCHES = 2
# Bytes of the course's own cells that go along with a request.
MOST_COURSE = 1 << 15


class SandboxError(Exception):
    """The sandbox itself does not work. This is the grader's fault, never the learner's."""


class SandboxGone(SandboxError):
    """A process of the sandbox has ended."""


@dataclass(eq=False)
class Branch:
    """A fork of the zygote in which some operations are dead: its socket, and how many workers it has.

    `beneath` says whether their machine code is overwritten, too.
    """

    control: socket.socket
    workers: int = 0
    beneath: bool = False


@dataclass
class Worker:
    """One fork: its number with its branch, and the judge's end of its socket."""

    pid: int
    connection: socket.socket
    branch: Branch
    schedstat: int = -1

    def starved(self) -> float | None:
        """Seconds for which it was ready to run and other processes had the processors; None where nobody counts."""
        if self.schedstat < 0:
            return None
        return int(os.pread(self.schedstat, 200, 0).split()[1]) / 1e9

    def hung_up(self) -> bool:
        """Return whether it has closed its end of the connection."""
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))

    def close(self) -> None:
        """Close what the judge holds of it."""
        self.connection.close()
        if self.schedstat >= 0:
            os.close(self.schedstat)
            self.schedstat = -1


@dataclass(frozen=True)
class Used:
    """What a worker has used so far: CPU seconds, and bytes written where no mount of its own limits them.

    `starved` are seconds in which it could have run, had others not had the processors; None where nobody counts them.
    """

    seconds: float
    written: int
    starved: float | None = None

    def idle(self, waited: float) -> float:
        """Seconds, of those for which it kept the judge waiting, in which it could have run and did not."""
        return 0.0 if self.starved is None else max(0.0, waited - self.seconds - self.starved)


class Sandbox:
    """One warm zygote and its branches. Use as a context manager; `fork` gives a fresh worker."""

    def __init__(
        self, limits: Limits, *, secrets: Sequence[Path] = (), without: Collection[str] = (), unsafe: bool = False
    ) -> None:
        """Prepare a sandbox; entering it starts it.

        `secrets` are files and folders that the self-test must find unreadable, besides those of the kit. `without`
        names layers to leave out (for tests); `unsafe` takes a machine that cannot isolate anything.
        """
        self.limits = limits
        self.tier = "?"
        self.missing: dict[str, str] = {}
        self.leaks: list[str] = []
        self._secrets = tuple(secrets)
        self._branches: dict[tuple[str, ...], Branch] = {}
        self._settings = {
            "packages": str(PACKAGES),
            "without": sorted(without),
            "unsafe": unsafe,
            "limits": limits.model_dump(),
        }

    @classmethod
    def for_course(cls, course: Course, *, unsafe: bool = False) -> Self:
        """Return a sandbox with the course's limits, whose self-test tries to read the course's own files."""
        return cls(course.limits, secrets=course.secrets(), unsafe=unsafe)

    def __enter__(self) -> Self:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        start = f"import sys; sys.path.insert(0, {str(PACKAGES)!r}); from {ZYGOTE} import main; main()"
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
        environment |= {
            name: os.environ[name] for name in os.environ if name.startswith("OPENBLAS_") or name == "TMPDIR"
        }
        environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        with theirs, probed(self._secrets) as files:
            settings = json.dumps({**self._settings, "probed": files})
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", start, str(theirs.fileno()), settings],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment,
            )
            theirs.close()
            greeting = self._greeting()
        self.missing, self.leaks = greeting["missing"], greeting["leaks"]
        # A sandbox that its own self-test gets out of is none, whatever layers it has.
        self.tier = UNSAFE_TIER if self.leaks else greeting["tier"]
        if self.tier == UNSAFE_TIER and not self._settings["unsafe"]:
            self.__exit__()
            raise Problem("sandbox", f"this machine cannot isolate a submission ({self.lacks()})", REMEDY)
        self._control.settimeout(ANSWER_SECONDS)
        return self

    def __exit__(self, *problem: object) -> None:
        for branch in self._branches.values():
            branch.control.close()
        self._control.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()

    def lacks(self) -> str:
        """Which layers are missing here and why, and what the self-test was able to do; empty where all holds."""
        found = [f"{layer}: {why}" for layer, why in self.missing.items()]
        found += [f"in the self-test, a submission could {', '.join(self.leaks)}"] if self.leaks else []
        return "; ".join(found)

    @stage("fork and lock down")
    def fork(self, forbids: Sequence[str] = (), course: Sequence[tuple[str, str]] = ()) -> Worker:
        """A fresh worker, with nothing of any submission in it, in which these families of operations are dead.

        `course` are the cells of the course's own, label and source, that it is going to run: it finds them compiled.
        """
        branch = self._branch(tuple(forbids))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        known = course if len(json.dumps(course)) < MOST_COURSE else ()
        request = {"op": "fork", "limits": self.limits.model_dump(), "course": known}
        with theirs:
            worker = Worker(_ask(branch.control, request, theirs)["worker"], ours, branch)
        branch.workers += 1
        try:
            worker.schedstat = _schedstat_of(ours)
            told, _ = wire.receive(ours, time.monotonic() + ANSWER_SECONDS)
        except wire.WireError as error:
            raise SandboxError(f"a worker did not start: {error}; wait status {self.end(worker)}") from error
        if not told.get("ready"):
            raise SandboxError(f"a worker could not be locked in: {told.get('why')}; wait status {self.end(worker)}")
        return worker

    def reaches_beneath(self) -> bool:
        """Return whether the second wall stands on this machine: the machine code of a forbidden operation is dead."""
        return self._branch(("convolution",)).beneath

    def used(self, worker: Worker) -> Used:
        """What the worker has used so far."""
        answer = _ask(worker.branch.control, {"op": "used", "worker": worker.pid})
        return Used(**answer, starved=worker.starved())

    @stage("end the worker")
    def end(self, worker: Worker) -> int:
        """Kill the worker; the wait status says how it ended, or how it had ended before."""
        worker.close()
        worker.branch.workers -= 1
        return _ask(worker.branch.control, {"op": "end", "worker": worker.pid})["status"]

    def _branch(self, forbids: tuple[str, ...]) -> Branch:
        """The branch in which these families are dead; those that were used last are kept."""
        branch = self._branches.pop(forbids, None) or self._grow(forbids)
        idle = [key for key, each in self._branches.items() if not each.workers]
        for key in idle[: len(self._branches) + 1 - MOST_BRANCHES]:
            self._branches.pop(key).control.close()
        self._branches[forbids] = branch
        return branch

    def _grow(self, forbids: tuple[str, ...]) -> Branch:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(ANSWER_SECONDS)
        with theirs:
            _send(self._control, {"forbid": forbids}, theirs)
        told = _receive(ours)
        if not told["ready"]:
            raise SandboxError(f"what {', '.join(forbids)} means could not be switched off: {told['why']}")
        return Branch(ours, beneath=told["beneath"])

    def _greeting(self) -> dict[str, Any]:
        """What the zygote says of itself; where it says nothing, what it printed as it ended is told."""
        try:
            return _receive(self._control)
        except SandboxGone:
            said = self._process.stderr.read().decode(errors="replace") if self._process.stderr else ""
            raise SandboxError(f"the sandbox did not start: {said[-2000:] or 'it ended without a word'}") from None


def _schedstat_of(connection: socket.socket) -> int:
    """The descriptor that a fresh worker sends before it locks itself in; -1 where it has none. Raises WireError."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    if not poll.poll(ANSWER_SECONDS * 1000):
        raise wire.WireTimeout("no answer in time")
    data, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
    if not data:
        raise wire.WireError("the other end is gone")
    return descriptors[0] if descriptors else -1


def _ask(control: socket.socket, request: dict[str, Any], along: socket.socket | None = None) -> dict[str, Any]:
    _send(control, request, along)
    return _receive(control)


def _send(control: socket.socket, request: dict[str, Any], along: socket.socket | None = None) -> None:
    """Send a request, and with it one end of a socket."""
    try:
        socket.send_fds(control, [json.dumps(request).encode()], [along.fileno()] if along else [])
    except OSError as error:
        raise SandboxGone(f"the sandbox is gone ({error.strerror})") from error


def _receive(control: socket.socket) -> dict[str, Any]:
    try:
        data = control.recv(1 << 16)
    except OSError as error:
        raise SandboxError(f"the sandbox does not answer ({error})") from error
    if not data:
        raise SandboxGone("the sandbox ended without a word")
    return json.loads(data)
