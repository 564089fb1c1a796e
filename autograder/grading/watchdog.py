"""Watch judges: end one that makes no progress or takes too much memory."""

import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from autograder.course import PATIENCE_FACTOR
from autograder.grading.batch import Batch, BatchResult
from autograder.grading.heartbeat import begin
from autograder.limits import Limits
from autograder.notebooks.budget import JUDGE_MB, SLACK_SECONDS
from autograder.report import messages

LOOK_SECONDS = 0.05
PAGE = os.sysconf("SC_PAGE_SIZE")


class JudgeLost(Exception):
    """A judge was lost with its batch; the text says why. `died` is true if it ended by itself: it may be innocent."""

    def __init__(self, reason: str, *, died: bool = False) -> None:
        super().__init__(reason)
        self.died = died


@dataclass(frozen=True)
class Watchdog:
    """The limits of a judge: MB of memory, and seconds without a step on top of what a submission may take.

    A step is reading a notebook or trying a check. A single step may hold all that one submission computes and waits
    for, or the start of the process with PyTorch.
    """

    mb: int = JUDGE_MB
    slack: float = SLACK_SECONDS

    def seconds(self, limits: Limits) -> float:
        """Return how long a judge may take for one step."""
        return limits.submission_seconds * PATIENCE_FACTOR + self.slack


class WatchedJudge:
    """A judge that starts when there is work, and again after it was lost. Used by one thread."""

    def __init__(self, task: Callable[[Batch], BatchResult], watchdog: Watchdog) -> None:
        self._task = task
        self._watchdog = watchdog
        self._counter = multiprocessing.get_context("spawn").RawValue("L", 0)
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    def grade(self, batch: Batch) -> BatchResult:
        """Grade a batch in the judge. Raises JudgeLost if the judge crashed or had to be ended."""
        if self._closed:
            raise JudgeLost("the run was ended")
        self._pool = self._pool or _pool(self._counter)
        try:
            future = self._pool.submit(self._task, batch)
            seconds = self._watchdog.seconds(batch.course.limits)
            steps, since = self._counter.value, time.monotonic()
            while not wait([future], timeout=LOOK_SECONDS).done:
                if self._counter.value != steps:
                    steps, since = self._counter.value, time.monotonic()
                if time.monotonic() - since > seconds:
                    raise JudgeLost(messages.LOST_SLOW.format(seconds=seconds))
                if max(map(_megabytes, self._pids()), default=0) > self._watchdog.mb:
                    raise JudgeLost(messages.LOST_LARGE.format(mb=self._watchdog.mb))
            return future.result()
        except JudgeLost:
            self._end()
            raise
        except BrokenExecutor:
            self._end()
            raise JudgeLost(messages.LOST_DIED, died=True) from None

    def kill(self) -> None:
        """End the judge at once, whatever it is doing. Another thread may call this."""
        self._closed = True
        for process in list((getattr(self._pool, "_processes", None) or {}).values()):
            process.kill()

    def close(self) -> None:
        """End the judge once it is idle."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _end(self) -> None:
        closed = self._closed
        self.kill()
        self._closed = closed
        self.close()

    def _pids(self) -> list[int]:
        return list(getattr(self._pool, "_processes", None) or {})


def _megabytes(pid: int) -> int:
    """Return the memory that a process holds, or 0 if the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE >> 20
    except (OSError, IndexError):
        return 0


def _pool(counter: object) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=begin, initargs=(os.getpid(), counter))
