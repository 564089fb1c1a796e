"""Batches that wait for a judge."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition

from autograder.grading.batch import Batch, BatchResult


@dataclass(frozen=True, eq=False)
class Task:
    """A batch that one judge should grade, and its future."""

    batch: Batch
    lane: int
    future: "Future[BatchResult]" = field(default_factory=Future)


class Waiting:
    """Tasks that wait for a judge. It gets the oldest that is meant for it, else the oldest of all."""

    def __init__(self) -> None:
        self._tasks: list[Task] = []
        self._closed = False
        self._changed = Condition()

    def put(self, task: Task) -> None:
        with self._changed:
            self._tasks.append(task)
            self._changed.notify_all()

    def take(self, lane: int) -> Task | None:
        """Remove and return a task for the judge of this lane: wait for one. Return None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._tasks or self._closed)
            task = next((each for each in self._tasks if each.lane == lane), next(iter(self._tasks), None))
            if task is not None:
                self._tasks.remove(task)
            return task

    def close(self) -> None:
        """End the wait of all judges once no task is left."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
