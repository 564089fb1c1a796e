"""Count when and how often a class handed in, from the exchange if it is there, else from timestamps."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from autograder.course import Assignment
from autograder.overview.class_data import ClassData

HOUR, DAY = 3600, 24 * 3600
# Each label, and up to how many seconds before the deadline it reaches; later ones begin where the one before ends.
SPANS = (
    ("late", 0),
    ("under 1 h", HOUR),
    ("1–6 h", 6 * HOUR),
    ("6–24 h", DAY),
    ("1–3 days", 3 * DAY),
    ("3–7 days", 7 * DAY),
    ("over 7 days", float("inf")),
)


class Source(StrEnum):
    """Where the times are from."""

    EXCHANGE = "exchange"
    TIMESTAMPS = "timestamps"


@dataclass(frozen=True)
class Hours:
    """When a class handed in. `spans` counts hand-ins by hours before the learner's deadline; empty if none is due.

    `often` says how many learners handed in how often; it is empty where only the last hand-ins are known. `undated`
    counts hand-ins without a time.
    """

    source: Source
    hand_ins: int
    spans: dict[str, int]
    often: dict[int, int]
    undated: int = 0


def hours(data: ClassData, assignment: Assignment) -> Hours:
    """Return when and how often a class handed in an assignment."""
    if data.exchange is not None and (own := [each for each in data.exchange if each.assignment == assignment.id]):
        often = Counter(Counter(each.student for each in own).values())
        times: list[tuple[str, datetime | None]] = [(each.student, each.when) for each in own]
        return Hours(Source.EXCHANGE, len(own), _spans(data, assignment, times), dict(sorted(often.items())))
    times = [(entry.student, entry.when) for entry in data.of(assignment.id)]
    undated = sum(when is None for _, when in times)
    return Hours(Source.TIMESTAMPS, len(times), _spans(data, assignment, times), {}, undated)


def _spans(data: ClassData, assignment: Assignment, times: list[tuple[str, datetime | None]]) -> dict[str, int]:
    """Return the number of hand-ins in each span, from the earliest to late ones."""
    counts = {label: 0 for label, _ in reversed(SPANS)}
    for student, when in times:
        deadline = data.deadline(assignment, student)
        if deadline and when:
            counts[span(deadline, when)] += 1
    return counts if any(counts.values()) else {}


def span(deadline: datetime, when: datetime) -> str:
    """Return the label of the span that a time lies in. At the deadline itself, a hand-in is in time."""
    before = (deadline - when).total_seconds()
    if before < 0:
        return SPANS[0][0]
    return next(label for label, end in SPANS[1:] if before < end)
