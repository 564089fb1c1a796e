"""What grading a class came to, for people at a terminal: the scores, who needs a person, where the time went."""

from collections.abc import Sequence
from statistics import mean, median
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from autograder.report.counts import counted
from autograder.report.report import Outcome
from autograder.terminal.console import console, plain
from autograder.terminal.progress import Tally, end
from autograder.terminal.tables import NO_VERDICT, STYLES, show_scores, table

if TYPE_CHECKING:
    from autograder.stages import Stages

MOST_ROWS = 40
AUTOMATIC = "{count}: automatic scores, before late penalties and manual grading"
PEOPLE = "{count} for a person to look at"
SUMMARY = "--table shows every student"
MORE = "and {count} more; --table shows all of them, --json too"


def show(tally: Tally, stages: "Stages | None", *, events: bool, whole: bool) -> None:
    """What grading a class came to, as the last event or for people, and where the time went, if there are stages."""
    if events:
        end(tally, stopped=tally.done < tally.total)
    else:
        show_class(console(), tally, whole=whole)
    if stages:
        show_stages(console(stderr=True), stages, tally)


def show_class(out: Console, tally: Tally, *, whole: bool = False) -> None:
    """What grading a class came to, and who needs a person. Of a large class, no more than that and a summary.

    `whole` shows all of a large class, too.
    """
    title = AUTOMATIC.format(count=counted(tally.done, "submission"))
    if whole or len({student for student, *_ in tally.scores}) <= MOST_ROWS:
        show_scores(out, title, tally.scores)
    else:
        _show_summary(out, title, tally.scores)
    out.print(plain(f"{counted(tally.done, 'submission')}: {tally.line()}"))
    if tally.has_error:
        out.print(Text(f"! {NO_VERDICT} They are marked for manual grading.", STYLES[Outcome.ERROR]))
    if tally.people:
        _show_people(out, sorted(tally.people), len(tally.people) if whole else MOST_ROWS)


def _show_summary(out: Console, title: str, scores: Sequence[tuple[str, str, float, bool]]) -> None:
    """A line for each assignment."""
    points: dict[str, list[float]] = {}
    for _, assignment, score, _ in scores:
        points.setdefault(assignment, []).append(score)
    rows = [[name, str(len(own)), f"{mean(own):.1f}", f"{median(own):g}"] for name, own in points.items()]
    numbers = ["submissions", "mean", "median"]
    out.print(plain(title, "bold"))
    out.print(table("", ["assignment", *numbers], rows, numbers=numbers))
    out.print(plain(SUMMARY))


def _show_people(out: Console, people: Sequence[tuple[str, str, tuple[str, ...]]], most: int) -> None:
    rows = [[student, assignment, "; ".join(reasons)] for student, assignment, reasons in people[:most]]
    out.print(plain(PEOPLE.format(count=counted(len(people), "submission")), "bold"))
    out.print(table("", ["student", "assignment", "why"], rows))
    if len(people) > most:
        out.print(plain(MORE.format(count=len(people) - most)))


def show_stages(out: Console, stages: "Stages", tally: Tally) -> None:
    """Where the time went, a stage a line: milliseconds a submission."""
    count = max(1, tally.graded)
    rows = [
        [name, f"{seconds / count * 1000:.2f}", f"{cpu / count * 1000:.2f}"]
        for name, (seconds, cpu) in sorted(stages.seconds.items(), key=lambda each: -each[1][0])
    ]
    heads = ["stage", "ms a submission", "of it CPU of the judge or the parent"]
    out.print(table(f"Where the time of {counted(count, 'submission')} went", heads, rows, numbers=heads[1:]))
