"""Grade batches on Dask workers: on this machine (`local`) or at a scheduler's address. Needs the extra [dask]."""

import threading
import time
from concurrent.futures import Future
from functools import lru_cache
from typing import Any

from autograder.errors import Problem
from autograder.grading.backends import AHEAD, Backend, grade_batch
from autograder.grading.batch import Batch, BatchResult
from autograder.judge.judge_process import SERVE
from autograder.judge.watchdog import Watchdog, WatchedJudge
from autograder.sandbox.fork_server import MANY, ForkServer

LOCAL = "local"
MISSING = "Run `pip install -c constraints.txt -e '.[dask]'` in the kit's folder, on every machine that grades."
UNREACHED = "Check the address, restart the scheduler, and run the same command to continue where this one stopped."
CONNECT_SECONDS = 30
RETURN_SECONDS = 300
COUNT_SECONDS = 2
# If Dask gives a worker several threads, they take turns.
ONE_AT_A_TIME = threading.Lock()


class Cluster:
    """A Dask cluster.

    If a worker dies, the scheduler gives its batch to another one. If the scheduler dies, its batches go to the one
    that comes back at the same address. Dask itself watches the workers' time and memory.
    """

    can_halve = False

    def __init__(self, scheduler: str, jobs: int) -> None:
        self._distributed = _distributed()
        self._scheduler = scheduler
        self._own_cluster: Any = None
        if scheduler == LOCAL:
            self._own_cluster = self._distributed.LocalCluster(
                n_workers=jobs, threads_per_worker=1, dashboard_address=None, memory_limit=0, silence_logs=50
            )
        self._client = self._connect(CONNECT_SECONDS)
        self._workers, self._counted_at = 0, 0.0

    def jobs(self) -> int:
        if time.monotonic() - self._counted_at > COUNT_SECONDS:
            try:
                self._workers = len(self._client.nthreads())
            except (OSError, self._distributed.client.TimeoutError, AttributeError):
                self._workers = 0
            self._counted_at = time.monotonic()
        return max(1, self._workers)

    def room(self) -> int:
        return AHEAD * self.jobs()

    def lanes(self) -> int:
        return 1

    def submit(self, batch: Batch, lane: int) -> "Future[BatchResult]":
        """Start grading a batch, on the worker that the scheduler chooses."""
        if self._client.status != "running":
            self.renew()
        future: Future[BatchResult] = self._client.get_executor(pure=False).submit(grade_on_worker, batch)
        return future

    def renew(self) -> None:
        """Wait until the scheduler is back. Raises Problem if it stays away."""
        deadline = time.monotonic() + RETURN_SECONDS
        while self._client.status == "connecting" and time.monotonic() < deadline:
            time.sleep(0.1)
        if self._client.status != "running":
            self._client.close(timeout=1)
            self._client = self._connect(max(1.0, deadline - time.monotonic()))

    def alone(self) -> Backend:
        return _OneByOne(self)

    def close(self, *, at_once: bool = False) -> None:
        self._client.close()
        self._close_own_cluster()

    def _connect(self, seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        while True:
            try:
                timeout = max(1.0, deadline - time.monotonic())
                return self._distributed.Client(
                    self._own_cluster or self._scheduler, timeout=timeout, set_as_default=False
                )
            except (OSError, ValueError) as error:
                if isinstance(error, ValueError) or time.monotonic() >= deadline:
                    self._close_own_cluster()
                    raise Problem(self._scheduler, f"no Dask scheduler answers ({error})", UNREACHED) from error
                time.sleep(0.5)

    def _close_own_cluster(self) -> None:
        if self._own_cluster is not None:
            self._own_cluster.close()


class _OneByOne:
    """The same cluster, given one batch at a time."""

    can_halve = False

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def jobs(self) -> int:
        return 1

    def room(self) -> int:
        return 1

    def lanes(self) -> int:
        return 1

    def submit(self, batch: Batch, lane: int) -> "Future[BatchResult]":
        return self._cluster.submit(batch, lane)

    def renew(self) -> None:
        self._cluster.renew()

    def alone(self) -> Backend:
        return self

    def close(self, *, at_once: bool = False) -> None:
        """Do nothing: the caller that opened the cluster closes it."""


def grade_on_worker(batch: Batch) -> BatchResult:
    """Grade a batch in the one judge of this Dask worker. Raises Problem, SandboxError, JudgeLost."""
    with ONE_AT_A_TIME:
        return _judge_here().run(batch.course.limits, grade_batch, batch)


@lru_cache(maxsize=1)
def _judge_here() -> WatchedJudge:
    """Return this process's judge. The judge notices when this process ends, and ends, too."""
    server = ForkServer()
    server.get_ready(SERVE, MANY)
    return WatchedJudge(server, Watchdog())


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise Problem("--scheduler", "Dask is not installed", MISSING) from error
    return distributed
