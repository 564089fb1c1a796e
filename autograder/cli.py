"""The command line: `autograder COMMAND`. Each command reads its options, calls one part of the kit, shows the result.

torch, nbgrader and rich are imported inside the commands that need them, so that all others start at once.
"""

import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from autograder import course
from autograder.course import Course
from autograder.safe_path import keep_off_the_working_folder
from autograder.terminal import failure
from autograder.terminal.exit_status import GRADED, NO_VERDICT
from autograder.terminal.options import CORES, Assignments, CourseFolder, Jobs, Students, Unsafe, Wait
from autograder.terminal.say import say

OTHER_COPY = (
    "This is the autograder of {running}, not the one in {own}: it uses the hidden checks of {running}. "
    "For the course's own: cd {own} && make setup && . .venv/bin/activate"
)

app = typer.Typer(
    name="autograder",
    help="Grades 2-D convolution written by hand: a course kit over nbgrader and PyTorch.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line. A Problem is printed as one line without a traceback and exits with status 2."""
    # An instructor can do nothing about warnings from nbgrader's use of SQLAlchemy and Jinja.
    warnings.filterwarnings("ignore", module=r"nbgrader\.")
    keep_off_the_working_folder()
    failure.run_safely(app)


@app.command()
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
    the_course = _load(folder)
    from autograder.judge import one_file

    report = one_file.grade(the_course, notebook, assignment, pictures=json, unsafe=unsafe)
    if json:
        sys.stdout.buffer.write(report.to_json().encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    else:
        from autograder.terminal import tables
        from autograder.terminal.console import console

        tables.show_report(console(), report)
    raise typer.Exit(NO_VERDICT if report.has_error else GRADED)


@app.command()
def release(
    names: Assignments = None,
    only_stubs: Annotated[bool, typer.Option("--only-stubs", help="Make the stubs, but do not release them")] = False,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Make the stub notebooks and release them. They go to nbgrader's exchange, for learners to fetch."""
    the_course = _load(folder)
    assignments = _selected(the_course, names)
    from autograder.grading import lock
    from autograder.nbgrader import commands
    from autograder.terminal import keys

    api = commands.connect(the_course)
    with lock.held(the_course, "release", wait=wait):
        commands.generate(api, the_course, assignments, print)
        keys.warn(the_course if only_stubs else keys.ensure(the_course))
        if not only_stubs:
            commands.release(api, the_course, assignments, print)


@app.command()
def key(folder: CourseFolder = None) -> None:
    """Make course.key, the secret that decides the hidden checks. An existing key is never replaced."""
    from autograder.terminal import keys

    keys.warn(keys.make(course.load(folder)))


@app.command()
def collect(
    names: Assignments = None,
    student: Students = None,
    before_duedate: Annotated[
        bool, typer.Option("--before-duedate", help="Prefer the last submission that was in time, if there is one")
    ] = False,
    folder: CourseFolder = None,
) -> None:
    """Fetch each learner's last submission from nbgrader's exchange."""
    the_course = _load(folder)
    assignments = _selected(the_course, names)
    from autograder.nbgrader import commands

    api = commands.connect(the_course)
    complete = commands.collect(api, the_course, assignments, print, students=student, before_due=before_duedate)
    raise typer.Exit(GRADED if complete else NO_VERDICT)


@app.command()
def grade(
    names: Assignments = None,
    student: Students = None,
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
    the_course = _load(folder)
    assignments = _selected(the_course, names)
    from autograder.grading.plan import Plan
    from autograder.terminal import class_run

    plan = Plan(jobs, force, unsafe, scheduler, profile)
    raise typer.Exit(class_run.run(the_course, assignments, student, plan, events=json, every_student=table, wait=wait))


@app.command()
def feedback(names: Assignments = None, wait: Wait = False, folder: CourseFolder = None) -> None:
    """Make the feedback pages and release them. They go to nbgrader's exchange, for learners to fetch."""
    the_course = _load(folder)
    assignments = _selected(the_course, names)
    from autograder.grading import lock
    from autograder.nbgrader import commands

    with lock.held(the_course, "feedback", wait=wait):
        commands.feedback(commands.connect(the_course), the_course, assignments, print)


@app.command()
def solutions(names: Assignments = None, folder: CourseFolder = None) -> None:
    """Make executed solution notebooks. They go to solved/, to hand out after the deadline."""
    the_course = _load(folder)
    assignments = _selected(the_course, names)
    from autograder.nbgrader import commands

    commands.solve(commands.connect(the_course), the_course, assignments, print)


@app.command()
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
    the_course = _load(folder)
    assignments = _selected(the_course, names)
    from autograder.terminal import verify_run

    holds = verify_run.run(the_course, assignments, seeds=seeds, jobs=jobs, page=markdown)
    raise typer.Exit(GRADED if holds else NO_VERDICT)


@app.command("new-step")
def new_step(
    name: Annotated[str, typer.Argument(metavar="ID", help="Name of the step, such as edge_detection")],
    folder: CourseFolder = None,
) -> None:
    """Create the parts of a new step. They are for a toy function, which already passes `verify`."""
    the_course = _load(folder)
    from autograder.authoring.new_step import create_step

    for path in create_step(the_course, name):
        print(path.relative_to(the_course.root))
    print(f"Next: `autograder release --only-stubs {name}`, then `autograder verify {name}`; change it from there.")


@app.command()
def doctor(folder: CourseFolder = None) -> None:
    """Examine this machine and this course. Show what they can do and what is missing."""
    the_course = _load(folder)
    from autograder.doctor import examine
    from autograder.terminal import tables
    from autograder.terminal.console import console

    findings = examine(the_course)
    tables.show_findings(console(), findings)
    raise typer.Exit(GRADED if all(finding.good is not False for finding in findings) else NO_VERDICT)


@app.command()
def demo(
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="Folder to use; new or empty [default: a temporary one]"),
    ] = None,
    folder: CourseFolder = None,
) -> None:
    """Run the whole course on a made-up class. It releases, submits, grades and makes feedback in a scratch folder."""
    the_course = _load(folder)
    from autograder.demo import pipeline

    pipeline.run(the_course, into)


def _load(folder: Path | None) -> Course:
    """Load the course, and warn if it contains a copy of the kit other than the one that runs."""
    the_course = course.load(folder)
    own = the_course.other_kit()
    if own is not None:
        say(OTHER_COPY.format(running=course.KIT.parent, own=own))
    return the_course


def _selected(the_course: Course, names: list[str] | None) -> list[str]:
    """Return the assignments with these names, or all, in the course's order. Raises Problem for an unknown name."""
    for name in names or ():
        the_course.assignment(name)
    return [assignment.id for assignment in the_course.assignments if not names or assignment.id in names]


if __name__ == "__main__":
    main()
