"""Gather what is known of a class: hand-ins, reports that are up to date, final scores, times. Nothing is written."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from autograder.course import Assignment, Course
from autograder.errors import Problem
from autograder.grading import cache
from autograder.grading.resubmission import Resubmission
from autograder.nbgrader import class_book
from autograder.nbgrader.class_book import ClassBook
from autograder.nbgrader.hand_ins import HandIn, hand_ins
from autograder.nbgrader.rows import Standing
from autograder.notebooks.handed_in_at import own_timestamp, read_timestamp
from autograder.notebooks.submitted import SubmissionFolder, submission_folders
from autograder.overview.pictures import Pictures
from autograder.report.report import CheckResult, Look, Outcome, Report

# A file with one of these has no answer that could be judged: its failed checks say nothing about checks or mistakes.
NO_ANSWER = frozenset((Look.UNREADABLE, Look.EMPTY, Look.WRONG_STEP))


class Result(StrEnum):
    """The result of one hand-in. Points decide, after late penalty and manual grading."""

    FULL = "full"
    PARTLY = "partly"
    NONE = "none"
    NO_VERDICT = "no verdict"
    NOT_GRADED = "not graded"


@dataclass(frozen=True)
class Entry:
    """One learner's hand-in for one assignment.

    `points` are final, unless `automatic` is true: then the gradebook has none. `checks` is empty if the hand-in has no
    report that is up to date. `loss` is what the learner lost by handing in again, in words. `wrong_results` is the
    report's.
    """

    student: str
    assignment: str
    result: Result
    points: float | None = None
    automatic: bool = False
    changed: bool = False
    when: datetime | None = None
    deadline: datetime | None = None
    checks: tuple[CheckResult, ...] = ()
    looks: tuple[Look, ...] = ()
    loss: str = ""
    wrong_results: str = ""

    @property
    def late(self) -> bool:
        """Return whether it came after its deadline."""
        return self.when is not None and self.deadline is not None and self.when > self.deadline

    @property
    def has_answer(self) -> bool:
        """Return whether its checks say something about an answer."""
        return bool(self.checks) and not NO_ANSWER.intersection(self.looks)

    @property
    def failed(self) -> tuple[str, ...]:
        """Return the titles of the checks that failed."""
        return tuple(check.title for check in self.checks if check.outcome is Outcome.FAILED)


@dataclass(frozen=True)
class ClassData:
    """A class and its hand-ins.

    `names` maps learners' ids to their names, where the gradebook has one. `exchange` are all hand-ins in the exchange,
    or None if there is no inbound folder. `waiting` are (learner, assignment) whose last hand-in is not collected yet.
    `chosen` is true if these are some learners of the class, chosen by their ids. `handed_in_by_half` are assignments
    for which at least half of the whole class has handed in.
    """

    course: Course
    assignments: tuple[Assignment, ...]
    names: dict[str, str]
    entries: dict[tuple[str, str], Entry]
    now: datetime
    book: ClassBook = field(default_factory=ClassBook)
    exchange: tuple[HandIn, ...] | None = None
    waiting: frozenset[tuple[str, str]] = frozenset()
    pictures: Pictures = field(default_factory=Pictures)
    chosen: bool = False
    handed_in_by_half: frozenset[str] = frozenset()

    def of(self, assignment: str) -> list[Entry]:
        """Return the hand-ins for one assignment, by learner."""
        return [entry for (name, _), entry in self.entries.items() if name == assignment]

    def deadline(self, assignment: Assignment, student: str) -> datetime | None:
        """Return a learner's deadline in naive UTC."""
        return self.book.deadline(assignment.id, student, _due(self.course, assignment))


def load(
    course: Course, assignments: Sequence[str], students: Collection[str] | None = None, now: datetime | None = None
) -> ClassData:
    """Return what is known of these learners, or of all, for these assignments. Raises Problem for an unknown learner.

    `now` is naive UTC.
    """
    book = class_book.read(course, assignments)
    folders = {(folder.assignment, folder.student): folder for folder in submission_folders(course, assignments)}
    ids = set(book.names) | {student for _, student in folders}
    if unknown := set(students or ()) - ids:
        what = f"there is no learner {', '.join(sorted(map(ascii, unknown)))}"
        raise Problem(course.root, what, "Ids are the names of the folders in submitted/, and those in the gradebook.")
    chosen = sorted(ids if students is None else set(students))
    exchange = hand_ins(course, assignments)
    mine = None if exchange is None else tuple(each for each in exchange if students is None or each.student in chosen)
    data = ClassData(
        course,
        tuple(course.assignment(name) for name in assignments),
        {student: book.names.get(student, "") for student in chosen},
        {},
        now or datetime.now(UTC).replace(tzinfo=None),
        book,
        mine,
        _waiting(mine or (), folders),
        chosen=students is not None,
        handed_in_by_half=_by_half(folders, len(ids)),
    )
    _add_entries(data, folders)
    return data


def _add_entries(data: ClassData, folders: dict[tuple[str, str], SubmissionFolder]) -> None:
    keys = cache.Keys(data.course)
    for assignment in data.assignments:
        standings = data.book.standings.get(assignment.id, {})
        for student in data.names:
            folder, standing = folders.get((assignment.id, student)), standings.get(student)
            # Rows without scores are there for an extension, or for a grading that stopped halfway.
            standing = standing if standing and (standing.scored or standing.when) else None
            if folder or standing:
                deadline = data.deadline(assignment, student)
                entry = _entry(data, assignment, student, folder, standing, deadline, keys)
                data.entries[assignment.id, student] = entry


def _entry(
    data: ClassData,
    assignment: Assignment,
    student: str,
    folder: SubmissionFolder | None,
    standing: Standing | None,
    deadline: datetime | None,
    keys: cache.Keys,
) -> Entry:
    """Return one hand-in. A report counts only if it is about what lies in submitted/ now."""
    when = _time_of(folder) if folder else None
    saved = cache.recall(data.course, folder) if folder else None
    known = Entry(student, assignment.id, Result.NOT_GRADED, when=when, deadline=deadline)
    if saved and folder and saved.key != keys.of(folder).key:
        return replace(known, changed=True)
    if saved is None and (standing is None or not standing.scored or (folder and when != standing.when)):
        return replace(known, changed=bool(standing and standing.scored))
    report = saved.report if saved else None
    resubmission = Resubmission(saved.former, standing) if saved and saved.former and standing else None
    points = standing.points if standing else report.score if report else 0.0
    return replace(
        known,
        result=_result(
            points, assignment, complete=standing.complete if standing else not (report and report.has_error)
        ),
        points=points,
        automatic=standing is None,
        when=when or (standing.when if standing else None),
        checks=_light(data, report) if report else (),
        looks=report.looks if report else (),
        loss=resubmission.loss() if resubmission else "",
        wrong_results=report.wrong_results if report else "",
    )


def _result(points: float, assignment: Assignment, *, complete: bool) -> Result:
    if not complete:
        return Result.NO_VERDICT
    return Result.FULL if points >= assignment.points else Result.PARTLY if points > 0 else Result.NONE


def _light(data: ClassData, report: Report) -> tuple[CheckResult, ...]:
    """Return the checks without examples and pictures, of which only one for each mistake is kept."""
    for check in report.checks:
        if check.outcome is Outcome.FAILED:
            data.pictures.consider(report.assignment, check)
    return tuple(
        check.model_copy(update={"counterexample": None, "picture": None, "message": ""}) for check in report.checks
    )


def _time_of(folder: SubmissionFolder) -> datetime | None:
    text = own_timestamp(folder.path)
    return read_timestamp(text) if text else None


def _due(course: Course, assignment: Assignment) -> datetime | None:
    due = course.due_utc(assignment)
    return due.replace(tzinfo=None) if due else None


def _by_half(folders: Collection[tuple[str, str]], learners: int) -> frozenset[str]:
    counts = Counter(assignment for assignment, _ in folders)
    return frozenset(assignment for assignment, count in counts.items() if 2 * count >= learners)


def _waiting(
    exchange: Sequence[HandIn], folders: dict[tuple[str, str], SubmissionFolder]
) -> frozenset[tuple[str, str]]:
    """Return whose last hand-in in the exchange is not in submitted/: (learner, assignment)."""
    last: dict[tuple[str, str], datetime] = {}
    for each in exchange:
        at = (each.assignment, each.student)
        last[at] = max(each.when, last.get(at, each.when))
    return frozenset(
        (student, assignment)
        for (assignment, student), when in last.items()
        if (assignment, student) not in folders or (_time_of(folders[assignment, student]) or datetime.min) < when
    )
