"""Grade a class: `grade`."""

from typing import Annotated

import typer

from autograder.cli.loading import load, selected
from autograder.terminal.options import CORES, Assignments, CourseFolder, Groups, Jobs, Sections, Students, Unsafe, Wait


def grade(
    names: Assignments = None,
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    jobs: Jobs = CORES,
    force: Annotated[bool, typer.Option("--force", help="Grade unchanged submissions again, too")] = False,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDR", help="Grade on a Dask cluster: tcp://HOST:8786, or local")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print events, one JSON object per line")] = False,
    table: Annotated[bool, typer.Option("--table", help="Show every student, however large the class")] = False,
    profile: Annotated[bool, typer.Option("--profile", help="Show where the time went")] = False,
    unsafe: Unsafe = False,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Grade the submissions in submitted/ into the gradebook. Submissions that have not changed are skipped."""
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.campus.selection import chosen
    from autograder.grading.plan import Plan
    from autograder.terminal import class_run

    students = chosen(the_course, assignments, student, section, group)
    plan = Plan(jobs, force, unsafe, scheduler, profile)
    raise typer.Exit(
        class_run.run(the_course, assignments, students, plan, events=json, every_student=table, wait=wait)
    )
