"""The judge's view of one submission: start it, call its functions, and say in words what went wrong."""

import contextlib
import select
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from autograder.course import PATIENCE_FACTOR
from autograder.notebooks.read import Cell, Submission
from autograder.report import messages
from autograder.sandbox import no_answer, reading
from autograder.sandbox.answers import Answer, NoAnswer, Wrong
from autograder.sandbox.cells_run import CellsRun
from autograder.sandbox.host import Sandbox, SandboxError, Worker
from autograder.sandbox.no_answer import Stopped
from autograder.sandbox.requests import Request, request
from autograder.sandbox.static_calls import Scan
from autograder.sandbox.worker import wire
from autograder.stages import stage

LOOK_AGAIN_SECONDS = 0.25
WAITING_FACTOR = 5
FRAME_SECONDS = 10
# Bytes of a submission's answers in all: what is within every other limit, again and again, still takes a judge's time.
MOST_RETURNED = 1 << 28
# What fits into a socket without the other end reading, so that the two never wait for each other.
MAX_AHEAD = 1 << 16


class Session:
    """One submission in the sandbox. Use as a context manager."""

    def __init__(
        self,
        sandbox: Sandbox,
        submission: Submission,
        prelude: str = "",
        forbids: Sequence[str] = (),
        functions: Sequence[str] = (),
    ) -> None:
        """`prelude` is the course's own code, run first; `forbids` are families of operations (see bans).

        `functions` are the names of all that the step asks for.
        """
        self.submission = submission
        self.notes: list[str] = []
        self._sandbox = sandbox
        self._limits = sandbox.limits
        self._prelude = prelude
        self._forbids = list(forbids)
        self._scan = Scan((Cell("prelude", prelude), *submission.cells), forbids)
        self._cells = CellsRun(submission, self._forbids, functions)
        self._worker: Worker | None = None
        self._starts = 0
        self._spent = 0.0
        self._waited = 0.0
        self._idle = 0.0
        self._waited_before = 0.0
        self._allowance = wire.Allowance(MOST_RETURNED)
        self._looked = 0.0
        self._next_id = 0
        self._last_status = 0
        self._ahead: deque[Request] = deque()

    def __enter__(self) -> Self:
        with contextlib.suppress(Wrong):
            self._start()
        if self._cells.met_a_ban:
            # The cells may call what the functions may not. What is said of them is what comes of them where they can:
            # in a process of their own, which is never asked for an answer.
            with Session(self._sandbox, self.submission, self._prelude) as free:
                self.notes = free.notes
        return self

    def __exit__(self, *problem: object) -> None:
        self._stop()

    def call(
        self,
        function: str,
        arguments: Mapping[str, Any],
        positional: Sequence[str] = (),
        *,
        layout: str = "contiguous",
        **asks: Any,
    ) -> Answer:
        """Call the learner's function with these arguments.

        `positional` names the arguments that are passed by position. `layout` says how tensors lie in the worker's
        memory. Of `asks`, `watch` counts matrix products and Fourier transforms, and `after` brings back the arguments
        as they are after the call. Raises Wrong where the function does not return.
        """
        return self.ask(request(function, arguments, positional, layout, **asks))

    def ask(self, asked: Request) -> Answer:
        """The answer to a request. Raises Wrong where the function does not return."""
        if self._ahead and self._ahead[0] is not asked:
            self._forget_ahead()
        if self._worker is None:
            self._start()
        try:
            reply, data = self._exchange(asked)
            return reading.answer(asked, reply, data, self._cells, self._limits.output_bytes)
        except Stopped as stopped:
            self._stop()
            raise NoAnswer(self._why_stopped(stopped, asked.function)) from None
        except wire.WireError:
            self._stop()
            raise NoAnswer(messages.GARBLED.format(name=asked.function)) from None

    def renew(self) -> None:
        """End the worker, so that the next call gets a fresh one; that counts as no restart."""
        if self._worker is not None:
            self._stop()
            self._starts -= 1

    def foresee(self, asked: Request) -> None:
        """Raise Wrong where the text alone shows that this call must run into a ban, as it would if it were made.

        Only where every cell has run to its end: otherwise names may mean something else than the text says.
        """
        if self._forbids and self._cells.all_ran:
            call = self._scan.unavoidable(asked.function, asked.names)
            if call is not None:
                reading.answer(asked, call.reply, [], self._cells, self._limits.output_bytes)

    def ahead(self, requests: Sequence[Request]) -> None:
        """Send requests that will be asked next, in this order, so that nobody waits for the other in between."""
        if self._worker is None or self._ahead or sum(len(each.packed) for each in requests) > MAX_AHEAD:
            return
        with contextlib.suppress(wire.WireError):
            frames = b"".join(each.packed for each in requests)
            wire.send_bytes(self._worker.connection, frames, time.monotonic() + FRAME_SECONDS)
            self._ahead.extend(requests)

    def _forget_ahead(self) -> None:
        """Take in the replies to requests that nobody asks for any more."""
        try:
            while self._ahead:
                self._exchange(self._ahead[0])
        except (Stopped, wire.WireError):
            self._stop()

    def _why_stopped(self, stopped: Stopped, function: str) -> str:
        return no_answer.stopped(stopped, function, self._last_status, self._forbids)

    def _start(self) -> None:
        """Fork a worker and run the cells in it; a cell that hangs or dies is left out and the rest run again."""
        while self._worker is None:
            if self._starts > self._limits.restarts:
                raise NoAnswer(messages.DIED_TOO_OFTEN.format(times=self._starts))
            allowed = self._limits.submission_seconds
            for spent, limit in ((self._spent, allowed), (self._idle, allowed), (self._waited, self._patience)):
                if spent >= limit:
                    raise NoAnswer(messages.TOO_LONG_IN_ALL.format(seconds=limit))
            if self._allowance.left < 0:
                raise NoAnswer(messages.TOO_MUCH_RETURNED.format(limit=MOST_RETURNED))
            self._starts += 1
            own = self.submission.cells[: self.submission.own]
            course = [("prelude", self._prelude), *((cell.label, cell.source) for cell in own)]
            self._worker = self._sandbox.fork(self._forbids, course)
            self._waited_before = self._waited
            self._next_id = 0
            self._run_cells()

    @stage("run the cells")
    def _run_cells(self) -> None:
        cells = self.submission.cells
        running = [index for index in range(len(cells)) if index not in self._cells.left_out]
        header = {
            "op": "load",
            "own": 1 + sum(index < self.submission.own for index in running),
            "cells": [self._prelude, *(cells[index].source for index in running)],
            "labels": ["prelude", *(cells[index].label for index in running)],
        }
        frame = wire.pack(header, [])
        self._cells.begin()
        told = []
        for position, index in enumerate([-1, *running]):
            try:
                reply, _ = self._reply(frame if position == 0 else b"")
            except (Stopped, wire.WireError) as stopped:
                if index < 0:
                    raise SandboxError(f"a worker did not get through the prelude: {stopped}") from stopped
                self._stop()
                self.notes.append(self._cells.stopped(index, stopped, self._last_status))
                return
            if index >= 0:
                told += self._cells.ran(index, reply, self._limits.output_bytes)
            elif reply.get("status") == "raised":
                raise SandboxError(f"the prelude raised {reply.get('type')}: {reply.get('message')}")
        self.notes.extend(note for note in told if note not in self.notes)

    def _exchange(self, asked: Request) -> tuple[dict[str, Any], list[np.ndarray]]:
        """Send a request, unless it is on its way already, and receive the reply that belongs to it."""
        if self._ahead:
            self._ahead.popleft()
            return self._reply()
        return self._reply(asked.packed)

    @stage("calls, there and back")
    def _reply(self, frame: bytes = b"") -> tuple[dict[str, Any], list[np.ndarray]]:
        """Send a frame (none: only wait) and receive the next reply."""
        worker = self._worker
        started = time.monotonic()
        try:
            if frame:
                wire.send_bytes(worker.connection, frame, started + FRAME_SECONDS)
            self._await(worker)
            reply, data = wire.receive(worker.connection, time.monotonic() + FRAME_SECONDS, self._allowance)
        except wire.TooMuch:
            raise Stopped("returning", limit=MOST_RETURNED) from None
        except wire.WireTimeout:
            raise
        except wire.WireError:
            if worker.hung_up():
                self._look(worker)
                raise Stopped("died") from None
            raise
        finally:
            self._waited += time.monotonic() - started
        if reply.get("id") != self._next_id:
            raise wire.WireError("a reply to something else")
        self._next_id += 1
        return reply, data

    def _await(self, worker: Worker) -> None:
        """Wait until the worker says something. CPU seconds decide; waiting has longer limits of its own."""
        limit = self._limits.call_seconds
        before = None
        started = time.monotonic()
        poll = select.poll()
        poll.register(worker.connection, select.POLLIN)
        # What it computed before the first look is not known; at most this is taken for it.
        patience = min(LOOK_AGAIN_SECONDS, limit / 2)
        if started - self._looked >= LOOK_AGAIN_SECONDS:
            self._look(worker)
        while not poll.poll(patience * 1000):
            used = self._look(worker)
            before = used - patience if before is None else before
            if used - before >= limit:
                raise Stopped("computing", seconds=limit)
            if self._looked - started >= limit * WAITING_FACTOR:
                raise Stopped("waiting", seconds=limit * WAITING_FACTOR)
            if self._waited + self._looked - started >= self._patience:
                raise Stopped("in all", seconds=self._patience)

    def _look(self, worker: Worker) -> float:
        """CPU seconds that the worker has used; Stopped where it has written, or kept us waiting, too much."""
        used = self._sandbox.used(worker)
        self._looked = time.monotonic()
        if used.written > self._limits.file_bytes:
            raise Stopped("writing", limit=self._limits.file_bytes)
        if self._spent + used.seconds >= self._limits.submission_seconds:
            raise Stopped("in all", seconds=self._limits.submission_seconds)
        if self._waited >= self._patience:
            raise Stopped("in all", seconds=self._patience)
        if self._idle + used.idle(self._waited - self._waited_before) >= self._limits.submission_seconds:
            raise Stopped("in all", seconds=self._limits.submission_seconds)
        return used.seconds

    @property
    def _patience(self) -> float:
        """Seconds that the judge waits for one submission in all, whatever the worker does meanwhile."""
        return self._limits.submission_seconds * PATIENCE_FACTOR

    def _stop(self) -> int:
        """End the worker, if there is one; how it ended."""
        if self._worker is None:
            return 0
        with contextlib.suppress(Exception):
            used = self._sandbox.used(self._worker)
            self._spent += used.seconds
            self._idle += used.idle(self._waited - self._waited_before)
        status = self._sandbox.end(self._worker)
        self._worker = None
        self._ahead.clear()
        self._last_status = status
        return status
