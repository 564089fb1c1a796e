"""Dispatch batches to judges, and collect their results."""

import math
from collections import deque
from collections.abc import Iterator

from autograder.course import Course
from autograder.grading import packing
from autograder.grading.backends import Backend, Processes
from autograder.grading.batch import GradedNotebook
from autograder.grading.cache import Parts
from autograder.grading.packing import Keyed, Packer
from autograder.grading.plan import Plan
from autograder.grading.retries import Flight
from autograder.notebooks.submitted import SubmissionFolder


def dispatch(
    course: Course, todo: deque[Keyed], plan: Plan
) -> Iterator[tuple[SubmissionFolder, Parts, GradedNotebook]]:
    """Yield each submission with the parts of its key and its result as it completes. Raises Problem, SandboxError."""
    if not todo:
        return
    backend = _backend(plan, len(todo))
    packer = Packer(course, plan)
    failed: deque[Keyed] = deque()
    try:
        for attempt, result in Flight(backend, packer, todo, plan).results():
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
            for attempt, result in Flight(alone, packer, failed, plan, largest=1).results():
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
    return Processes(min(plan.jobs, math.ceil(count / packing.SMALLEST)), plan.server, submissions=count)
