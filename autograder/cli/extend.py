"""More time for one learner: `extend`."""

from typing import Annotated

import typer

from autograder.cli.loading import load
from autograder.errors import Problem
from autograder.terminal.options import CourseFolder, Wait


def extend(
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="The learner's id")] = "",
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="The assignment")] = "",
    until: Annotated[
        str, typer.Argument(metavar="TIME", help="+48h or +3d after the due date, or a date; 0 for none")
    ] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Remove the extension, like a TIME of 0")] = False,
    show: Annotated[bool, typer.Option("--list", help="List all extensions")] = False,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Give a learner more time for an assignment, before or after the hand-in. It replaces an earlier extension."""
    the_course = load(folder)
    if undo and until:
        raise Problem("extend", "--undo and a TIME exclude each other", "Give one of them.")
    until = "0" if undo else until
    if not show and not (student and assignment and until):
        raise Problem(
            "extend", "needs a learner, an assignment and a time", "As in: autograder extend ada conv2d +48h."
        )
    from autograder.terminal import extending

    if student:
        extending.extend(the_course, student, assignment, until, wait=wait)
    if show:
        extending.show(the_course)
