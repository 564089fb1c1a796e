"""Pack submissions into batches, each with all that a judge needs to grade it."""

import math
from collections import deque

from autograder import step_files
from autograder.course import Course
from autograder.grading.batch import Batch
from autograder.grading.cache import Parts
from autograder.grading.plan import Plan
from autograder.notebooks.intake import RawSubmission, pack, weight
from autograder.notebooks.master import prelude
from autograder.notebooks.submitted import SubmissionFolder
from autograder.stages import stage

# A pytest session costs about as much as two submissions, so a batch has at least SMALLEST, while there are so many.
# Batches shrink towards the end: each is 1/PARTS of a judge's share of what is left. Judges then finish together.
LARGEST, SMALLEST, PARTS = 32, 4, 3
BATCH_BYTES = 20_000_000

Keyed = tuple[SubmissionFolder, Parts]


class Packer:
    """Packs batches, large ones at first and smaller ones towards the end."""

    def __init__(self, course: Course, plan: Plan) -> None:
        self._course = course
        self._plan = plan
        self._stubs: dict[str, str] = {}
        self._preludes: dict[str, str] = {}
        self._suites: dict[str, str] = {}

    def take(self, todo: deque[Keyed], share: float, largest: int) -> list[Keyed]:
        """Remove and return the next batch of folders from the front of `todo`. `share` is what is left for a judge."""
        most = max(min(SMALLEST, largest), min(largest, math.ceil(share / PARTS)))
        taken, size = list[Keyed](), 0
        while todo and len(taken) < most and size < BATCH_BYTES:
            taken.append(todo.popleft())
            size += weight(taken[-1][0].notebook)
        return taken

    def pack(self, folders: list[Keyed], crash_reason: str = "") -> Batch:
        """Make a batch with all that grading needs. A folder that was given up, for this reason, is not read again."""
        with stage("read what was handed in"):
            read = _unread if crash_reason else self._read
            submissions = tuple(read(folder) for folder, _ in folders)
        names = dict.fromkeys(folder.assignment for folder, _ in folders)
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
            crash_reason=crash_reason,
        )

    def _read(self, folder: SubmissionFolder) -> RawSubmission:
        return pack(self._course, folder.assignment, folder.notebook)


def _unread(folder: SubmissionFolder) -> RawSubmission:
    return RawSubmission(folder.assignment, folder.notebook.name)
