"""Backends grade batches: in processes on this machine, or on a cluster's workers. Dispatch uses them alike."""

from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from autograder.grading.batch import Batch, BatchResult
from autograder.grading.watchdog import Watchdog, Watched

AHEAD = 2


class Backend(Protocol):
    """Grade batches, each to a future.

    `halves` is true where a batch that loses its judge can be tried again in halves, because no other batch shares it.
    """

    halves: bool

    def jobs(self) -> int:
        """Return how many batches are graded at the same time."""

    def room(self) -> int:
        """Return how many batches may be submitted at once: a few wait, so that no judge is idle."""

    def submit(self, batch: Batch) -> "Future[BatchResult]":
        """Start grading a batch."""

    def renew(self) -> None:
        """Replace what broke, after a batch was lost."""

    def alone(self) -> "Backend":
        """Return a backend for batches of one submission, each of which may crash its judge."""

    def close(self, *, at_once: bool = False) -> None:
        """End every judge; with `at_once`, without waiting for batches in progress."""


def grade_batch(batch: Batch) -> BatchResult:
    """Grade a batch in a judge's process. Only that process imports PyTorch and pytest."""
    from autograder.grading.judge_process import judge_here

    return judge_here(batch)


class Processes:
    """Grade in judges' processes on this machine, each with one zygote for as long as it lives.

    A thread watches each judge and ends it if it hangs.
    """

    halves = True

    def __init__(self, jobs: int, watchdog: Watchdog | None = None) -> None:
        self._waiting: SimpleQueue[tuple[Batch, Future[BatchResult]] | None] = SimpleQueue()
        self._judges = [Watched(grade_batch, watchdog or Watchdog()) for _ in range(jobs)]
        self._threads = [Thread(target=self._serve, args=(judge,), daemon=True) for judge in self._judges]
        for thread in self._threads:
            thread.start()

    def jobs(self) -> int:
        return len(self._judges)

    def room(self) -> int:
        return AHEAD * len(self._judges)

    def submit(self, batch: Batch) -> "Future[BatchResult]":
        done: Future[BatchResult] = Future()
        self._waiting.put((batch, done))
        return done

    def renew(self) -> None:
        """Do nothing: a lost judge is replaced when its next batch comes."""

    def alone(self) -> Backend:
        return self

    def close(self, *, at_once: bool = False) -> None:
        for judge in self._judges if at_once else ():
            judge.kill()
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self, judge: Watched) -> None:
        while (taken := self._waiting.get()) is not None:
            batch, done = taken
            try:
                done.set_result(judge.grade(batch))
            except BaseException as error:
                done.set_exception(error)
        judge.close()
