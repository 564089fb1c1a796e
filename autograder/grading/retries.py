"""Retry the batches that were lost with their judge, in halves, until the submission that brings it down is known."""

import logging
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, replace

from autograder.errors import Problem
from autograder.grading.backends import Backend
from autograder.grading.batch import BatchResult
from autograder.grading.lanes import Lanes
from autograder.grading.packing import LARGEST, Keyed, Packer
from autograder.grading.plan import Plan
from autograder.judge.watchdog import JudgeLost
from autograder.report import messages
from autograder.sandbox.control import SandboxError

TRIES = 2

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """One attempt to grade some folders. `tries` counts past failures; `crash_reason` says why a folder is given up.

    `lane` is of the judge that should grade it.
    """

    folders: list[Keyed]
    tries: int = 0
    crash_reason: str = ""
    lane: int = 0

    def halves(self) -> "list[Attempt]":
        middle = len(self.folders) // 2
        return [Attempt(half, lane=self.lane) for half in (self.folders[:middle], self.folders[middle:])]


class Flight:
    """Batches in progress: enough to keep every judge busy, few enough that no notebook is read too early."""

    def __init__(
        self, backend: Backend, packer: Packer, todo: deque[Keyed], plan: Plan, *, largest: int = LARGEST
    ) -> None:
        self._backend = backend
        self._packer = packer
        self._todo = Lanes(todo, backend.lanes())
        self._plan = plan
        self._largest = largest
        self._in_progress: dict[Future[BatchResult], Attempt] = {}
        self._retries: deque[Attempt] = deque()

    def results(self) -> Iterator[tuple[Attempt, BatchResult | None]]:
        """Yield each batch with its result as it completes, or with None if its submissions must be tried one by one.

        A batch that crashes its judge is retried in halves until the culprit is known. An error that affects every
        submission is raised.
        """
        self._submit()
        while self._in_progress:
            while not any(future.done() for future in self._in_progress) and self._plan.idle():
                pass
            finished, _ = wait(self._in_progress, return_when=FIRST_COMPLETED)
            must_renew = False
            for future in finished:
                attempt = self._in_progress.pop(future)
                error = CancelledError() if future.cancelled() else future.exception()
                if error is None:
                    self._plan.stages.add(future.result().stages)
                    yield attempt, future.result()
                    continue
                must_renew = must_renew or isinstance(error, (CancelledError, SandboxError, BrokenExecutor))
                if not self._retry(attempt, error):
                    yield attempt, None
            if must_renew:
                self._backend.renew()
            self._submit()

    def _submit(self) -> None:
        while len(self._in_progress) < self._backend.room():
            attempt = self._next()
            if attempt is None:
                break
            batch = self._packer.pack(attempt.folders, attempt.crash_reason)
            self._in_progress[self._backend.submit(batch, attempt.lane)] = attempt

    def _next(self) -> Attempt | None:
        """Return the next attempt: a retry if there is one, else a new batch; None if nothing is left to start."""
        if self._retries:
            return self._retries.popleft()
        if not len(self._todo) or self._plan.stop():
            return None
        busy = Counter(attempt.lane for attempt in self._in_progress.values())
        lane = min(range(self._backend.lanes()), key=lambda lane: busy[lane])
        share = len(self._todo) / self._backend.jobs()
        return Attempt(self._packer.take(self._todo.lane(lane), share, self._largest), lane=lane)

    def _retry(self, attempt: Attempt, error: BaseException) -> bool:
        """Queue another attempt; return False if the backend makes none. Raises errors that affect every submission."""
        if isinstance(error, Problem):
            raise error
        if isinstance(error, CancelledError):
            # The scheduler died with the batch: no submission is to blame.
            self._retries.append(attempt)
            return True
        if isinstance(error, SandboxError):
            if attempt.tries + 1 >= TRIES:
                raise error
            self._retries.append(replace(attempt, tries=attempt.tries + 1))
            return True
        logger.error("no results for %s: %r", ", ".join(folder.student for folder, _ in attempt.folders), error)
        if attempt.crash_reason or not isinstance(error, Exception):
            raise error
        if len(attempt.folders) == 1 and (self._largest == 1 or self._backend.can_halve):
            # A judge that died once by itself may have been killed because another process used up the memory.
            innocent = isinstance(error, JudgeLost) and error.died and attempt.tries + 1 < TRIES
            reason = "" if innocent else _reason(error)
            self._retries.append(replace(attempt, tries=attempt.tries + 1, crash_reason=reason))
        elif self._backend.can_halve:
            self._retries.extend(attempt.halves())
        else:
            return False
        return True


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, JudgeLost) else messages.LOST_FAILED.format(type=type(error).__name__)
