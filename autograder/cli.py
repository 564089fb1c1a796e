"""The command line: `autograder COMMAND`. Reads arguments, calls the part that does it, shows what came of it."""

import gc
import os
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from autograder.safe_path import keep_off_the_working_folder
from autograder.terminal import failure

# torch, nbgrader and rich are imported inside the commands that need them, so that the others start at once.

GRADED, NO_VERDICT, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
OTHER_COPY = (
    "This is the autograder of {running}, not the one in {own}: the hidden checks are those of {running}. "
    "For the course's own: cd {own} && make setup && . .venv/bin/activate"
)
DEBUG = "AUTOGRADER_DEBUG"
CORES = os.cpu_count() or 1

app = typer.Typer(
    name="autograder",
    help="Grades 2-D convolution written by hand: a course kit over nbgrader and PyTorch.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

CourseFolder = Annotated[
    Path | None,
    typer.Option("--course", metavar="DIR", help="Folder of the course [default: found from here upwards]"),
]
UNISOLATED = "Where nothing can isolate submissions, run them with your rights"
Unsafe = Annotated[bool, typer.Option("--unsafe-no-sandbox", help=UNISOLATED)]
Wait = Annotated[bool, typer.Option("--wait", help="Where another command is running on this course, wait for it")]
Assignments = Annotated[
    list[str] | None, typer.Argument(metavar="ASSIGNMENT", help="Assignments [default: all of the course]")
]
Jobs = Annotated[
    int, typer.Option(metavar="N", min=1, help="How many processes to use", show_default="one for each core")
]
Students = Annotated[
    list[str] | None, typer.Option("--student", metavar="NAME", help="Only this student; may be given again")
]


def main() -> None:
    """Run the command line. Problems are told in a line, without a traceback, and give exit status 2."""
    # What nbgrader's use of SQLAlchemy or Jupyter sets off is nothing that an instructor could mend.
    warnings.filterwarnings("ignore", module=r"nbgrader\.")
    keep_off_the_working_folder()
    try:
        app()
    except Problem as problem:
        _say(str(problem))
        sys.exit(WRONG_USAGE)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        told = failure.in_the_way(error)
        _say(told or failure.ours(error, DEBUG))
        sys.exit(WRONG_USAGE if told else NO_VERDICT)
    finally:
        # All that was imported would be looked through for garbage as this process ends: 0.7 s, with torch.
        gc.freeze()


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="A notebook (.ipynb) or a Python file (.py)")],
    assignment: Annotated[
        str | None, typer.Option(metavar="ID", help="Assignment to grade it as [default: told by the file]")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, and nothing else")] = False,
    unsafe: Unsafe = False,
    folder: CourseFolder = None,
) -> None:
    """Grade one file. Nothing is written into the gradebook."""
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
    only_stubs: Annotated[bool, typer.Option("--only-stubs", help="Leave the exchange alone")] = False,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Make the stub notebooks and put them into nbgrader's exchange."""
    the_course = _load(folder)
    names = _named(the_course, names)
    from autograder.grading import lock
    from autograder.nbgrader import commands
    from autograder.terminal import keys

    api = commands.connect(the_course)
    with lock.held(the_course, "release", wait=wait):
        commands.generate(api, the_course, names, print)
        keys.warn(the_course if only_stubs else keys.ensure(the_course))
        if not only_stubs:
            commands.release(api, the_course, names, print)


@app.command()
def key(folder: CourseFolder = None) -> None:
    """Make the secret that decides the hidden checks, in course.key. One that is there already is never replaced."""
    from autograder.terminal import keys

    keys.warn(keys.make(course.load(folder)))


@app.command()
def collect(
    names: Assignments = None,
    student: Students = None,
    before_duedate: Annotated[
        bool, typer.Option("--before-duedate", help="The last one in time, where there is one; else the last one")
    ] = False,
    folder: CourseFolder = None,
) -> None:
    """Fetch what learners handed in from nbgrader's exchange: of each learner the last submission."""
    the_course = _load(folder)
    names = _named(the_course, names)
    from autograder.nbgrader import commands

    api = commands.connect(the_course)
    whole = commands.collect(api, the_course, names, print, students=student, before_due=before_duedate)
    raise typer.Exit(GRADED if whole else NO_VERDICT)


@app.command()
def grade(
    names: Assignments = None,
    student: Students = None,
    jobs: Jobs = CORES,
    force: Annotated[bool, typer.Option("--force", help="Grade again what has not changed since")] = False,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDR", help="Grade on a Dask cluster: tcp://HOST:8786, or local")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print events, one JSON object a line")] = False,
    table: Annotated[bool, typer.Option("--table", help="Show every student, however large the class")] = False,
    profile: Annotated[bool, typer.Option("--profile", help="Say where the time went")] = False,
    unsafe: Unsafe = False,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Grade what lies in submitted/ into the gradebook. What has not changed since it was graded is left as it is."""
    the_course = _load(folder)
    wanted = _named(the_course, names)
    from autograder.grading import engine, lock
    from autograder.grading.chosen import chosen, left_alone
    from autograder.grading.plan import Plan
    from autograder.notebooks.submitted import alike
    from autograder.terminal import class_run, interrupt, keys, progress

    found = chosen(the_course, wanted, student)
    wanted = list(dict.fromkeys(folder.assignment for folder in found))
    keys.warn(the_course)
    tally = progress.Tally(len(found))
    with interrupt.once_to_finish(lambda: _say(interrupt.FINISHING)) as asked:
        plan = Plan(jobs, force, unsafe, scheduler, profile, asked.is_set)
        try:
            with (
                plan.stages.recording(profile),
                lock.held(the_course, "grade", wait=wait),
                progress.following(tally, events=json) as told,
            ):
                for one in engine.grade_each(the_course, wanted, student, plan):
                    told(one)
            class_run.show(tally, plan.stages if profile else None, events=json, whole=table)
        except KeyboardInterrupt:
            _say(interrupt.INTERRUPTED_AT_ONCE)
            raise typer.Exit(INTERRUPTED) from None
    nobodys = left_alone(the_course)
    for line in (*alike(the_course), *nobodys):
        _say(line)
    if tally.done < tally.total:
        _say(interrupt.STOPPED.format(done=tally.done, total=tally.total))
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(NO_VERDICT if tally.has_error or nobodys else GRADED)


@app.command()
def feedback(names: Assignments = None, wait: Wait = False, folder: CourseFolder = None) -> None:
    """Make the feedback pages and put them into nbgrader's exchange."""
    the_course = _load(folder)
    names = _named(the_course, names)
    from autograder.grading import lock
    from autograder.nbgrader import commands

    with lock.held(the_course, "feedback", wait=wait):
        commands.feedback(commands.connect(the_course), the_course, names, print)


@app.command()
def solutions(names: Assignments = None, folder: CourseFolder = None) -> None:
    """Make the solved notebooks, executed, in solved/: to hand out after the deadline."""
    the_course = _load(folder)
    names = _named(the_course, names)
    from autograder.nbgrader import commands

    commands.solve(commands.connect(the_course), the_course, names, print)


@app.command()
def verify(
    names: Assignments = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="How many seeds to try")] = 20,
    jobs: Jobs = CORES,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Put the tables into this page, too")
    ] = None,
    folder: CourseFolder = None,
) -> None:
    """Prove the assignments under many seeds, by their solutions, their stubs, and known right and wrong answers."""
    the_course = _load(folder)
    wanted = _named(the_course, names)
    from autograder.authoring import notebooks_proof, proof_page
    from autograder.authoring.answers_proof import prove_answers
    from autograder.terminal import tables
    from autograder.terminal.console import console

    if markdown:
        # The page tells which seeds were tried: public ones.
        the_course = the_course.under(None)
    sandboxed = min(seeds, notebooks_proof.MOST_SEEDS)
    with tables.progress("grading solutions and stubs", sandboxed) as advance:
        proven = notebooks_proof.prove_notebooks(the_course, wanted, seeds=sandboxed, on_seeds=advance)
    with tables.progress("trying known answers", seeds * len(wanted)) as advance:
        found = prove_answers(the_course, wanted, seeds, jobs, advance)
    tables.show_proof(console(), proven, sandboxed)
    tables.show_found(console(), found)
    if markdown:
        proof_page.write(markdown, found, the_course.seed)
    holds = all(one.holds for one in [*proven, *found.values()])
    raise typer.Exit(GRADED if holds else NO_VERDICT)


@app.command("new-step")
def new_step(
    name: Annotated[str, typer.Argument(metavar="ID", help="Name of the step, such as edge_detection")],
    folder: CourseFolder = None,
) -> None:
    """Lay down the parts of a new step, for a toy function that already passes `verify`."""
    the_course = _load(folder)
    from autograder.authoring.new_step import lay_down

    for path in lay_down(the_course, name):
        print(path.relative_to(the_course.root))
    print(f"Next: `autograder release --only-stubs {name}`, then `autograder verify {name}`; change it from there.")


@app.command()
def doctor(folder: CourseFolder = None) -> None:
    """Say what this machine and this course can do, and what is missing."""
    the_course = _load(folder)
    from autograder.doctor import examine
    from autograder.terminal import tables
    from autograder.terminal.console import console

    findings = examine(the_course)
    tables.show_findings(console(), findings)
    raise typer.Exit(GRADED if all(one.good is not False for one in findings) else NO_VERDICT)


@app.command()
def demo(
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="Folder to use; new or empty [default: a temporary one]"),
    ] = None,
    folder: CourseFolder = None,
) -> None:
    """Show the whole course on a made-up class, in a scratch folder: release, submit, grade, feedback, gradebook."""
    the_course = _load(folder)
    from autograder.demo import pipeline

    pipeline.run(the_course, into)


def _load(folder: Path | None) -> Course:
    """Load the course, and say so where it holds a kit of its own that is not this one."""
    the_course = course.load(folder)
    own = the_course.other_kit()
    if own is not None:
        _say(OTHER_COPY.format(running=course.KIT.parent, own=own))
    return the_course


def _named(the_course: Course, names: list[str] | None) -> list[str]:
    """The assignments meant, in the course's order. Raises Problem for an unknown one."""
    for name in names or ():
        the_course.assignment(name)
    return [one.id for one in the_course.assignments if not names or one.id in names]


def _say(text: str) -> None:
    from autograder.sanitize import clean

    print(clean(text).encode("utf-8", "replace").decode(), file=sys.stderr)


if __name__ == "__main__":
    main()
