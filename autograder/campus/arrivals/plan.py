"""Decide what becomes of each hand-in of an archive, before anything is written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from autograder.campus.arrivals import already_submitted, entry_times
from autograder.campus.arrivals.already_submitted import There
from autograder.campus.arrivals.gradescope import METADATA
from autograder.campus.arrivals.hand_in import Claim, HandIn, Layout
from autograder.campus.arrivals.match_learners import Matcher
from autograder.campus.roster import Roster
from autograder.campus.zip_reader import Archive, Entry, Refused, shown
from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.identify import COPY
from autograder.notebooks.submitted import TIMESTAMP

NOTEBOOK = ".ipynb"
ARCHIVES = (".zip", ".tar", ".gz", ".7z", ".rar")
NEVER = datetime.min.replace(tzinfo=UTC)
# What is read beside notebooks.
USED = (METADATA, TIMESTAMP)
OF_DOWNLOAD = "the times in {title} are those of the download, so they are not used"
CLOSE = "all times in the archive lie within 15 minutes, as those of a download do, so they are not used"
NO_ROSTER = "says whose a hand-in is by numbers and names, and there is no roster to look them up"


class Times(StrEnum):
    """Where the times of hand-ins come from, if the campus system says none: decide, use the zip's, or use none."""

    AUTO = "auto"
    ZIP = "zip"
    NONE = "none"


@dataclass(frozen=True)
class Delivery:
    """A notebook that goes to submitted/. `replaces` says that there is another one, which it replaces."""

    student: str
    entry: Entry
    when: datetime | None
    late: bool
    replaces: bool


@dataclass
class Import:
    """What an archive holds: what is written, what is there already, and what is left out and why."""

    layout: Layout
    deliveries: list[Delivery] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    others: int = 0
    untimed: str = ""


@dataclass(frozen=True)
class _Found:
    """A notebook, and whose it is."""

    student: str
    hand_in: HandIn
    entry: Entry


def plan(
    course: Course, assignment: str, archive: Archive, layout: Layout, roster: Roster, *, replace: bool, times: Times
) -> Import:
    """Return what to do with an archive. Nothing is written. Raises Problem."""
    if layout.needs_roster and not roster:
        raise Problem(roster.file, f"is missing: {layout.title} {NO_ROSTER}", layout.needs_roster)
    others = [one for one in archive.entries if not _is_notebook(one) and one.parts[-1] not in USED]
    made = Import(layout, left_out=list(archive.refused), others=len(others))
    hand_ins = layout.read(archive, assignment, course.timezone)
    taken = {id(entry) for hand_in in hand_ins for entry in hand_in.files}
    made.left_out += [
        (shown(entry.name), "its name is not one of this layout")
        for entry in archive.entries
        if id(entry) not in taken and _is_notebook(entry)
    ]
    found = list(_found(made, assignment, hand_ins, Matcher(roster, layout)))
    clock = _clock(course, made, layout, found, times)
    for one in _one_each(made, found, already_submitted.ids(course)):
        _decide(course, assignment, archive, made, one, clock(one), replace=replace)
    return made


def _found(made: Import, assignment: str, hand_ins: Iterable[HandIn], matcher: Matcher) -> Iterable[_Found]:
    """Yield the notebook of each hand-in once for each learner whose it is. List those without."""
    for hand_in in hand_ins:
        notebooks = [entry for entry in hand_in.files if _is_notebook(entry)]
        meant = [entry for entry in notebooks if _is_named(entry, assignment)] if len(notebooks) > 1 else notebooks
        if len(meant) != 1:
            made.left_out.append((hand_in.where, _why_none(hand_in, notebooks)))
            continue
        for claim in hand_in.claims or (Claim(),):
            match = matcher.match(claim)
            if match.student:
                yield _Found(match.student, hand_in, meant[0])
            else:
                made.left_out.append((hand_in.where, match.why))


def _is_notebook(entry: Entry) -> bool:
    return entry.name.lower().endswith(NOTEBOOK)


def _is_named(entry: Entry, assignment: str) -> bool:
    """Return whether a file has the assignment's name at its end: campus systems put their own parts before it."""
    stem = entry.parts[-1].rpartition(".")[0]
    _, found, rest = stem.rpartition(assignment)
    return bool(found) and COPY.fullmatch(rest) is not None and not stem[: stem.rfind(assignment)][-1:].isalnum()


def _why_none(hand_in: HandIn, notebooks: Sequence[Entry]) -> str:
    if notebooks:
        return f"it holds {len(notebooks)} notebooks, and which one is meant is not clear"
    packed = any(entry.name.lower().endswith(ARCHIVES) for entry in hand_in.files)
    return "it holds an archive, which is not opened, and no notebook" if packed else "it holds no notebook"


def _clock(
    course: Course, made: Import, layout: Layout, found: Sequence[_Found], times: Times
) -> Callable[[_Found], datetime | None]:
    """Return a function that says when something was handed in."""
    of = {id(one.entry): entry_times.changed_at(one.entry.info, course.timezone) for one in found}
    if not layout.has_times:
        made.untimed = OF_DOWNLOAD.format(title=layout.title)
    elif entry_times.are_those_of_a_download(of[id(one.entry)] for one in found if not one.hand_in.when):
        made.untimed = CLOSE
    use_zip = times is Times.ZIP or (times is Times.AUTO and not made.untimed)
    return lambda one: one.hand_in.when or (of[id(one.entry)] if use_zip else None)


def _one_each(made: Import, found: Iterable[_Found], there: set[str]) -> Iterable[_Found]:
    """Yield one hand-in for each learner. List those of whom there are several, and ids that differ by case only."""
    groups: dict[str, list[_Found]] = defaultdict(list)
    for one in found:
        groups[one.student.casefold()].append(one)
    taken = {student.casefold(): student for student in there}
    for folded, ones in groups.items():
        students = sorted({one.student for one in ones})
        other = taken.get(folded, students[0])
        if len(students) > 1 or (other not in students and students[0] not in there):
            why = f"ids that differ by case only: {', '.join(sorted({*students, other}))}"
            made.left_out += [(one.hand_in.where, why) for one in ones]
            continue
        times = {one.hand_in.when for one in ones} - {None}
        if len(ones) > 1 and not (all(one.hand_in.is_attempt for one in ones) and len(times) == len(ones)):
            why = f"there are {len(ones)} hand-ins by {students[0]}"
            made.left_out += [(one.hand_in.where, why) for one in ones]
            continue
        # Attempts have different times here.
        yield max(ones, key=lambda one: one.hand_in.when or NEVER)


def _decide(
    course: Course,
    assignment: str,
    archive: Archive,
    made: Import,
    one: _Found,
    when: datetime | None,
    *,
    replace: bool,
) -> None:
    """Put a hand-in where it belongs: written, already there, or left out."""
    student, where = one.student, one.hand_in.where
    try:
        data = archive.read(one.entry)
    except Refused as refused:
        made.left_out.append((where, str(refused)))
        return
    state, why = already_submitted.look(course, student, assignment, data, when)
    if state is There.SAME:
        made.already.append(student)
    elif state is There.NOTHING or (replace and state in (There.EARLIER, There.UNKNOWN)):
        replaces = state is not There.NOTHING
        made.deliveries.append(Delivery(student, one.entry, when, one.hand_in.late, replaces))
    else:
        made.left_out.append((where, why.format(student=student)))
