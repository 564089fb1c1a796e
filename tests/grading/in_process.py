"""A backend that grades in this process, for tests that replace parts of the judge."""

from concurrent.futures import Future

from autograder.grading import backends, judge_batch
from autograder.grading.batch import Batch, BatchResult
from autograder.sandbox import host
from autograder.sandbox.fork_server import ForkServer


class InProcess:
    """Grades one batch at a time, without a watchdog."""

    can_halve = True

    def __init__(self, jobs: int, server: ForkServer | None = None, *, submissions: int = 1) -> None:
        self._sandbox: host.Sandbox | None = None

    def jobs(self) -> int:
        return 1

    def room(self) -> int:
        return 1

    def lanes(self) -> int:
        return 1

    def submit(self, batch: Batch, lane: int) -> "Future[BatchResult]":
        future: Future[BatchResult] = Future()
        try:
            if batch.crash_reason:
                future.set_result(BatchResult((judge_batch.no_verdict(batch),)))
                return future
            if self._sandbox is None:
                self._server = backends.ForkServer()
                sandbox = host.Sandbox(batch.course.limits, unsafe=batch.unsafe, channel=self._server)
                self._sandbox = sandbox.__enter__()
            future.set_result(judge_batch.judge_batch(batch, self._sandbox))
        except Exception as error:
            future.set_exception(error)
        return future

    def renew(self) -> None:
        self.close()

    def alone(self) -> "InProcess":
        return self

    def close(self, *, at_once: bool = False) -> None:
        if self._sandbox is not None:
            self._sandbox.__exit__()
            self._sandbox = None
            self._server.close()
