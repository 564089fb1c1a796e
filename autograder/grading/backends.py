"""Who grades the batches: this process, processes of its own, or the workers of a cluster. All take work alike."""

import multiprocessing
import os
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from typing import Protocol

from autograder.grading.batch import Batch, Work
from autograder.grading.end_with_parent import end_with
from autograder.sandbox.host import Sandbox

AHEAD = 2


class Hands(Protocol):
    """Takes batches and gives futures of them."""

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


class OwnHands:
    """This process, one batch at a time."""

    def __init__(self) -> None:
        self._sandbox: Sandbox | None = None

    def jobs(self) -> int:
        return 1

    def room(self) -> int:
        return 1

    def submit(self, work: Work) -> "Future[Batch]":
        from autograder.grading.judge_process import judge_batch

        done: Future[Batch] = Future()
        try:
            if self._sandbox is None:
                self._sandbox = Sandbox.for_course(work.course, unsafe=work.unsafe).__enter__()
            done.set_result(judge_batch(work, self._sandbox))
        except Exception as error:
            done.set_exception(error)
        return done

    def renew(self) -> None:
        self.close()

    def alone(self) -> Hands:
        return Processes(1)

    def close(self, *, at_once: bool = False) -> None:
        if self._sandbox is not None:
            self._sandbox.__exit__()
            self._sandbox = None


class Processes:
    """Judges in processes of their own on this machine, each with one zygote for as long as it lives."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool = _pool(jobs)

    def jobs(self) -> int:
        return self._jobs

    def room(self) -> int:
        return AHEAD * self._jobs

    def submit(self, work: Work) -> "Future[Batch]":
        try:
            return self._pool.submit(judged, work)
        except BrokenExecutor:
            self.renew()
            return self._pool.submit(judged, work)

    def renew(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = _pool(self._jobs)

    def alone(self) -> Hands:
        return Processes(1)

    def close(self, *, at_once: bool = False) -> None:
        if at_once:
            for judge in list((getattr(self._pool, "_processes", None) or {}).values()):
                judge.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _pool(jobs: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=end_with, initargs=(os.getpid(),))
