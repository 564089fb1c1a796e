"""Find learners who lost something by handing in again, so that a person can decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from autograder.nbgrader.rows import Standing

FEWER_POINTS = (
    "fewer points for a later hand-in: {points:g} for the {late}one of {when}, {before:g} for the one of {then}"
)
LATE = "a late hand-in of {when} replaced one in time, of {then}"
MINUTE = "%Y-%m-%d %H:%M UTC"


class Former(BaseModel):
    """An earlier hand-in with its final points: minus the late penalty, with manual scores."""

    points: float
    when: datetime


@dataclass(frozen=True)
class Resubmission:
    """A learner's best earlier hand-in, and how the one that replaced it stands now."""

    before: Former
    now: Standing

    def loss(self) -> str:
        """Return what the learner lost, points or being in time; empty if nothing."""
        then, when = (f"{time:{MINUTE}}" for time in (self.before.when, self.now.when))
        if self.now.points < self.before.points:
            late = "late " if self.now.late else ""
            return FEWER_POINTS.format(
                points=self.now.points, late=late, when=when, before=self.before.points, then=then
            )
        in_time = self.now.deadline is None or self.before.when <= self.now.deadline
        return LATE.format(when=when, then=then) if self.now.late and in_time else ""


def best_before(when: datetime | None, *hand_ins: Former | None) -> Former | None:
    """Return the hand-in with the most points among those before `when`, or None."""
    earlier: Iterable[Former] = (each for each in hand_ins if each and when and each.when < when)
    return max(earlier, key=lambda each: each.points, default=None)


def former(standing: Standing | None) -> Former | None:
    """Return what to keep of a replaced hand-in; None if its time is unknown."""
    return Former(points=standing.points, when=standing.when) if standing and standing.when else None
