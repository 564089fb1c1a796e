"""Prove an assignment: its solution earns all points, its stub earns none, and the stub can be released."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from autograder.authoring.answers_proof import keys_of
from autograder.course import Course
from autograder.errors import Problem
from autograder.judge import judge
from autograder.key import Key
from autograder.nbgrader.validate import leaked, release_problems
from autograder.notebooks.read import read
from autograder.report.report import Report
from autograder.sandbox.host import Sandbox

# How the sandbox judges solutions and stubs does not depend on the key. Known answers are tried under all keys.
MOST_SEEDS = 20


@dataclass(frozen=True)
class NotebooksProof:
    """The result for one assignment, in words for a table. `problems` lists what does not hold."""

    assignment: str
    solution: str
    stub: str
    release: str
    leak: str
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.problems


def prove_notebooks(
    course: Course, assignments: Sequence[str], *, seeds: int, on_seeds: Callable[[int], None] = lambda count: None
) -> list[NotebooksProof]:
    """Prove these assignments in the sandbox under `seeds` keys, the course's own first.

    `on_seeds` is called with the number of keys that are done. Raises Problem if a stub is missing.
    """
    for name in assignments:
        if not course.stub(name).is_file():
            raise Problem(
                course.stub(name), "the stub has not been generated", "Run `autograder release --only-stubs`."
            )
    tried = try_seeds(course, assignments, keys_of(course, seeds), on_seeds)
    return [_prove(course, name, tried[name], seeds) for name in assignments]


@dataclass
class Tried:
    """How a solution lost points and a stub gained some, in words by key."""

    max_score: float = 0.0
    lost: dict[Key, str] = field(default_factory=dict)
    gained: dict[Key, str] = field(default_factory=dict)


def try_seeds(
    course: Course, assignments: Sequence[str], keys: Iterable[Key], on_seeds: Callable[[int], None]
) -> dict[str, Tried]:
    """Grade every solution and every stub in the sandbox under each of these keys."""
    tried = {name: Tried() for name in assignments}
    submissions = [read(path, name) for name in assignments for path in (course.master(name), course.stub(name))]
    with Sandbox.for_course(course) as sandbox:
        for key in keys:
            reports = iter(judge.grade(course.under(key), submissions, sandbox))
            for name in assignments:
                solved, blank = next(reports), next(reports)
                tried[name].max_score = solved.max_score
                if solved.has_error or solved.score != solved.max_score:
                    tried[name].lost[key] = _lost(solved)
                if blank.has_error or blank.score:
                    tried[name].gained[key] = f"seed {key.shown}: the stub earns {blank.score:g}"
            on_seeds(1)
    return tried


def _prove(course: Course, name: str, tried: Tried, seeds: int) -> NotebooksProof:
    lost, gained = list(tried.lost.values()), list(tried.gained.values())
    failing = release_problems(course.stub(name))
    leaks = [
        f"the stub contains a line of the solution: {line}" for line in leaked(course.master(name), course.stub(name))
    ]
    return NotebooksProof(
        assignment=name,
        solution=f"{tried.max_score:g} of {tried.max_score:g}" if not lost else f"loses under {len(lost)} of {seeds}",
        stub="0" if not gained else f"gains under {len(gained)} of {seeds}",
        release="only not implemented" if not failing else f"{len(failing)} problems",
        leak="yes" if not leaks else f"{len(leaks)} lines shown",
        problems=(*lost[:3], *gained[:3], *failing, *leaks),
    )


def _lost(report: Report) -> str:
    bad = [f"{check.id}: {check.message}" for check in report.checks if check.score != check.max_score]
    return f"seed {report.seed}: the solution earns {report.score:g} of {report.max_score:g} ({'; '.join(bad[:2])})"
