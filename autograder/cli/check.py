"""Grade one file: `check`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.loading import load
from autograder.cli.torch_early import torch_early
from autograder.terminal.exit_status import GRADED, NO_VERDICT
from autograder.terminal.options import CourseFolder, Unsafe


def check(
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="A notebook (.ipynb) or a Python file (.py)")],
    assignment: Annotated[
        str | None, typer.Option(metavar="ID", help="Assignment to grade it as [default: guessed from the file]")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, and nothing else")] = False,
    unsafe: Unsafe = False,
    folder: CourseFolder = None,
) -> None:
    """Grade one file. Nothing is written to the gradebook."""
    with torch_early() as server:
        the_course = load(folder)
        from autograder.judge import one_file
        from autograder.terminal import tables
        from autograder.terminal.console import console

        report = one_file.grade(the_course, notebook, assignment, pictures=json, unsafe=unsafe, server=server)
    if json:
        sys.stdout.buffer.write(report.to_json().encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    else:
        tables.show_report(console(), report)
    raise typer.Exit(NO_VERDICT if report.has_error else GRADED)
