"""Look and try: `doctor` and `demo`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.loading import load
from autograder.terminal.exit_status import GRADED, NO_VERDICT
from autograder.terminal.options import CourseFolder


def doctor(folder: CourseFolder = None) -> None:
    """Examine this machine and this course. Show what they can do and what is missing."""
    the_course = load(folder)
    from autograder.doctor import examine
    from autograder.terminal import tables
    from autograder.terminal.console import console

    findings = examine(the_course)
    tables.show_findings(console(), findings)
    raise typer.Exit(GRADED if all(finding.good is not False for finding in findings) else NO_VERDICT)


def demo(
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="Folder to use; new or empty [default: a temporary one]"),
    ] = None,
    folder: CourseFolder = None,
) -> None:
    """Run the whole course on a made-up class. It releases, submits, grades and makes feedback in a scratch folder."""
    the_course = load(folder)
    from autograder.demo import pipeline

    pipeline.run(the_course, into)
