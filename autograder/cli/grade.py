"""Grade a class: `grade`."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.loading import load, selected
from autograder.cli.torch_early import get_ready, torch_early
from autograder.errors import Problem
from autograder.terminal.exit_status import INTERRUPTED
from autograder.terminal.options import CORES, Assignments, CourseFolder, Groups, Jobs, Sections, Students, Unsafe, Wait
from autograder.terminal.say import say


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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; show whose grade would change, to what, and why")
    ] = False,
    changes: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page of the grades that change, and why")
    ] = None,
    feedback: Annotated[bool, typer.Option("--feedback", help="Then make and release the feedback pages")] = False,
    profile: Annotated[bool, typer.Option("--profile", help="Show where the time went")] = False,
    unsafe: Unsafe = False,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Grade the submissions in submitted/ into the gradebook. Submissions that have not changed are skipped."""
    if dry_run and feedback:
        raise Problem("grade", "--dry-run writes nothing, so there are no pages to make", "Leave out one of the two.")
    with nullcontext() if scheduler else torch_early() as server:
        the_course = load(folder)
        assignments = selected(the_course, names)
        get_ready(server, the_course, assignments)
        from autograder.campus.selection import chosen
        from autograder.grading.changes import Changes
        from autograder.grading.plan import Plan
        from autograder.terminal import grade_run

        early = None
        if feedback:
            from autograder.feedback.early import early_pages

            early = early_pages(the_course)
        students = chosen(the_course, assignments, student, section, group)
        collected = Changes() if dry_run or changes else None
        plan = Plan(jobs, force, unsafe, scheduler, profile, dry_run, collected, server=server)
        status = grade_run.run(
            the_course,
            assignments,
            students,
            plan,
            events=json,
            every_student=table,
            wait=wait,
            page=changes,
            early=early,
        )
    if feedback and status != INTERRUPTED:
        from autograder.terminal import feedback_run

        given = feedback_run.run(the_course, assignments, students, jobs=jobs, force=False, wait=wait, echo=say)
        status = given or status
    raise typer.Exit(status)
