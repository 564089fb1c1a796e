"""Who grades the batches: processes of this machine, or the workers of a cluster. All take work alike."""

from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from autograder.grading.batch import Batch, Work
from autograder.grading.watchdog import Watchdog, Watched

AHEAD = 2


class Hands(Protocol):
    """Takes batches and gives futures of them.

    `halves` says that a batch whose judge was lost is to be tried in halves at once: here, nobody else's is lost by it.
    """

    halves: bool

    def jobs(self) -> int:
        """How many batches are graded at the same time."""

    def room(self) -> int:
        """How many batches may be on their way: some wait, so that nobody waits for work."""

    def submit(self, work: Work) -> "Future[Batch]":
        """Have a batch graded."""

    def renew(self) -> None:
        """Called when a batch was lost: replace what broke."""

    def alone(self) -> "Hands":
        """Others that take one submission at a time, where one of them may bring its judge down."""

    def close(self, *, at_once: bool = False) -> None:
        """End all; `at_once` does not wait for what is in hand."""


def judged(work: Work) -> Batch:
    """In a judge's process: grade a batch. PyTorch and pytest are imported there, and not by who sends it."""
    from autograder.grading.judge_process import judge_here

    return judge_here(work)


class Processes:
    """Judges in processes of their own on this machine, each with one zygote for as long as it lives.

    A thread waits for each of them, and for none for ever.
    """

    halves = True

    def __init__(self, jobs: int, watchdog: Watchdog | None = None) -> None:
        self._waiting: SimpleQueue[tuple[Work, Future[Batch]] | None] = SimpleQueue()
        self._judges = [Watched(judged, watchdog or Watchdog()) for _ in range(jobs)]
        self._threads = [Thread(target=self._serve, args=(judge,), daemon=True) for judge in self._judges]
        for thread in self._threads:
            thread.start()

    def jobs(self) -> int:
        return len(self._judges)

    def room(self) -> int:
        return AHEAD * len(self._judges)

    def submit(self, work: Work) -> "Future[Batch]":
        done: Future[Batch] = Future()
        self._waiting.put((work, done))
        return done

    def renew(self) -> None:
        """Nothing: a judge that is lost is replaced when there is work for it."""

    def alone(self) -> Hands:
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
            work, done = taken
            try:
                done.set_result(judge.grade(work))
            except BaseException as error:
                done.set_exception(error)
        judge.close()
