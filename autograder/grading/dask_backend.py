"""Grades batches on Dask workers, here (`local`) or wherever a scheduler's address leads. Needs the extra [dask]."""

import time
from concurrent.futures import Future
from typing import Any

from autograder.errors import Problem
from autograder.grading.backends import AHEAD, Backend, grade_batch
from autograder.grading.batch import Batch, BatchResult

LOCAL = "local"
MISSING = "Run `pip install -c constraints.txt -e '.[dask]'` in the kit's folder, on every machine that grades."
UNREACHED = "Check the address, start the scheduler again, and run the same command to go on where this one stopped."
CONNECT_SECONDS = 30
RETURN_SECONDS = 300
LOOK_SECONDS = 2


class Cluster:
    """A Dask cluster. A batch whose worker dies is given to another one by the scheduler; what a scheduler that dies
    takes with it is given to the one that comes back under its address.

    How long a worker may take, and how much memory, is for Dask to watch.
    """

    halves = False

    def __init__(self, scheduler: str, jobs: int) -> None:
        self._distributed = _distributed()
        self._scheduler = scheduler
        self._own: Any = None
        if scheduler == LOCAL:
            self._own = self._distributed.LocalCluster(
                n_workers=jobs, threads_per_worker=1, dashboard_address=None, memory_limit=0, silence_logs=50
            )
        self._client = self._connect(CONNECT_SECONDS)
        self._workers, self._looked = 0, 0.0

    def jobs(self) -> int:
        if time.monotonic() - self._looked > LOOK_SECONDS:
            try:
                self._workers = len(self._client.nthreads())
            except (OSError, self._distributed.client.TimeoutError, AttributeError):
                self._workers = 0
            self._looked = time.monotonic()
        return max(1, self._workers)

    def room(self) -> int:
        return AHEAD * self.jobs()

    def submit(self, batch: Batch) -> "Future[BatchResult]":
        if self._client.status != "running":
            self.renew()
        return self._client.get_executor(pure=False).submit(grade_batch, batch)

    def renew(self) -> None:
        """Wait until the scheduler is there again. Raises Problem where it does not come back."""
        ends = time.monotonic() + RETURN_SECONDS
        while self._client.status == "connecting" and time.monotonic() < ends:
            time.sleep(0.1)
        if self._client.status != "running":
            self._client.close(timeout=1)
            self._client = self._connect(max(1.0, ends - time.monotonic()))

    def alone(self) -> Backend:
        return _Shared(self)

    def close(self, *, at_once: bool = False) -> None:
        self._client.close()
        if self._own is not None:
            self._own.close()

    def _connect(self, seconds: float) -> Any:
        ends = time.monotonic() + seconds
        while True:
            try:
                left = max(1.0, ends - time.monotonic())
                return self._distributed.Client(self._own or self._scheduler, timeout=left, set_as_default=False)
            except (OSError, ValueError) as error:
                if isinstance(error, ValueError) or time.monotonic() >= ends:
                    self._close_own()
                    raise Problem(self._scheduler, f"no Dask scheduler answers ({error})", UNREACHED) from error
                time.sleep(0.5)

    def _close_own(self) -> None:
        if self._own is not None:
            self._own.close()


class _Shared:
    """The same cluster with one batch on its way at a time."""

    halves = False

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def jobs(self) -> int:
        return 1

    def room(self) -> int:
        return 1

    def submit(self, batch: Batch) -> "Future[BatchResult]":
        return self._cluster.submit(batch)

    def renew(self) -> None:
        self._cluster.renew()

    def alone(self) -> Backend:
        return self

    def close(self, *, at_once: bool = False) -> None:
        """The cluster is closed by whoever opened it."""


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise Problem("--scheduler", "Dask is not installed", MISSING) from error
    return distributed
