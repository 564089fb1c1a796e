"""Fetch what learners handed in to the campus system: `import`."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.loading import load
from autograder.terminal.options import CourseFolder, DryRun, Wait


def import_(
    archive: Annotated[
        Path, typer.Argument(metavar="ARCHIVE", help="The zip file of all submissions, as the campus system made it")
    ],
    assignment: Annotated[str, typer.Option(metavar="ID", help="Assignment that it was handed in for")],
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A list of the class, for this run, beside roster.csv")
    ] = None,
    key: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="NAME",
            help="moodle, canvas, gradescope, attempts or plain [default: recognised by the names in the archive]",
        ),
    ] = "",
    times: Annotated[
        str, typer.Option(metavar="FROM", help="Times of hand-ins: zip for those in the archive, none, or auto")
    ] = "auto",
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace other hand-ins in submitted/, unless they are later")
    ] = False,
    dry_run: DryRun = False,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Put submissions from Moodle, Canvas or Gradescope into submitted/. Nothing is overwritten without --replace."""
    the_course = load(folder)
    the_course.assignment(assignment)
    from autograder.campus.arrivals.plan import Times
    from autograder.errors import Problem
    from autograder.grading import lock
    from autograder.terminal import import_run

    if times not in tuple(Times):
        raise Problem("--times", f"there is no '{times}'", f"Use one of {', '.join(Times)}.")
    with nullcontext() if dry_run else lock.held(the_course, "import", wait=wait):
        status = import_run.run(
            the_course,
            archive,
            assignment,
            roster=roster,
            key=key,
            times=Times(times),
            replace=replace,
            dry_run=dry_run,
            echo=print,
        )
    raise typer.Exit(status)
