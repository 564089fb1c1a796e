"""The gate: every known-wrong answer must lose points on its check, and every right one must keep them all.

No suite ships otherwise. Under many keys, in processes of their own: the course's own, and then the numbers from its
public seed on, which are keys as good as any. The known answers are the kit's own code and
run in process; that the sandbox judges them alike is for the tests to show.
"""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import torch

from autograder.course import Course
from autograder.key import Key
from autograder.notebooks.read import Cell, Submission, load_notebook, nbgrader_metadata, source_of
from autograder.sandbox.answers import Wrong
from autograder.sandbox.in_process import InProcess
from autograder.sandbox.worker.isolation.syscalls import die_with_parent
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer, right_answers, wrong_answers
from autograder.suite.load import load_suite

# Keys a piece of work: large enough to pay for a process, small enough for a progress bar.
CHUNK = 25
# Which checks kill which wrong answers is counted under this many keys; losing points on its own check, under all.
TABLE_SEEDS = 20


@dataclass
class AnswersProof:
    """What was found of one step under some seeds."""

    step: str
    seeds: int = 0
    table_seeds: int = 0
    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    survived: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, other: "AnswersProof") -> None:
        """Take in what was found under other seeds."""
        self.seeds += other.seeds
        self.table_seeds += other.table_seeds
        self.kills.update(other.kills)
        self.survived += other.survived
        self.refused += other.refused

    @property
    def holds(self) -> bool:
        """True where every wrong answer lost points under every seed, and no right one did."""
        return not self.survived and not self.refused

    def killed_by(self, check: str) -> list[str]:
        """The wrong answers that this check fails under every seed tried."""
        return sorted(
            name for (where, name), times in self.kills.items() if where == check and times == self.table_seeds
        )

    def dead_weight(self) -> list[str]:
        """Checks that no wrong answer needs: each one that they fail is failed by some other check as well."""
        killers: dict[str, set[str]] = {}
        for check, name in self.kills:
            if name in self.killed_by(check):
                killers.setdefault(name, set()).add(check)
        needed = {next(iter(checks)) for checks in killers.values() if len(checks) == 1}
        return [check.id for check in load_suite(self.step).checks if check.id not in needed]


@dataclass(frozen=True)
class Solution:
    """The answer in a step's own master notebook: one more right answer."""

    step: str
    path: Path
    id: str = "the-solution"

    @property
    def submission(self) -> Submission:
        """Its solution cells, as a learner hands them in."""
        solved = [cell for cell in load_notebook(self.path)["cells"] if nbgrader_metadata(cell).get("solution")]
        return Submission(self.step, self.id, tuple(Cell(cell["id"], source_of(cell)) for cell in solved))


def prove_answers(
    course: Course, steps: Sequence[str], seeds: int, jobs: int, on_seeds: Callable[[int], None] = lambda count: None
) -> dict[str, AnswersProof]:
    """Prove these steps under `seeds` keys, the course's own first; `on_seeds` is told how many a step are done."""
    keys = keys_of(course, seeds)
    proof = {step: AnswersProof(step) for step in steps}
    with ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("spawn"), initializer=die_with_parent
    ) as executor:
        waiting = [
            executor.submit(
                try_seeds,
                step,
                keys[at : at + CHUNK],
                max(0, TABLE_SEEDS - at),
                Solution(step, course.master(step)),
            )
            for at in range(0, seeds, CHUNK)
            for step in steps
        ]
        for future in as_completed(waiting):
            part = future.result()
            proof[part.step].add(part)
            on_seeds(part.seeds)
    for each in proof.values():
        each.survived.sort()
        each.refused.sort()
    return proof


def keys_of(course: Course, count: int) -> list[Key]:
    """The course's own key, and the public seeds after its own."""
    return [course.key, *(Key(str(course.seed + more)) for more in range(1, count))]


def try_seeds(step: str, keys: Sequence[Key], table: int, *solutions: Solution) -> AnswersProof:
    """Try every known answer of a step under these keys; the first `table` of them count for the table of kills."""
    torch.set_num_threads(1)
    proof = AnswersProof(step, seeds=len(keys), table_seeds=min(table, len(keys)))
    checks = {check.id: check for check in load_suite(step).checks}
    for number, key in enumerate(keys):
        for known in wrong_answers(step):
            if known.library:
                continue
            # By the cases that the class shares: those for a submission alone are not what catches a known mistake.
            if not any(fails(known, checks[name], key) for name in known.checks):
                proof.survived.append((known.id, str(key.shown)))
            if number < table:
                proof.kills.update((name, known.id) for name in killers(known, checks, key))
        for known in (*right_answers(step), *solutions):
            digest = known.submission.digest
            proof.refused += [
                (known.id, name, str(key.shown)) for name, check in checks.items() if fails(known, check, key, digest)
            ]
    return proof


def killers(known: KnownAnswer, checks: dict[str, Check], key: Key | int) -> list[str]:
    """The checks that fail a known answer as a learner would see it: what builds on a failed one is not tried."""
    failed: list[str] = []
    out: set[str] = set()
    for name, check in checks.items():
        if out & set(check.after):
            out.add(name)
        elif fails(known, check, key):
            failed.append(name)
            out.add(name)
    return failed


def fails(known: KnownAnswer | Solution, check: Check, key: Key | int, digest: str = "") -> bool:
    """True where the answer is wrong in some case of the check, and not for a wrong helper alone.

    With a digest, the cases for that submission alone are among them.
    """
    learner = Learner(_running(known), key, digest=digest)
    try:
        check.try_all(learner)
    except Wrong:
        if check.helper is None or not fails(known, check.helper, key, digest):
            return True
        learner.failed.add(check.helper.id)
    else:
        return False
    try:
        check.try_all(learner.with_help(check))
    except Wrong:
        return True
    return False


@cache
def _running(known: KnownAnswer | Solution) -> InProcess:
    return InProcess(known.submission, PRELUDE)
