"""One submission as the judge sees it: run its cells in a worker, call its functions, say in words what went wrong."""

import contextlib
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Self

from autograder.limits import Limits
from autograder.notebooks.read import Cell, Submission
from autograder.report import messages
from autograder.sandbox import no_answer, reading
from autograder.sandbox.answers import Answer, NoAnswer, Raised, Wrong
from autograder.sandbox.cells_run import CellsRun
from autograder.sandbox.host import Sandbox
from autograder.sandbox.kept_answers import KeptAnswers
from autograder.sandbox.no_answer import Stopped
from autograder.sandbox.outcomes import Outcome, mark_near
from autograder.sandbox.prelude import run_prelude
from autograder.sandbox.processes import Worker
from autograder.sandbox.requests import Request
from autograder.sandbox.right_reply import RightReply
from autograder.sandbox.static_calls import Scan
from autograder.sandbox.time_limits import MOST_RETURNED, Meter
from autograder.sandbox.watch import Watch
from autograder.sandbox.worker import wire
from autograder.stages import stage

FRAME_SECONDS = 10
# This much fits into a socket that nobody reads. With more, the two sides could wait for each other for ever.
MAX_AHEAD = 1 << 16


class Session:
    """One submission in the sandbox. Use it as a context manager: it runs the course's prelude, then the cells."""

    def __init__(
        self,
        sandbox: Sandbox,
        submission: Submission,
        prelude: str = "",
        forbids: Sequence[str] = (),
        functions: Sequence[str] = (),
        limits: Limits | None = None,
    ) -> None:
        """Prepare a session with families of bans, the names that the step asks for, and other limits than usual."""
        self.submission = submission
        self.notes: list[str] = []
        self.kept = KeptAnswers()
        self._sandbox = sandbox
        self._limits = limits or sandbox.limits
        self._meter = Meter(self._limits)
        self._watch = Watch(sandbox, self._limits, self._meter)
        self._prelude = prelude
        self._forbids = list(forbids)
        self._scan = Scan((Cell("prelude", prelude), *submission.cells), forbids)
        self._cells = CellsRun(submission, self._forbids, functions)
        self._worker: Worker | None = None
        self._next_id = 0
        self._last_status: int | None = 0
        # What was called ahead gave, in order, until it is asked for.
        self._early: deque[Outcome] = deque()

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._stop()
            raise
        return self

    def _begin(self) -> None:
        with contextlib.suppress(Wrong):
            self._running_worker()
        if self._cells.met_a_ban:
            # Cells may call what functions may not. So the notes come from a worker without bans, which gets no calls.
            with Session(self._sandbox, self.submission, self._prelude) as free:
                self.notes = free.notes

    def __exit__(self, *problem: object) -> None:
        self._stop()

    def call(
        self,
        function: str,
        arguments: Mapping[str, Any],
        positional: Sequence[str] = (),
        *,
        layout: str = "contiguous",
        **extras: Any,
    ) -> Answer:
        """Call the learner's function; Request.of tells of the parameters. Raises Wrong where it does not return."""
        return self.ask(Request.of(function, arguments, positional, layout, **extras))

    def ask(self, request: Request) -> Answer:
        """Return the answer to a request. Raises Wrong where the function does not return."""
        if self._early and self._early[0].request is not request:
            self._early.clear()
        outcome = self._early.popleft() if self._early else self._outcome(request)
        result = outcome.result
        if not isinstance(result, NoAnswer):
            self.kept.keep(request, result, outcome.data)
        if isinstance(result, Answer):
            return result
        raise result

    def ahead(self, requests: Sequence[Request]) -> None:
        """Make the calls that come next, in this order: all are sent at once, so that neither side waits in between."""
        if self._worker is None or self._early or sum(len(request.packed) for request in requests) > MAX_AHEAD:
            return
        worker, frames = self._worker, b"".join(request.packed for request in requests)
        try:
            wire.send_bytes(worker.connection, frames, time.monotonic() + FRAME_SECONDS)
        except wire.WireError:
            return
        for request in requests:
            self._early.append(self._outcome(request, sent=True))
            if self._worker is not worker:
                break
        mark_near(self._early)

    def renew(self) -> None:
        """End the worker, so that the next call gets a fresh one. This does not count as a restart."""
        self._early.clear()
        if self._worker is not None:
            self._stop()
            self._meter.starts -= 1

    def foresee(self, request: Request) -> None:
        """Raise Wrong, as the call itself would, where the text of the code shows that it must meet a ban.

        Do so only where every cell has run to its end: otherwise a name may not mean what the text says.
        """
        if self._forbids and self._cells.all_ran:
            call = self._scan.unavoidable(request.function, request.names)
            if call is not None:
                reading.answer(request, call.reply, [], self._cells, self._limits.output_bytes)

    def _running_worker(self) -> Worker:
        """Return the worker. Where there is none, fork one and run the cells in it.

        A cell that hangs or ends the worker is left out, and the others run again. The first time that others may be
        the cause, it runs again, too. Raises NoAnswer.
        """
        while self._worker is None:
            self._meter.start_worker()
            own = self.submission.cells[: self.submission.own]
            course = [("prelude", self._prelude), *((cell.label, cell.source) for cell in own)]
            self._worker = self._sandbox.fork(self._forbids, course)
            self._meter.begin_worker()
            # The prelude's reply is number 0.
            self._next_id = 1
            self._run_cells(self._worker)
        return self._worker

    @stage("run the cells")
    def _run_cells(self, worker: Worker) -> None:
        cells = self.submission.cells
        running = [index for index, _ in enumerate(cells) if index not in self._cells.left_out]
        header = {
            "op": "load",
            "own": 1 + sum(index < self.submission.own for index in running),
            "cells": [self._prelude, *(cells[index].source for index in running)],
            "labels": ["prelude", *(cells[index].label for index in running)],
        }
        self._cells.begin()
        run_prelude(worker, wire.pack(header, []))
        notes = []
        for index in running:
            try:
                reply, _ = self._reply(worker)
            except (Stopped, wire.WireError) as stopped:
                self._stop()
                if not self._forgive(stopped):
                    self.notes.append(self._cells.stopped(index, stopped, self._last_status))
                return
            notes += self._cells.ran(index, reply, self._limits.output_bytes)
        self.notes.extend(note for note in notes if note not in self.notes)

    def _outcome(self, request: Request, *, sent: bool = False) -> Outcome:
        """Make a call, unless it was sent already, and return what it gives."""
        try:
            reply, data = self._reply(self._running_worker(), b"" if sent else request.packed, request.right)
            answer = reading.answer(request, reply, data, self._cells, self._limits.output_bytes)
            return Outcome(request, answer, data)
        except (Raised, NoAnswer) as wrong:
            return Outcome(request, wrong)
        except Stopped as stopped:
            self._stop()
            if self._forgive(stopped):
                return self._outcome(request)
            why = no_answer.stopped(stopped, request.function, self._last_status, self._forbids)
        except wire.WireError:
            self._stop()
            why = messages.GARBLED.format(name=request.function)
        return Outcome(request, NoAnswer(why))

    def _forgive(self, why: Exception) -> bool:
        """Return whether a new worker may try it again: it may the first time that others may be the cause."""
        return isinstance(why, Stopped) and why.may_be_others(self._last_status) and self._meter.forgive()

    @stage("calls, there and back")
    def _reply(self, worker: Worker, frame: bytes = b"", right: RightReply | None = None) -> wire.Frame:
        """Send a frame, if there is one, and receive the next reply: `right` itself, where it has the same bytes.

        Raises Stopped or WireError.
        """
        started = time.monotonic()
        try:
            if frame:
                wire.send_bytes(worker.connection, frame, started + FRAME_SECONDS)
            self._watch.wait(worker)
            if right and worker.inbox.skip(right.frame(self._next_id)):
                self._next_id += 1
                return right.parts
            ends = time.monotonic() + FRAME_SECONDS
            reply, data = worker.inbox.receive(ends, self._meter.allowance, lambda: self._watch.look_again(worker))
        except wire.OverAllowance:
            raise Stopped("returning", limit=MOST_RETURNED) from None
        except wire.WireError as error:
            if not isinstance(error, wire.WireTimeout) and worker.hung_up():
                self._watch.look(worker)
                raise Stopped("died") from None
            raise
        finally:
            self._meter.waited += time.monotonic() - started
        if reply.get("id") != self._next_id:
            raise wire.WireError("a reply to another request")
        self._next_id += 1
        return reply, data

    def _stop(self) -> None:
        """End the worker, if there is one, and remember how it ended."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        with contextlib.suppress(Exception):
            self._meter.end_worker(self._sandbox.used(worker))
        self._last_status = self._sandbox.end(worker)
