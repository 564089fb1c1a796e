"""Fetch what learners handed in: `collect`."""

from typing import Annotated

import typer

from autograder.cli.loading import load, selected
from autograder.terminal.exit_status import GRADED, NO_VERDICT
from autograder.terminal.options import Assignments, CourseFolder, Students


def collect(
    names: Assignments = None,
    student: Students = None,
    before_duedate: Annotated[
        bool, typer.Option("--before-duedate", help="Prefer the last submission that was in time, if there is one")
    ] = False,
    folder: CourseFolder = None,
) -> None:
    """Fetch each learner's last submission from nbgrader's exchange."""
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.nbgrader import commands

    api = commands.connect(the_course)
    complete = commands.collect(api, the_course, assignments, print, students=student, before_due=before_duedate)
    raise typer.Exit(GRADED if complete else NO_VERDICT)
