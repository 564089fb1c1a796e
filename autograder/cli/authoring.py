"""For authors of steps: `verify` and `new-step`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.loading import load, selected
from autograder.terminal.exit_status import GRADED, NO_VERDICT
from autograder.terminal.options import CORES, Assignments, CourseFolder, Jobs


def verify(
    names: Assignments = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="Number of seeds to try")] = 20,
    jobs: Jobs = CORES,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Also write the tables into this page")
    ] = None,
    folder: CourseFolder = None,
) -> None:
    """Prove assignments under many seeds. Solutions and right answers must pass, stubs and wrong answers must fail."""
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.terminal import verify_run

    holds = verify_run.run(the_course, assignments, seeds=seeds, jobs=jobs, page=markdown)
    raise typer.Exit(GRADED if holds else NO_VERDICT)


def new_step(
    name: Annotated[str, typer.Argument(metavar="ID", help="Name of the step, such as edge_detection")],
    folder: CourseFolder = None,
) -> None:
    """Create the parts of a new step. They are for a toy function, which already passes `verify`."""
    the_course = load(folder)
    from autograder.authoring.new_step import create_step

    for path in create_step(the_course, name):
        print(path.relative_to(the_course.root))
    print(f"Next: `autograder release --only-stubs {name}`, then `autograder verify {name}`; change it from there.")
