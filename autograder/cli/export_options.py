"""What the commands of `export` have in common: options, reading the scores, showing and writing the result."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from autograder.cli.loading import load, selected

if TYPE_CHECKING:
    from autograder.campus.final_scores import FinalScores
    from autograder.campus.made import Made
    from autograder.course import Course

To = Annotated[Path | None, typer.Option("--to", metavar="FILE", help="File to write, in place of the usual name")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing")]


class Who(NamedTuple):
    """Whom the options mean; None in all three means everybody."""

    students: list[str] | None
    sections: list[str] | None
    groups: list[str] | None


def read(folder: Path | None, names: list[str] | None, who: Who) -> "tuple[Course, FinalScores]":
    """Return the course, and the final scores of the assignments and learners that the options mean."""
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.campus import final_scores, selection

    students = selection.members(the_course, who.students, who.sections, who.groups)
    return the_course, final_scores.read(the_course, assignments, students)


def write_all(
    names: list[str] | None,
    who: Who,
    folder: Path | None,
    target: Path,
    dry_run: bool,
    make: "Callable[[FinalScores], Made]",
) -> None:
    """Write what `make` makes of the final scores."""
    the_course, final = read(folder, names, who)
    finish(the_course, make(final), target, dry_run)


def finish(
    the_course: "Course", made: "Made", target: Path, dry_run: bool, *, source: Path | None = None, noun: str = "score"
) -> None:
    """Show what is made, then write it."""
    from autograder.campus import writing
    from autograder.report.counts import counted
    from autograder.terminal.console import console, plain
    from autograder.terminal.export_table import show_made

    writing.require_writable(the_course, target, source)
    out, size = console(), counted(made.filled, noun)
    show_made(out, made)
    if dry_run:
        out.print(plain(f"{target} would hold {size}; nothing is written"), soft_wrap=True)
    else:
        writing.write(target, made.content)
        out.print(plain(f"{target} holds {size}"), soft_wrap=True)
