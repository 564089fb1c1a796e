"""Start a zygote, let it grow branches, and get workers from them.

Trusts only what the zygote and its branches say, never a worker.
"""

import contextlib
import json
import os
import select
import socket
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Self

from autograder.course import Course
from autograder.errors import Problem
from autograder.limits import Limits
from autograder.report.report import UNSAFE_TIER
from autograder.sandbox import control
from autograder.sandbox.control import SandboxError, SandboxGone
from autograder.sandbox.fork_server import IMPORT_ROOT, Channel, ForkServer
from autograder.sandbox.processes import Branch, Used, Worker
from autograder.sandbox.selftest import probed
from autograder.sandbox.worker import wire
from autograder.stages import stage

START_SECONDS = 120
END_SECONDS = 10
MAX_PRINTED = 1 << 16
REMEDY = (
    "In a container, let its seccomp profile allow Landlock. Elsewhere, grade on Linux 5.13 or later: in a virtual "
    "machine, in WSL 2, or in Lima on macOS (docs/machines.md says how). Only where all submissions are by people whom "
    "you trust, --unsafe-no-sandbox runs them with your own rights; every report then says so."
)
ANSWER_SECONDS = 60
# A branch takes some megabytes. A batch needs one, and a second one where cells are run again with nothing disabled.
MOST_BRANCHES = 2
# Bytes of the course's own cells that are sent with a request.
MOST_COURSE = 1 << 15


class Sandbox:
    """One warm zygote and its branches. Use it as a context manager; `fork` returns a fresh worker."""

    def __init__(
        self,
        limits: Limits,
        *,
        secrets: Sequence[Path] = (),
        without: Collection[str] = (),
        unsafe: bool = False,
        channel: Channel | None = None,
    ) -> None:
        """Prepare a sandbox; entering it starts it.

        `secrets` are files and folders that the self-test must find unreadable, besides those of the kit. `without`
        names layers to leave out (for tests). `unsafe` accepts a machine that cannot isolate anything. `channel` leads
        to a fork server; without one, the sandbox starts its own.
        """
        self.limits = limits
        self.tier = "?"
        self.missing: dict[str, str] = {}
        self.leaks: list[str] = []
        self._secrets = tuple(secrets)
        self._unsafe = unsafe
        self._channel = channel
        self._own_server: ForkServer | None = None
        self._branches: dict[tuple[str, ...], Branch] = {}
        self._settings = {
            "packages": str(IMPORT_ROOT),
            "without": sorted(without),
            "unsafe": unsafe,
            "limits": limits.model_dump(),
        }

    @classmethod
    def for_course(cls, course: Course, *, unsafe: bool = False, channel: Channel | None = None) -> Self:
        """Return a sandbox with the course's limits, whose self-test tries to read the course's own files."""
        return cls(course.limits, secrets=course.secrets(), unsafe=unsafe, channel=channel)

    def __enter__(self) -> Self:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        self._errors, errors = os.pipe()
        os.set_blocking(self._errors, False)
        try:
            self._start_zygote(theirs, errors)
        except BaseException:
            self.__exit__()
            raise
        self._control.settimeout(ANSWER_SECONDS)
        return self

    def _start_zygote(self, theirs: socket.socket, errors: int) -> None:
        try:
            channel = self._channel
            if channel is None:
                channel = self._own_server = ForkServer(errors)
            channel.start_zygote(theirs, errors)
        finally:
            theirs.close()
            os.close(errors)
        with probed(self._secrets) as paths:
            control.send(self._control, {**self._settings, "probed": paths})
            greeting = self._greeting()
        self.missing, self.leaks = greeting["missing"], greeting["leaks"]
        # Where its own self-test gets out, a sandbox does not isolate anything, whatever layers it has.
        self.tier = UNSAFE_TIER if self.leaks else greeting["tier"]
        if self.tier == UNSAFE_TIER and not self._unsafe:
            raise Problem("sandbox", f"this machine cannot isolate a submission ({self.lacks()})", REMEDY)

    def __exit__(self, *problem: object) -> None:
        for branch in self._branches.values():
            branch.control.close()
        self._control.close()
        if self._own_server is not None:
            self._own_server.close()
        else:
            self._wait_for_end()
        os.close(self._errors)

    def lacks(self) -> str:
        """Return which layers are missing and why, and what the self-test was able to do; empty where all is well."""
        lacking = [f"{layer}: {why}" for layer, why in self.missing.items()]
        lacking += [f"in the self-test, a submission could {', '.join(self.leaks)}"] if self.leaks else []
        return "; ".join(lacking)

    @stage("fork and lock down")
    def fork(self, forbids: Sequence[str] = (), course: Sequence[tuple[str, str]] = ()) -> Worker:
        """Return a fresh worker, free of any submission, in which these families of operations are disabled.

        `course` are the labels and sources of the course's own cells that it will run: the branch compiles them.
        """
        branch = self._branch(tuple(forbids))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        known = course if len(json.dumps(course)) < MOST_COURSE else ()
        request = {"op": "fork", "limits": self.limits.model_dump(), "course": known}
        with theirs:
            worker = Worker(control.ask(branch.control, request, theirs)["worker"], ours, branch)
        branch.workers += 1
        try:
            worker.schedstat = _receive_schedstat(ours)
            state, _ = worker.inbox.receive(time.monotonic() + ANSWER_SECONDS)
        except wire.WireError as error:
            raise SandboxError(f"a worker did not start: {error}; wait status {self.end(worker)}") from error
        if not state.get("ready"):
            raise SandboxError(f"a worker could not be locked in: {state.get('why')}; wait status {self.end(worker)}")
        return worker

    def reaches_beneath(self) -> bool:
        """Return whether this machine has the second wall: the machine code of a forbidden operation is overwritten."""
        return self._branch(("convolution",)).beneath

    def used(self, worker: Worker) -> Used:
        """Return what the worker has used so far."""
        answer = control.ask(worker.branch.control, {"op": "used", "worker": worker.pid})
        return Used(**answer, starved=worker.starved())

    @stage("end the worker")
    def end(self, worker: Worker) -> int | None:
        """Kill the worker, unless it ends by itself, for which it has a second once it has hung up.

        Return its wait status, which says how it ended; None where it was killed here.
        """
        worker.branch.workers -= 1
        # Its connection is closed last: a worker whose connection ends would end by itself.
        with contextlib.closing(worker):
            request = {"op": "end", "worker": worker.pid, "hung_up": worker.hung_up()}
            status: int | None = control.ask(worker.branch.control, request)["status"]
        return status

    def _branch(self, forbids: tuple[str, ...]) -> Branch:
        """Return the branch in which these families are disabled. Keep only those that were used last."""
        branch = self._branches.pop(forbids, None) or self._grow(forbids)
        idle = [families for families, other in self._branches.items() if not other.workers]
        for families in idle[: len(self._branches) + 1 - MOST_BRANCHES]:
            self._branches.pop(families).control.close()
        self._branches[forbids] = branch
        return branch

    def _grow(self, forbids: tuple[str, ...]) -> Branch:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(ANSWER_SECONDS)
        with theirs:
            control.send(self._control, {"forbid": forbids}, theirs)
        state = control.receive(ours)
        if not state["ready"]:
            raise SandboxError(f"the operations of {', '.join(forbids)} could not be disabled: {state['why']}")
        return Branch(ours, beneath=state["beneath"])

    def _greeting(self) -> dict[str, Any]:
        """Return what the zygote says of itself. Raises SandboxError, with what it printed, where it says nothing."""
        try:
            return control.receive(self._control)
        except SandboxGone:
            try:
                printed = os.read(self._errors, MAX_PRINTED).decode(errors="replace")
            except BlockingIOError:
                printed = ""
            raise SandboxError(f"the sandbox did not start: {printed[-2000:] or 'it printed nothing'}") from None

    def _wait_for_end(self) -> None:
        """Wait until the zygote has ended, and all its forks: they hold this pipe open."""
        ends = time.monotonic() + END_SECONDS
        while (left := ends - time.monotonic()) > 0 and select.select([self._errors], [], [], left)[0]:
            if not os.read(self._errors, MAX_PRINTED):
                return


def _receive_schedstat(connection: socket.socket) -> int:
    """Return the descriptor that a worker sends before it locks itself in; -1 where it has none. Raises WireError."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    if not poll.poll(ANSWER_SECONDS * 1000):
        raise wire.WireTimeout("no answer in time")
    data, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
    if not data:
        raise wire.WireError("the other end is gone")
    return descriptors[0] if descriptors else -1
