"""Find the learners whom an instructor should talk to, each with facts as reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.course import Assignment
from autograder.overview.class_data import ClassData, Entry, Result
from autograder.report.counts import points_of
from autograder.report.report import Look

LAST, MANY = 4, 3
NO_VERDICT = "no verdict on {names}: needs a person"
UNREADABLE = "what was handed in for {names} could not be read"
EMPTY = "no answer in what was handed in for {names}"
WRONG_STEP = "another step's notebook handed in for {names}"
FLAGGED = "flagged code in {names}: read it before you trust the points"
MISSING = "nothing handed in for {names}"
FEW_POINTS = "{points} for {name}"
LOST_OFTEN = "lost points in {lost} of the last {last} steps"
LOST = "{name}: {loss}"
LOOKS = {Look.UNREADABLE: UNREADABLE, Look.EMPTY: EMPTY, Look.WRONG_STEP: WRONG_STEP}


@dataclass(frozen=True)
class Needs:
    """A learner and the reasons, the most urgent first."""

    student: str
    reasons: tuple[str, ...]


def needs_help(data: ClassData) -> list[Needs]:
    """Return the learners for whom there is a reason: those with most reasons first, then by id."""
    over = [assignment for assignment in data.assignments if not assignment.bonus and is_over(data, assignment)]
    found = [Needs(student, tuple(_reasons(data, student, over))) for student in data.names]
    return sorted((each for each in found if each.reasons), key=lambda each: (-len(each.reasons), each.student))


def is_over(data: ClassData, assignment: Assignment, student: str = "") -> bool:
    """Return whether an assignment's due date has passed, for a learner with their extension.

    Without a due date, it is over once half of the class has handed in.
    """
    deadline = data.deadline(assignment, student)
    if deadline is None:
        return assignment.id in data.handed_in_by_half
    return data.now > deadline


def _reasons(data: ClassData, student: str, over: Sequence[Assignment]) -> list[str]:
    own = [entry for each in data.assignments if (entry := data.entries.get((each.id, student)))]
    reasons = _named(NO_VERDICT, [entry.assignment for entry in own if entry.result is Result.NO_VERDICT])
    for look, words in LOOKS.items():
        reasons += _named(words, [entry.assignment for entry in own if look in entry.looks])
    reasons += _named(FLAGGED, [entry.assignment for entry in own if Look.FLAGGED in entry.looks])
    reasons += _named(MISSING, _missing(data, student, over))
    reasons += [words for entry in own if (words := _few_points(data, entry))]
    reasons += _lost_often(data, own)
    reasons += [LOST.format(name=entry.assignment, loss=entry.loss) for entry in own if entry.loss]
    return reasons


def _missing(data: ClassData, student: str, over: Sequence[Assignment]) -> list[str]:
    """Return the assignments that are over, and for which nothing lies in submitted/ or in the exchange."""
    return [
        each.id
        for each in over
        if (each.id, student) not in data.entries
        and (student, each.id) not in data.waiting
        and is_over(data, each, student)
    ]


def _few_points(data: ClassData, entry: Entry) -> str:
    """Return the points of a hand-in with less than half of them, unless another reason says why."""
    most = data.course.assignment(entry.assignment).points
    final = entry.result in (Result.PARTLY, Result.NONE) and entry.points is not None
    if not final or entry.points is None or entry.points >= most / 2 or set(entry.looks) & LOOKS.keys():
        return ""
    return FEW_POINTS.format(points=points_of(entry.points, most), name=entry.assignment)


def _lost_often(data: ClassData, own: Sequence[Entry]) -> list[str]:
    """Return a reason if a learner lost points in most of the last steps that have a final score."""
    core = [entry for entry in own if not data.course.assignment(entry.assignment).bonus]
    last = [entry for entry in core if entry.result in (Result.FULL, Result.PARTLY, Result.NONE)][-LAST:]
    lost = sum(entry.result is not Result.FULL for entry in last)
    return [LOST_OFTEN.format(lost=lost, last=len(last))] if len(last) == LAST and lost >= MANY else []


def _named(words: str, names: Sequence[str]) -> list[str]:
    return [words.format(names=listed(names))] if names else []


def listed(names: Sequence[str]) -> str:
    """Return names as a list in words: "full", "full and pooling", "full, pooling and api"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
