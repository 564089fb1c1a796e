"""Dispatch batches to judges and collect their results; find the submission that crashes its judge."""

import logging
import math
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, replace

from autograder import step_files
from autograder.course import Course
from autograder.errors import Problem
from autograder.grading.backends import Backend, Processes
from autograder.grading.batch import Batch, BatchResult, GradedNotebook
from autograder.grading.cache import Parts
from autograder.grading.plan import Plan
from autograder.judge.watchdog import JudgeLost
from autograder.notebooks.intake import RawSubmission, pack, weight
from autograder.notebooks.master import prelude
from autograder.notebooks.submitted import SubmissionFolder
from autograder.report import messages
from autograder.sandbox.control import SandboxError
from autograder.stages import stage

# A pytest session costs about as much as two submissions, so a batch has at least SMALLEST, while there are so many.
# Batches shrink towards the end: each is 1/PARTS of a judge's share of what is left. Judges then finish together.
LARGEST, SMALLEST, PARTS = 32, 4, 3
BATCH_BYTES = 20_000_000
TRIES = 2

logger = logging.getLogger(__name__)
Keyed = tuple[SubmissionFolder, Parts]


def dispatch(
    course: Course, todo: deque[Keyed], plan: Plan
) -> Iterator[tuple[SubmissionFolder, Parts, GradedNotebook]]:
    """Yield each submission with the parts of its key and its result as it completes. Raises Problem, SandboxError."""
    if not todo:
        return
    backend = _backend(plan, len(todo))
    packer = _Packer(course, plan)
    failed: deque[Keyed] = deque()
    try:
        for attempt, result in _Flight(backend, packer, todo, plan).results():
            if result is None:
                failed += attempt.folders
            else:
                yield from (
                    (*folder_and_parts, graded)
                    for folder_and_parts, graded in zip(attempt.folders, result.graded, strict=True)
                )
        # A crashed judge loses its batch. Retry its submissions one by one to find the culprit.
        alone = backend.alone() if failed and not plan.stop() else None
        if alone:
            for attempt, result in _Flight(alone, packer, failed, plan, largest=1).results():
                if result is not None:
                    yield (*attempt.folders[0], result.graded[0])
    except BaseException:
        backend.close(at_once=True)
        raise
    backend.close()


def _backend(plan: Plan, count: int) -> Backend:
    if plan.scheduler:
        from autograder.grading.dask_backend import Cluster

        return Cluster(plan.scheduler, plan.jobs)
    return Processes(min(plan.jobs, math.ceil(count / SMALLEST)), plan.server)


@dataclass(frozen=True)
class _Attempt:
    """One attempt to grade some folders. `tries` counts past failures; `crash_reason` says why a folder is given up."""

    folders: list[Keyed]
    tries: int = 0
    crash_reason: str = ""

    def halves(self) -> "list[_Attempt]":
        middle = len(self.folders) // 2
        return [_Attempt(self.folders[:middle]), _Attempt(self.folders[middle:])]


class _Flight:
    """Batches in progress: enough to keep every judge busy, few enough that no notebook is read too early."""

    def __init__(
        self, backend: Backend, packer: "_Packer", todo: deque[Keyed], plan: Plan, *, largest: int = LARGEST
    ) -> None:
        self._backend = backend
        self._packer = packer
        self._todo = todo
        self._plan = plan
        self._largest = largest
        self._in_progress: dict[Future[BatchResult], _Attempt] = {}
        self._retries: deque[_Attempt] = deque()

    def results(self) -> Iterator[tuple[_Attempt, BatchResult | None]]:
        """Yield each batch with its result as it completes, or with None if its submissions must be tried one by one.

        A batch that crashes its judge is retried in halves until the culprit is known. An error that affects every
        submission is raised.
        """
        self._submit()
        while self._in_progress:
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
            self._in_progress[self._backend.submit(self._packer.pack(attempt))] = attempt

    def _next(self) -> _Attempt | None:
        """Return the next attempt: a retry if there is one, else a new batch; None if nothing is left to start."""
        if self._retries:
            return self._retries.popleft()
        if not self._todo or self._plan.stop():
            return None
        return _Attempt(self._packer.take(self._todo, self._backend.jobs(), self._largest))

    def _retry(self, attempt: _Attempt, error: BaseException) -> bool:
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


class _Packer:
    """Packs batches, large ones at first and smaller ones towards the end."""

    def __init__(self, course: Course, plan: Plan) -> None:
        self._course = course
        self._plan = plan
        self._stubs: dict[str, str] = {}
        self._preludes: dict[str, str] = {}
        self._suites: dict[str, str] = {}

    def take(self, todo: deque[Keyed], jobs: int, largest: int) -> list[Keyed]:
        """Remove the next batch's folders from the front of `todo` and return them."""
        most = max(min(SMALLEST, largest), min(largest, math.ceil(len(todo) / (PARTS * jobs))))
        taken, size = list[Keyed](), 0
        while todo and len(taken) < most and size < BATCH_BYTES:
            taken.append(todo.popleft())
            size += weight(taken[-1][0].notebook)
        return taken

    def pack(self, attempt: _Attempt) -> Batch:
        """Make the batch of an attempt, with all that grading needs. A folder that was given up is not read again."""
        with stage("read what was handed in"):
            read = _unread if attempt.crash_reason else self._read
            submissions = tuple(read(folder) for folder, _ in attempt.folders)
        names = dict.fromkeys(folder.assignment for folder, _ in attempt.folders)
        for name in names:
            if name not in self._stubs:
                self._stubs[name] = self._course.stub(name).read_text(encoding="utf-8")
                self._preludes[name] = prelude(self._course, name)
                self._suites[name] = step_files.digest(name)
        return Batch(
            course=self._course,
            submissions=submissions,
            stubs={name: self._stubs[name] for name in names},
            preludes={name: self._preludes[name] for name in names},
            suites={name: self._suites[name] for name in names},
            unsafe=self._plan.unsafe,
            profile=self._plan.profile,
            crash_reason=attempt.crash_reason,
        )

    def _read(self, folder: SubmissionFolder) -> RawSubmission:
        return pack(self._course, folder.assignment, folder.notebook)


def _unread(folder: SubmissionFolder) -> RawSubmission:
    return RawSubmission(folder.assignment, folder.notebook.name)
