"""Read a list of the class into roster.csv and the gradebook, and say what changes."""

from collections.abc import Callable
from pathlib import Path

from autograder.campus import roster as rosters
from autograder.campus.arrivals import already_submitted
from autograder.campus.class_table import read_table
from autograder.campus.enrol import Enrolment, enrol
from autograder.campus.roster import Member
from autograder.course import Course
from autograder.nbgrader import students
from autograder.nbgrader.failures import GRADEBOOK
from autograder.nbgrader.students import Entry
from autograder.report.counts import counted
from autograder.sanitize import clean
from autograder.terminal.exit_status import GRADED, NO_VERDICT

READ = "read {count} from {system} ({encoding}); ids of new learners are from the column '{column}'"
UNUSED = "columns that are not used: {names}"
ABSENT = "in roster.csv, but not on this list; they stay: {names}"
UNKNOWN = "have handed in or are in the gradebook, but are not in the roster: {names}"
DONE = "roster.csv has {count} now: {new} new, {changed} changed; {entered} entered into the gradebook"
WOULD = "roster.csv would have {count}: {new} new, {changed} changed. Nothing was written."


def run(
    course: Course,
    file: Path,
    id_heading: str,
    before_first: Callable[[], None],
    echo: Callable[[str], None],
    *,
    dry_run: bool,
) -> int:
    """Bring the roster up to date, or only say what would happen. Return the exit status. Raises Problem."""
    table = read_table(file)
    enrolment = enrol(rosters.load(course), table, id_heading)
    count = counted(enrolment.count, "learner")
    echo(READ.format(count=count, system=enrolment.system, encoding=table.encoding, column=enrolment.id_column))
    unknown = _unknown(course, enrolment)
    for line in _lines(enrolment, unknown):
        echo(clean(line))
    members = enrolment.roster.members
    numbers = {"count": counted(len(members), "learner"), "new": len(enrolment.new), "changed": len(enrolment.changed)}
    if dry_run:
        echo(WOULD.format(**numbers))
    else:
        entered = students.enter(course, map(_entry, members), before_first)
        rosters.save(course, members)
        echo(DONE.format(**numbers, entered=entered))
        echo("Next: `autograder import ARCHIVE --assignment ID`, or `autograder grade --section NAME`.")
    return NO_VERDICT if unknown else GRADED


def _unknown(course: Course, enrolment: Enrolment) -> list[str]:
    """Return who handed in or is in the gradebook and is not in the roster. The gradebook is only read."""
    found = {name for name in already_submitted.ids(course) if not name.startswith(".")}
    if (course.root / GRADEBOOK).is_file():
        found |= students.known(course)
    return sorted(found - {member.id for member in enrolment.roster})


def _entry(member: Member) -> Entry:
    return Entry(member.id, member.first_name, member.last_name, member.email, member.canvas_id)


def _lines(enrolment: Enrolment, unknown: list[str]) -> list[str]:
    lines = [f"new: {name}" for name in enrolment.new] + [f"changed: {name}" for name in enrolment.changed]
    for line, names in ((UNUSED, enrolment.unused), (ABSENT, enrolment.absent), (UNKNOWN, unknown)):
        lines += [line.format(names=", ".join(names))] if names else []
    return lines
