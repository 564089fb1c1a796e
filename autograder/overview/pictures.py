"""Keep one picture for each known mistake: of the smallest counterexample in the class."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from autograder.report.report import CheckResult, Picture

NOT_FINITE = frozenset(("nan", "inf", "-inf"))


@dataclass(frozen=True)
class Kept:
    """A picture of a mistake. `only_numbers` is true if nothing in it was worded by a learner."""

    picture: Picture
    only_numbers: bool

    @property
    def rank(self) -> tuple[bool, int, str]:
        """Return what to sort by: numbers before words, small before large."""
        return not self.only_numbers, len(self.picture.png), self.picture.png


@dataclass
class Pictures:
    """The pictures by assignment and mistake."""

    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)

    def consider(self, assignment: str, check: CheckResult) -> None:
        """Keep the picture of a failed check with a named mistake, if it is better than the one so far."""
        if not check.misconception or not check.picture:
            return
        new = Kept(check.picture, _only_numbers(check))
        old = self.kept.get((assignment, check.misconception))
        if old is None or new.rank < old.rank:
            self.kept[assignment, check.misconception] = new

    def of(self, assignment: str, mistake: str, *, only_numbers: bool = False) -> Picture | None:
        """Return the picture of a mistake, or None. `only_numbers` leaves out words that a learner may have chosen."""
        kept = self.kept.get((assignment, mistake))
        return kept.picture if kept and (kept.only_numbers or not only_numbers) else None


def _only_numbers(check: CheckResult) -> bool:
    """Return whether the learner's side of the picture is numbers: texts of exceptions may hold a name."""
    got = check.counterexample.got if check.counterexample else None
    return got is not None and all(isinstance(each, (int, float)) or each in NOT_FINITE for each in _flat(got))


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _flat(each)
    else:
        yield value
