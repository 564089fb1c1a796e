"""Who is in the course: `roster`."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.loading import load
from autograder.terminal.options import CourseFolder, DryRun, Wait


def roster(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A list of the class: Canvas's gradebook, Moodle's, Gradescope's")
    ],
    id_column: Annotated[
        str, typer.Option("--id", metavar="HEADING", help="Column of the ids that submitted/ and the gradebook use")
    ] = "",
    dry_run: DryRun = False,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Read a list of the class. It goes into roster.csv and into nbgrader's gradebook."""
    the_course = load(folder)
    from autograder.grading import lock
    from autograder.grading.backup import Backup
    from autograder.nbgrader import shared
    from autograder.nbgrader.failures import GRADEBOOK
    from autograder.terminal import roster_run

    with nullcontext() if dry_run else lock.held(the_course, "roster", wait=wait):
        backup = Backup(the_course, shared=shared.is_shared(the_course))
        before_first = backup.make_once if (the_course.root / GRADEBOOK).is_file() else lambda: None
        raise typer.Exit(roster_run.run(the_course, file, id_column, before_first, print, dry_run=dry_run))
