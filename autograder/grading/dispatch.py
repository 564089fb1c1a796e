"""Sends batches to the judges and takes in what they found; whoever brings a judge down is judged once more, alone."""

import logging
import math
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait

from autograder import step_files
from autograder.course import Course
from autograder.errors import Problem
from autograder.grading.backends import Hands, OwnHands, Processes
from autograder.grading.batch import Batch, Judged, Work
from autograder.grading.plan import Plan
from autograder.notebooks.intake import Parcel, pack, weight
from autograder.notebooks.master import prelude
from autograder.notebooks.submitted import Handin
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
            try:
                for batch, result in _tried(alone, packer, failed, plan, largest=1):
                    yield (*batch[0], _no_verdict(packer.work(batch)) if result is None else result.judged[0])
            finally:
                alone.close()
    except BaseException:
        hands.close(at_once=True)
        raise
    hands.close()


def _no_verdict(work: Work) -> Judged:
    from autograder.grading.judge_process import no_verdict

    return no_verdict(work)


def _hands(plan: Plan, count: int) -> Hands:
    if plan.scheduler:
        from autograder.grading.dask_backend import Cluster

        return Cluster(plan.scheduler, plan.jobs)
    return OwnHands() if plan.jobs <= 1 or count <= LEAST else Processes(min(plan.jobs, math.ceil(count / LEAST)))


def _tried(
    hands: Hands, packer: "_Packer", todo: deque[Keyed], plan: Plan, *, largest: int = BATCH
) -> Iterator[tuple[list[Keyed], Batch | None]]:
    """Batches with their results, as they are done; None where a judge did not survive, or failed.

    Only so many are on their way that no judge waits: what was handed in is read when its turn comes, and kept no
    longer than until it is graded. What concerns every submission is raised.
    """
    flying: dict[Future[Batch], tuple[list[Keyed], int]] = {}
    again: deque[tuple[list[Keyed], int]] = deque()
    while True:
        while again or (todo and not plan.stop()):
            if len(flying) >= hands.room():
                break
            batch, tries = again.popleft() if again else (packer.take(todo, hands.jobs(), largest), 0)
            flying[hands.submit(packer.work(batch))] = batch, tries
        if not flying:
            return
        finished, _ = wait(flying, return_when=FIRST_COMPLETED)
        lost = False
        for future in finished:
            batch, tries = flying.pop(future)
            try:
                result: Batch | None = future.result()
            except Problem:
                raise
            except CancelledError:
                # A scheduler went away and took it along; nobody is to blame.
                again.append((batch, tries))
                lost = True
                continue
            except SandboxError:
                if tries + 1 >= TRIES:
                    raise
                again.append((batch, tries + 1))
                lost = True
                continue
            except Exception as error:
                logger.error("no results for %s: %r", ", ".join(handin.student for handin, _ in batch), error)
                lost = lost or isinstance(error, BrokenExecutor)
                result = None
            if result is not None:
                plan.stages.add(result.stages)
            yield batch, result
        if lost:
            hands.renew()


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

    def work(self, batch: Sequence[Keyed]) -> Work:
        """What a judge needs for a batch."""
        with self._plan.stages.stage("read what was handed in"):
            parcels = tuple(self._parcel(handin) for handin, _ in batch)
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
        )

    def _parcel(self, handin: Handin) -> Parcel:
        return pack(self._course, handin.assignment, handin.notebook)
