"""Measure what one submission uses, over all of its workers, and stop it when it passes a limit.

CPU seconds of the worker decide. The judge's waiting time has longer limits of its own: other processes may keep a
worker from the processors, and that is not the learner's fault.
"""

import time

from autograder.course import PATIENCE_FACTOR
from autograder.limits import Limits
from autograder.report import messages
from autograder.sandbox.answers import NoAnswer
from autograder.sandbox.no_answer import Stopped
from autograder.sandbox.processes import Used
from autograder.sandbox.worker import wire

LOOK_AGAIN_SECONDS = 0.25
# A call may wait for as many times the seconds for which it may compute.
WAITING_FACTOR = 5
# A submission may return this many bytes in all: many small answers, each within every other limit, still cost a judge
# time.
MOST_RETURNED = 1 << 28


class Meter:
    """Seconds, bytes and starts of one submission so far, and the limits on them."""

    def __init__(self, limits: Limits) -> None:
        self.starts = 0
        self.allowance = wire.Allowance(MOST_RETURNED)
        # Seconds on the clock for which the judge has waited for this submission.
        self.waited = 0.0
        # When the limits were last checked, in time.monotonic seconds.
        self.checked_at = 0.0
        self._limits = limits
        # CPU seconds, and idle seconds, of the workers that have ended.
        self._spent = 0.0
        self._idle = 0.0
        self._idle_before_worker = 0.0
        self._waited_before_worker = 0.0
        self._forgiven = False

    @property
    def patience(self) -> float:
        """Return the seconds that the judge waits for one submission in all, whatever the worker does meanwhile."""
        return self._limits.submission_seconds * PATIENCE_FACTOR

    def start_worker(self) -> None:
        """Count the start of a worker. Raises NoAnswer where the submission may not start another one."""
        if self.starts > self._limits.restarts:
            raise NoAnswer(messages.DIED_TOO_OFTEN.format(times=self.starts))
        allowed = self._limits.submission_seconds
        for seconds, limit in ((self._spent, allowed), (self._idle, allowed), (self.waited, self.patience)):
            if seconds >= limit:
                raise NoAnswer(messages.TOO_LONG_IN_ALL.format(seconds=limit))
        if self.allowance.left < 0:
            raise NoAnswer(messages.TOO_MUCH_RETURNED.format(limit=MOST_RETURNED))
        self.starts += 1

    def begin_worker(self) -> None:
        """Begin to measure a worker that has just been forked."""
        self._idle_before_worker = self._idle
        self._waited_before_worker = self.waited

    def end_worker(self, used: Used) -> None:
        """Add what a worker has used to the submission's account, before the worker is ended."""
        self._spent += used.seconds
        self._idle += used.idle(self.waited - self._waited_before_worker)

    def forgive(self) -> bool:
        """Let a new worker start, and forget one call's waiting. Return False, and do nothing, the second time."""
        if self._forgiven:
            return False
        self._forgiven = True
        self._idle = max(self._idle_before_worker, self._idle - self._limits.call_seconds * WAITING_FACTOR)
        self.starts -= 1
        return True

    def check(self, used: Used) -> Used:
        """Return what the present worker has used. Raises Stopped where the submission has passed a limit."""
        self.checked_at = time.monotonic()
        if used.written > self._limits.file_bytes:
            raise Stopped("writing", limit=self._limits.file_bytes)
        allowed = self._limits.submission_seconds
        if self._spent + used.seconds >= allowed:
            raise Stopped("in all", seconds=allowed)
        if self.waited >= self.patience:
            raise Stopped("in all", seconds=self.patience)
        if self._idle + used.idle(self.waited - self._waited_before_worker) >= allowed:
            raise Stopped("in all", seconds=allowed)
        return used


class CallClock:
    """How long one call has computed, and how long it has waited, since the judge looked at it first."""

    def __init__(self, limit: float) -> None:
        self.waited = 0.0
        # Seconds on the clock until the next look. By the first one, it may have computed for this long.
        self.patience = min(LOOK_AGAIN_SECONDS, limit / 2)
        self._limit = limit
        self._started = time.monotonic()
        self._first: tuple[float, Used] | None = None

    def look(self, used: Used, at: float) -> None:
        """Take note of what the worker has used at this time. Raises Stopped where the call has passed a limit.

        A worker that could have run while others had the processors has not waited.
        """
        self.waited = at - self._started
        first_at, first = self._first = self._first or (at, used)
        later, limit = used.since(first), self._limit * WAITING_FACTOR
        if self.patience + later.seconds >= self._limit:
            raise Stopped("computing", seconds=self._limit)
        idle = self.waited if later.starved is None else self.patience + later.idle(at - first_at)
        if idle >= limit:
            raise Stopped("waiting", seconds=limit)
