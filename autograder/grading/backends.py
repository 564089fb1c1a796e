"""Backends that grade batches: processes on this machine here, a Dask cluster in dask_backend.py."""

from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import Protocol

from autograder.grading.batch import Batch, BatchResult
from autograder.grading.waiting import Task, Waiting
from autograder.judge.judge_process import SERVE
from autograder.judge.watchdog import Watchdog, WatchedJudge
from autograder.sandbox.control import SandboxGone
from autograder.sandbox.fork_server import ForkServer

AHEAD = 2


class Backend(Protocol):
    """Grade batches and return futures.

    `can_halve` is true if a batch that crashes its judge can be retried in halves, because no other batch shares that
    judge.
    """

    can_halve: bool

    def jobs(self) -> int:
        """Return how many batches are graded at the same time."""

    def room(self) -> int:
        """Return how many batches may be submitted at once: a few of them queue, so that no judge is idle."""

    def lanes(self) -> int:
        """Return how many judges there are that a batch may be meant for."""

    def submit(self, batch: Batch, lane: int) -> "Future[BatchResult]":
        """Start grading a batch: in the judge of this lane, or in another one that would be idle."""

    def renew(self) -> None:
        """Replace what broke after a batch was lost."""

    def alone(self) -> "Backend":
        """Return a backend for batches of one submission, each of which may crash its judge."""

    def close(self, *, at_once: bool = False) -> None:
        """End every judge. With `at_once`, do not wait for batches in progress."""


def grade_batch(batch: Batch) -> BatchResult:
    """Grade a batch inside a judge. Only judges import PyTorch and pytest, and the sandbox starts meanwhile."""
    from autograder.judge import warm_sandbox

    if not batch.crash_reason:
        warm_sandbox.begin(batch.course, batch.unsafe)
    from autograder.grading.judge_batch import judge_here

    return judge_here(batch)


class Processes:
    """Grade in judges on this machine. A judge is a process that keeps one zygote for as long as it lives.

    All of them are forks of one process that has imported PyTorch. A thread watches each judge and ends it if it hangs.
    """

    can_halve = True

    def __init__(
        self, jobs: int, server: ForkServer | None = None, watchdog: Watchdog | None = None, *, submissions: int = 1
    ) -> None:
        """Start this many judges as forks of `server`, or of a server of their own. So many submissions will come."""
        self._waiting = Waiting()
        self._server = server or ForkServer()
        self._is_lent = server is not None
        with suppress(SandboxGone):
            self._server.get_ready(SERVE, submissions)
        self._judges = [WatchedJudge(self._server, watchdog or Watchdog()) for _ in range(jobs)]
        self._threads = [Thread(target=self._serve, args=each, daemon=True) for each in enumerate(self._judges)]
        for thread in self._threads:
            thread.start()

    def jobs(self) -> int:
        return len(self._judges)

    def room(self) -> int:
        return AHEAD * len(self._judges)

    def lanes(self) -> int:
        return len(self._judges)

    def submit(self, batch: Batch, lane: int) -> "Future[BatchResult]":
        task = Task(batch, lane)
        self._waiting.put(task)
        return task.future

    def renew(self) -> None:
        """Do nothing: a judge that was lost starts again with its next batch."""

    def alone(self) -> Backend:
        return self

    def close(self, *, at_once: bool = False) -> None:
        for judge in self._judges if at_once else ():
            judge.kill()
        self._waiting.close()
        for thread in self._threads:
            thread.join()
        if not self._is_lent:
            self._server.close()

    def _serve(self, lane: int, judge: WatchedJudge) -> None:
        while (task := self._waiting.take(lane)) is not None:
            try:
                task.future.set_result(judge.run(task.batch.course.limits, grade_batch, task.batch))
            except BaseException as error:
                task.future.set_exception(error)
        judge.close()
