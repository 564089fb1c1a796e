"""Prove suites with known answers: a wrong one must lose points on its check, a right one must keep them all.

No suite ships without this proof. It tries many keys in parallel: the course's own, then the numbers from its public
seed on. Known answers are the kit's own code, so they run without a sandbox; tests show that the sandbox judges them
alike.
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
from autograder.sandbox.worker.isolation.libc import die_with_parent
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer, right_answers, wrong_answers
from autograder.suite.load import load_suite

# Keys per task: large enough to pay for a process, small enough for a progress bar.
CHUNK = 25
# The table of which checks catch which wrong answers uses this many keys. The proof itself uses all.
TABLE_SEEDS = 20


@dataclass
class AnswersProof:
    """The result for one step under some seeds.

    `catches` counts how often a check catches a wrong answer. `survived` lists wrong answers that kept their points,
    `refused` right answers that lost some; both with the seed.
    """

    step: str
    seeds: int = 0
    table_seeds: int = 0
    catches: Counter[tuple[str, str]] = field(default_factory=Counter)
    survived: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, other: "AnswersProof") -> None:
        """Add the result under other seeds."""
        self.seeds += other.seeds
        self.table_seeds += other.table_seeds
        self.catches.update(other.catches)
        self.survived += other.survived
        self.refused += other.refused

    @property
    def holds(self) -> bool:
        """Return whether every wrong answer lost points under every seed, and no right one did."""
        return not self.survived and not self.refused

    def caught_by(self, check: str) -> list[str]:
        """Return the wrong answers that this check catches under every seed of the table."""
        return sorted(
            name for (where, name), times in self.catches.items() if where == check and times == self.table_seeds
        )

    def redundant_checks(self) -> list[str]:
        """Return the checks that no wrong answer needs: other checks catch all that they catch."""
        caught_by: dict[str, set[str]] = {}
        for check, name in self.catches:
            if name in self.caught_by(check):
                caught_by.setdefault(name, set()).add(check)
        needed = {next(iter(checks)) for checks in caught_by.values() if len(checks) == 1}
        return [check.id for check in load_suite(self.step).checks if check.id not in needed]


@dataclass(frozen=True)
class Solution:
    """The answer in a step's master notebook: one more right answer."""

    step: str
    path: Path
    id: str = "the-solution"

    @property
    def submission(self) -> Submission:
        """Return the solution cells as a submission."""
        solved = [cell for cell in load_notebook(self.path)["cells"] if nbgrader_metadata(cell).get("solution")]
        return Submission(self.step, self.id, tuple(Cell(cell["id"], source_of(cell)) for cell in solved))


def prove_answers(
    course: Course, steps: Sequence[str], seeds: int, jobs: int, on_seeds: Callable[[int], None] = lambda count: None
) -> dict[str, AnswersProof]:
    """Prove these steps under `seeds` keys, the course's own first.

    `on_seeds` is called with the number of seeds that one more task has tried for a step.
    """
    keys = keys_of(course, seeds)
    proofs = {step: AnswersProof(step) for step in steps}
    with ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("spawn"), initializer=die_with_parent
    ) as executor:
        futures = [
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
        for future in as_completed(futures):
            part = future.result()
            proofs[part.step].add(part)
            on_seeds(part.seeds)
    for proof in proofs.values():
        proof.survived.sort()
        proof.refused.sort()
    return proofs


def keys_of(course: Course, count: int) -> list[Key]:
    """Return the course's own key, then the public seeds that follow its own."""
    return [course.key, *(Key(str(course.seed + offset)) for offset in range(1, count))]


def try_seeds(step: str, keys: Sequence[Key], table: int, *solutions: Solution) -> AnswersProof:
    """Try every known answer of a step under these keys; the first `table` of them count for the table of catches."""
    torch.set_num_threads(1)
    proof = AnswersProof(step, seeds=len(keys), table_seeds=min(table, len(keys)))
    checks = {check.id: check for check in load_suite(step).checks}
    for number, key in enumerate(keys):
        for known in wrong_answers(step):
            if known.library:
                continue
            # Only the cases that the class shares: those for one submission alone must not be needed to catch it.
            if not any(fails(known, checks[name], key) for name in known.checks):
                proof.survived.append((known.id, str(key.shown)))
            if number < table:
                proof.catches.update((name, known.id) for name in catching_checks(known, checks, key))
        right_ones: list[KnownAnswer | Solution] = [*right_answers(step), *solutions]
        for right in right_ones:
            digest = right.submission.digest
            proof.refused += [
                (right.id, name, str(key.shown)) for name, check in checks.items() if fails(right, check, key, digest)
            ]
    return proof


def catching_checks(known: KnownAnswer, checks: dict[str, Check], key: Key | int) -> list[str]:
    """Return the checks that fail a known answer as a learner sees it: checks after a failed one are skipped."""
    failed: list[str] = []
    failed_or_skipped: set[str] = set()
    for name, check in checks.items():
        if failed_or_skipped & set(check.after):
            failed_or_skipped.add(name)
        elif fails(known, check, key):
            failed.append(name)
            failed_or_skipped.add(name)
    return failed


def fails(known: KnownAnswer | Solution, check: Check, key: Key | int, digest: str = "") -> bool:
    """Return whether the answer is wrong in some case of the check, and not just because its helper is wrong.

    With a digest, the check includes the cases for that submission alone.
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
