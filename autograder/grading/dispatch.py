"""Sends batches to the judges and takes in what they found; whoever brings a judge down is found, and does it alone."""

import logging
import math
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, replace

from autograder import step_files
from autograder.course import Course
from autograder.errors import Problem
from autograder.grading.backends import Hands, Processes
from autograder.grading.batch import Batch, Judged, Work
from autograder.grading.plan import Plan
from autograder.grading.watchdog import Lost
from autograder.notebooks.intake import Parcel, pack, weight
from autograder.notebooks.master import prelude
from autograder.notebooks.submitted import Handin
from autograder.report import messages
from autograder.sandbox.host import SandboxError

# A session of pytest costs about as much as two submissions: large batches at first, and small ones at the end, so
# that no judge waits for another's last.
BATCH, LEAST, SHARE = 32, 4, 3
BATCH_BYTES = 20_000_000
TRIES = 2

logger = logging.getLogger(__name__)
Keyed = tuple[Handin, str]


def dispatch(course: Course, todo: deque[Keyed], plan: Plan) -> Iterator[tuple[Handin, str, Judged]]:
    """All that is to be graded, each with its result, as they are done."""
    if not todo:
        return
    hands = _hands(plan, len(todo))
    packer = _Packer(course, plan)
    failed: deque[Keyed] = deque()
    try:
        for batch, result in _tried(hands, packer, todo, plan):
            if result is None:
                failed += batch
            else:
                yield from ((*keyed, judged) for keyed, judged in zip(batch, result.judged, strict=True))
        # Whatever brought a judge down took its whole batch with it: find out which one it was, each alone.
        alone = hands.alone() if failed and not plan.stop() else None
        if alone:
            for batch, result in _tried(alone, packer, failed, plan, largest=1):
                if result is not None:
                    yield (*batch[0], result.judged[0])
    except BaseException:
        hands.close(at_once=True)
        raise
    hands.close()


def _hands(plan: Plan, count: int) -> Hands:
    if plan.scheduler:
        from autograder.grading.dask_backend import Cluster

        return Cluster(plan.scheduler, plan.jobs)
    return Processes(min(plan.jobs, math.ceil(count / LEAST)))


@dataclass(frozen=True)
class _Try:
    """A batch on its way: how often it was lost for no fault of its own, and, where that is certain, by its fault."""

    batch: list[Keyed]
    tries: int = 0
    lost: str = ""

    def halves(self) -> "list[_Try]":
        middle = len(self.batch) // 2
        return [_Try(self.batch[:middle]), _Try(self.batch[middle:])]


def _tried(
    hands: Hands, packer: "_Packer", todo: deque[Keyed], plan: Plan, *, largest: int = BATCH
) -> Iterator[tuple[list[Keyed], Batch | None]]:
    """Batches with their results, as they are done; None where a judge was lost, and each is to be tried alone.

    Only so many are on their way that no judge waits: what was handed in is read when its turn comes, and kept no
    longer than until it is graded. A batch whose judge was lost is tried in halves, until it is known who did it. What
    concerns every submission is raised.
    """
    flying: dict[Future[Batch], _Try] = {}
    again: deque[_Try] = deque()
    while True:
        while again or (todo and not plan.stop()):
            if len(flying) >= hands.room():
                break
            one = again.popleft() if again else _Try(packer.take(todo, hands.jobs(), largest))
            flying[hands.submit(packer.work(one.batch, one.lost))] = one
        if not flying:
            return
        finished, _ = wait(flying, return_when=FIRST_COMPLETED)
        renew = False
        for future in finished:
            one = flying.pop(future)
            try:
                result = future.result()
            except Problem:
                raise
            except CancelledError:
                # A scheduler went away and took it along; nobody is to blame.
                again.append(one)
                renew = True
            except SandboxError:
                if one.tries + 1 >= TRIES:
                    raise
                again.append(replace(one, tries=one.tries + 1))
                renew = True
            except Exception as error:
                names = ", ".join(handin.student for handin, _ in one.batch)
                logger.error("no results for %s: %r", names, error)
                renew = renew or isinstance(error, BrokenExecutor)
                if one.lost:
                    raise
                if len(one.batch) == 1 and (largest == 1 or hands.halves):
                    died = isinstance(error, Lost) and error.died
                    innocent = died and one.tries + 1 < TRIES
                    again.append(replace(one, tries=one.tries + 1, lost="" if innocent else _why(error)))
                elif hands.halves:
                    again.extend(one.halves())
                else:
                    yield one.batch, None
            else:
                plan.stages.add(result.stages)
                yield one.batch, result
        if renew:
            hands.renew()


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, Lost) else messages.LOST_FAILED.format(type=type(error).__name__)


class _Packer:
    """Makes batches of what is to be graded, smaller ones towards the end, and the work that judges get for them."""

    def __init__(self, course: Course, plan: Plan) -> None:
        self._course = course
        self._plan = plan
        self._stubs: dict[str, str] = {}
        self._preludes: dict[str, str] = {}
        self._suites: dict[str, str] = {}

    def take(self, todo: deque[Keyed], jobs: int, largest: int) -> list[Keyed]:
        """The next batch, off the front of what is to be done."""
        most = max(min(LEAST, largest), min(largest, math.ceil(len(todo) / (SHARE * jobs))))
        taken, size = [], 0
        while todo and len(taken) < most and size < BATCH_BYTES:
            taken.append(todo.popleft())
            size += weight(taken[-1][0].notebook)
        return taken

    def work(self, batch: Sequence[Keyed], lost: str = "") -> Work:
        """What a judge needs for a batch; of one that judges were lost over, no more than its name."""
        with self._plan.stages.stage("read what was handed in"):
            parcels = tuple(_named(handin) if lost else self._parcel(handin) for handin, _ in batch)
        names = dict.fromkeys(handin.assignment for handin, _ in batch)
        for name in names:
            if name not in self._stubs:
                self._stubs[name] = self._course.stub(name).read_text(encoding="utf-8")
                self._preludes[name] = prelude(self._course, name)
                self._suites[name] = step_files.digest(name)
        return Work(
            course=self._course,
            parcels=parcels,
            stubs={name: self._stubs[name] for name in names},
            preludes={name: self._preludes[name] for name in names},
            suites={name: self._suites[name] for name in names},
            unsafe=self._plan.unsafe,
            profile=self._plan.profile,
            lost=lost,
        )

    def _parcel(self, handin: Handin) -> Parcel:
        return pack(self._course, handin.assignment, handin.notebook)


def _named(handin: Handin) -> Parcel:
    return Parcel(handin.assignment, handin.notebook.name)
