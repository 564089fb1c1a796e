"""The proof of an assignment: its solution earns everything and its stub nothing, and the stub can be released."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

from autograder import judge, notebook
from autograder.course import Course
from autograder.problems import Problem
from autograder.releasable import leaked, release_problems
from autograder.report import Report
from autograder.sandbox.host import Sandbox
from autograder.sandbox.kernel import die_with_parent

# Seeds a piece of work: many enough to pay for a sandbox of its own.
CHUNK = 25


@dataclass(frozen=True)
class Proof:
    """What was found of one assignment, in words for a table; `problems` says what does not hold."""

    assignment: str
    solution: str
    stub: str
    release: str
    leak: str
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.problems


def verify(
    course: Course,
    assignments: Sequence[str],
    *,
    seeds: int,
    jobs: int = 1,
    on_seeds: Callable[[int], None] = lambda count: None,
) -> list[Proof]:
    """Prove these assignments under `seeds` seeds, the course's own first. Raises Problem where a stub is missing.

    `on_seeds` is told how many seeds are done. Many seeds are tried in `jobs` processes, few in this one.
    """
    for name in assignments:
        if not course.stub(name).is_file():
            raise Problem(
                course.stub(name), "the stub has not been generated", "Run `autograder release --only-stubs`."
            )
    chunks = [
        range(first, min(first + CHUNK, course.seed + seeds))
        for first in range(course.seed, course.seed + seeds, CHUNK)
    ]
    tried = {name: Tried() for name in assignments}
    for chunk, part in _each(chunks, course, assignments, jobs if len(chunks) > 1 else 1):
        for name in assignments:
            tried[name].add(part[name])
        on_seeds(len(chunk))
    return [_prove(course, name, tried[name], seeds) for name in assignments]


@dataclass
class Tried:
    """What a solution lost and a stub gained under some seeds, in words by seed; `full` is the most there is."""

    full: float = 0.0
    lost: dict[int, str] = field(default_factory=dict)
    gained: dict[int, str] = field(default_factory=dict)

    def add(self, other: "Tried") -> None:
        """Take in what was found under other seeds."""
        self.full = other.full
        self.lost.update(other.lost)
        self.gained.update(other.gained)


def _each(
    chunks: Sequence[range], course: Course, assignments: Sequence[str], jobs: int
) -> Iterator[tuple[range, dict[str, Tried]]]:
    if jobs == 1:
        yield from ((chunk, try_seeds(course, assignments, chunk)) for chunk in chunks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=die_with_parent) as executor:
        waiting = {executor.submit(try_seeds, course, assignments, chunk): chunk for chunk in chunks}
        for future in as_completed(waiting):
            yield waiting[future], future.result()


def try_seeds(course: Course, assignments: Sequence[str], seeds: Iterable[int]) -> dict[str, Tried]:
    """Grade every solution and every stub in the sandbox, under each of these seeds."""
    tried = {name: Tried() for name in assignments}
    papers = [notebook.read(path, name) for name in assignments for path in (course.master(name), course.stub(name))]
    with Sandbox(course.limits) as sandbox:
        for seed in seeds:
            reports = iter(judge.grade(course.model_copy(update={"seed": seed}), papers, sandbox))
            for name in assignments:
                solved, blank = next(reports), next(reports)
                tried[name].full = solved.max_score
                if solved.has_error or solved.score != solved.max_score:
                    tried[name].lost[seed] = _lost(solved)
                if blank.has_error or blank.score:
                    tried[name].gained[seed] = f"seed {seed}: the stub earns {blank.score:g}"
    return tried


def _prove(course: Course, name: str, tried: Tried, seeds: int) -> Proof:
    lost, gained = ([told for _, told in sorted(found.items())] for found in (tried.lost, tried.gained))
    failing = release_problems(course.stub(name))
    leaks = [
        f"the stub holds a line of the solution: {line}" for line in leaked(course.master(name), course.stub(name))
    ]
    return Proof(
        assignment=name,
        solution=f"{tried.full:g} of {tried.full:g}" if not lost else f"loses under {len(lost)} of {seeds}",
        stub="0" if not gained else f"gains under {len(gained)} of {seeds}",
        release="only not implemented" if not failing else f"{len(failing)} problems",
        leak="yes" if not leaks else f"{len(leaks)} lines shown",
        problems=(*lost[:3], *gained[:3], *failing, *leaks),
    )


def _lost(report: Report) -> str:
    bad = [f"{check.id}: {check.message}" for check in report.checks if check.score != check.max_score]
    return f"seed {report.seed}: the solution earns {report.score:g} of {report.max_score:g} ({'; '.join(bad[:2])})"
