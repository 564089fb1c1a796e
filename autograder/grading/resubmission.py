"""A later hand-in that takes an earlier one's place: whether the learner lost by it, so that somebody is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from autograder.nbgrader.rows import Standing

LOST = "fewer points for a later hand-in: {points:g} for the {late}one of {when}, {before:g} for the one of {then}"
LATE = "a late hand-in, of {when}, took the place of one in time, of {then}"
MINUTE = "%Y-%m-%d %H:%M UTC"


class Former(BaseModel):
    """An earlier hand-in, and the points that it had in the end: penalty off, manual scores in."""

    points: float
    when: datetime


@dataclass(frozen=True)
class Resubmission:
    """A learner's best earlier hand-in, and how the one that took its place stands now."""

    before: Former
    now: Standing

    def told(self) -> str:
        """Return what a person should know of it; nothing where the learner lost neither points nor being in time."""
        then, when = (f"{time:{MINUTE}}" for time in (self.before.when, self.now.when))
        if self.now.points < self.before.points:
            late = "late " if self.now.late else ""
            return LOST.format(points=self.now.points, late=late, when=when, before=self.before.points, then=then)
        in_time = self.now.deadline is None or self.before.when <= self.now.deadline
        return LATE.format(when=when, then=then) if self.now.late and in_time else ""


def best_before(when: datetime | None, *known: Former | None) -> Former | None:
    """Return the hand-in with most points of those that came before this time; None where there is none."""
    earlier: Iterable[Former] = (one for one in known if one and when and one.when < when)
    return max(earlier, key=lambda one: one.points, default=None)


def former(stood: Standing | None) -> Former | None:
    """Return what is kept of how a hand-in stood; nothing of one whose time is not known."""
    return Former(points=stood.points, when=stood.when) if stood and stood.when else None
