"""Give back: `feedback`, and `solutions` after the deadline."""

from typing import Annotated

import typer

from autograder.cli.loading import load, selected
from autograder.terminal.options import CORES, Assignments, CourseFolder, Groups, Jobs, Sections, Students, Wait


def feedback(
    names: Assignments = None,
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    jobs: Jobs = CORES,
    force: Annotated[bool, typer.Option("--force", help="Make unchanged pages again, too")] = False,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Make the feedback pages and release them. They go to nbgrader's exchange, for learners to fetch."""
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.campus.selection import chosen
    from autograder.terminal import feedback_run

    students = chosen(the_course, assignments, student, section, group)
    raise typer.Exit(feedback_run.run(the_course, assignments, students, jobs=jobs, force=force, wait=wait))


def solutions(names: Assignments = None, folder: CourseFolder = None) -> None:
    """Make executed solution notebooks. They go to solved/, to hand out after the deadline."""
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.nbgrader import commands

    commands.solve(commands.connect(the_course), the_course, assignments, print)
