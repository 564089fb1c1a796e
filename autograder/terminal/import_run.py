"""Import an archive from the campus system, and say what became of each hand-in."""

from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.campus import roster as rosters
from autograder.campus.arrivals.delivery import deliver
from autograder.campus.arrivals.layouts import layout_of
from autograder.campus.arrivals.plan import Import, Times, plan
from autograder.campus.class_table import read_table
from autograder.campus.enrol import enrol
from autograder.campus.roster import Roster
from autograder.campus.zip_reader import opened
from autograder.course import Course
from autograder.report.counts import counted
from autograder.sanitize import clean
from autograder.terminal.exit_status import GRADED, NO_VERDICT

RECOGNISED = "recognised {title}"
LEFT_OUT = "left out {where}: {why}"
OTHERS = "{count} beside the notebooks: not imported"
UNTIMED = "the time of the hand-in is not known for {names}: without one, a hand-in counts as in time"
ANYHOW = "{why}; --times zip uses them all the same"
LATE = "marked as late by Canvas, without a time: {names}. No late penalty follows from that"
NOTHING_WRITTEN = "Nothing was written. Run it again without --dry-run."
NEXT = "Next: `autograder grade {assignment}`."
LOOK = "Look at what was left out; nothing was guessed."
MOST_NAMES = 12


def run(
    course: Course,
    archive: Path,
    assignment: str,
    *,
    roster: Path | None,
    key: str,
    times: Times,
    replace: bool,
    dry_run: bool,
    echo: Callable[[str], None],
) -> int:
    """Import an archive, or only say what would happen. Return the exit status. Raises Problem."""
    members = _roster(course, roster)
    with opened(archive) as entries:
        layout = layout_of(entries, key)
        echo(RECOGNISED.format(title=layout.title))
        made = plan(course, assignment, entries, layout, members, replace=replace, times=times)
        if not dry_run and made.deliveries:
            deliver(course, assignment, entries, made.deliveries)
    for line in lines_of(made, dry_run=dry_run):
        echo(clean(line))
    if dry_run:
        echo(NOTHING_WRITTEN)
    elif made.deliveries or made.already:
        echo(NEXT.format(assignment=assignment))
    return NO_VERDICT if made.left_out else GRADED


def _roster(course: Course, file: Path | None) -> Roster:
    """Return the course's roster, and for this run what the file adds to it."""
    roster = rosters.load(course)
    return roster if file is None else enrol(roster, read_table(file)).roster


def lines_of(made: Import, *, dry_run: bool) -> list[str]:
    """Return what to say about an import."""
    lines = [LEFT_OUT.format(where=where, why=why) for where, why in sorted(made.left_out)]
    if made.others:
        lines.append(OTHERS.format(count=counted(made.others, "file")))
    untimed = [delivery.student for delivery in made.deliveries if delivery.when is None]
    if untimed:
        lines += [ANYHOW.format(why=made.untimed)] if made.untimed else []
        lines.append(UNTIMED.format(names=names_of(untimed)))
    if late := [delivery.student for delivery in made.deliveries if delivery.late and delivery.when is None]:
        lines.append(LATE.format(names=names_of(late)))
    replaced = [delivery.student for delivery in made.deliveries if delivery.replaces]
    if replaced:
        lines.append(f"{'would replace' if dry_run else 'replaced'} what is in submitted/ of {names_of(replaced)}")
    done = "would import" if dry_run else "imported"
    count, there, left = len(made.deliveries), len(made.already), len(made.left_out)
    lines.append(f"{done} {counted(count, 'submission')}; {there} already there; {left} left out")
    return [*lines, *([LOOK] if left else [])]


def names_of(students: Sequence[str]) -> str:
    """Return the names of a few, or how many there are."""
    if len(students) > MOST_NAMES:
        return f"{', '.join(sorted(students)[:MOST_NAMES])} and {len(students) - MOST_NAMES} more"
    return ", ".join(sorted(students))
