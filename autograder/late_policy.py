"""What a late hand-in costs: the policy as course.yml states it, and its arithmetic. Nothing here reads a gradebook."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

DAY, HOUR = 86_400, 3_600


class LatePolicy(BaseModel):
    """The share of a score that a late hand-in loses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    policy: Literal["none", "zero", "percent"] = Field(
        description="what lateness costs: nothing, all points, or a share of them for each day begun"
    )
    percent_a_day: float | None = Field(
        None, gt=0, le=100, description="percent of the score that each day begun costs; for `percent` only"
    )
    most_percent: float | None = Field(
        None, gt=0, le=100, description="the most that lateness costs, in percent of the score; for `percent` only"
    )
    grace_hours: float = Field(
        0, ge=0, le=8760, description="up to so many hours after the deadline count as in time; then all of them count"
    )

    @model_validator(mode="after")
    def _percent_and_its_keys(self) -> Self:
        if self.policy == "percent" and self.percent_a_day is None:
            raise ValueError("the policy `percent` needs `percent_a_day`")
        if self.policy != "percent" and (self.percent_a_day or self.most_percent):
            raise ValueError(f"`percent_a_day` and `most_percent` mean nothing for the policy `{self.policy}`")
        return self

    def days(self, seconds_late: float) -> int:
        """Return how many days have begun since the deadline; 0 within the grace hours."""
        return 0 if seconds_late <= self.grace_hours * HOUR else math.ceil(seconds_late / DAY)

    def share(self, days: int) -> float:
        """Return the share of the score, from 0 to 1, that so many days cost."""
        if days <= 0 or self.policy == "none":
            return 0.0
        if self.policy == "zero":
            return 1.0
        most = 100.0 if self.most_percent is None else self.most_percent
        return min((self.percent_a_day or 0.0) * days, most) / 100


class CourseLatePolicy(LatePolicy):
    """The policy of a course, with the free days of each learner."""

    free_days: int = Field(0, ge=0, le=365, description="days of lateness that each learner has free, over all steps")


FREE = LatePolicy(policy="none")


@dataclass(frozen=True)
class HandIn:
    """One learner's late hand-in. `due` is the assignment's own due date, without an extension."""

    assignment: str
    due: datetime
    seconds_late: float
    policy: LatePolicy


def shares(free_days: int, hand_ins: Iterable[HandIn]) -> dict[str, float]:
    """Return the share of the score that each of a learner's hand-ins loses, by assignment.

    Free days go to the hand-ins in the order of their due dates. Each takes as many as it is late, or all that are
    left. It takes none if the rest would cost as much.
    """
    lost = {}
    for hand_in in sorted(hand_ins, key=lambda each: each.due):
        policy, days = hand_in.policy, hand_in.policy.days(hand_in.seconds_late)
        spent = min(free_days, days)
        if policy.share(days - spent) == policy.share(days):
            spent = 0
        free_days -= spent
        lost[hand_in.assignment] = policy.share(days - spent)
    return lost
