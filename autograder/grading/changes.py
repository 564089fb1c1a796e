"""Compare the gradebook before and after a run: whose grade changes, from what to what, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nbgrader.api import Gradebook

from autograder.nbgrader.all_grades import FinalGrade, all_grades
from autograder.notebooks.read import grade_id

PENALTY = "late penalty {old:g} → {new:g}"
NOTHING = FinalGrade(0.0, 0.0, {}, frozenset())


@dataclass(frozen=True)
class CheckChange:
    """The automatic score of one check, before and after. None is no score."""

    title: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Change:
    """One learner's grade for an assignment that a run changes. `before` is None if there was none.

    `to_review` names the checks whose manual score is open to review because the automatic score changed.
    """

    student: str
    assignment: str
    before: float | None
    after: float
    why: tuple[str, ...]
    checks: tuple[CheckChange, ...]
    to_review: tuple[str, ...]


@dataclass
class Changes:
    """Collects what one run changes. `submissions` counts those that it looked at."""

    submissions: int = 0
    found: tuple[Change, ...] = ()
    _before: Mapping[tuple[str, str], FinalGrade] = field(default_factory=dict)
    _why: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _titles: dict[tuple[str, str], str] = field(default_factory=dict)

    def begin(self, book: Gradebook) -> None:
        """Remember all grades as they are before the run."""
        self._before = all_grades(book)

    def is_graded(self, student: str, assignment: str) -> bool:
        """Return whether there was a grade before the run."""
        return (student, assignment) in self._before

    def explain(self, student: str, assignment: str, why: tuple[str, ...]) -> None:
        """Remember why a submission is graded."""
        self._why[student, assignment] = why

    def name_checks(self, assignment: str, titles: Mapping[str, str]) -> None:
        """Remember the titles of an assignment's checks, by their ids."""
        self._titles |= {(assignment, grade_id(check)): title for check, title in titles.items()}

    def end(self, book: Gradebook) -> None:
        """Compare all grades with those before the run."""
        after = all_grades(book)
        self.found = tuple(change for key in sorted(after) for change in self._change(key, after[key]))
        self._before = {}

    def _change(self, key: tuple[str, str], after: FinalGrade) -> Iterator[Change]:
        before = self._before.get(key)
        old = before or NOTHING
        checks = tuple(
            CheckChange(self._title(key[1], cell), old.scores.get(cell), score)
            for cell, score in sorted(after.scores.items())
            if score != old.scores.get(cell)
        )
        opened = tuple(self._title(key[1], cell) for cell in sorted(after.to_review - old.to_review))
        if before is not None and before.points == after.points and not checks and not opened:
            return
        why = self._why.get(key, ())
        if old.penalty != after.penalty:
            why = (*why, PENALTY.format(old=old.penalty, new=after.penalty))
        yield Change(*key, before.points if before else None, after.points, why, checks if before else (), opened)

    def _title(self, assignment: str, cell: str) -> str:
        return self._titles.get((assignment, cell), cell)
