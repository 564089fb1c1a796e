"""For other systems that run the kit: `package` makes what they need, `grade-one` runs there."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.loading import load
from autograder.cli.torch_early import torch_early
from autograder.elsewhere.systems import Format, Place
from autograder.terminal.exit_status import GRADED, NO_VERDICT
from autograder.terminal.options import CourseFolder, Unsafe


def package(
    place: Annotated[Place, typer.Argument(metavar="SYSTEM", help="gradescope, github or prairielearn")],
    assignment: Annotated[str, typer.Option(metavar="ID", help="Assignment that it grades")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write: a zip, or GitHub's workflow")],
    folder: CourseFolder = None,
) -> None:
    """Make what another system needs to grade with the kit. For Gradescope and PrairieLearn, the key goes along."""
    the_course = load(folder)
    from autograder.elsewhere import package
    from autograder.terminal import keys

    keys.warn(the_course)
    for line in package.write(the_course, place, assignment, out):
        print(line)


def grade_one(
    hand_in: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder that holds one hand-in")],
    assignment: Annotated[str, typer.Option(metavar="ID", help="Assignment to grade it as")],
    system: Annotated[
        Format, typer.Option("--format", metavar="SYSTEM", help="gradescope, github, classroom50 or prairielearn")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Result file to write; for github, to append to")],
    unsafe: Unsafe = False,
    folder: CourseFolder = None,
) -> None:
    """Grade one hand-in where another system runs the kit, and write the result file that this system reads."""
    from autograder.elsewhere import results

    try:
        with torch_early() as server:
            the_course = load(folder)
            from autograder.elsewhere import one_hand_in
            from autograder.terminal import keys

            keys.warn(the_course)
            report = one_hand_in.grade(the_course, assignment, hand_in, unsafe=unsafe, server=server)
        results.write(report, system, out)
    except BaseException:
        # The system waits for a file, whatever went wrong; the reason goes to stderr, for the instructor.
        results.write(None, system, out)
        raise
    for line in results.log(report, system):
        print(line, flush=True)
    raise typer.Exit(NO_VERDICT if report.has_error else GRADED)
