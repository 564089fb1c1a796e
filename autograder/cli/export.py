"""Take grades and feedback pages out to other systems: `export FORMAT`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.loading import load, selected
from autograder.errors import Problem
from autograder.terminal.options import Assignments, CourseFolder, Students

if TYPE_CHECKING:
    from autograder.campus.final_scores import FinalScores
    from autograder.campus.made import Made
    from autograder.campus.outlets.moodle import Worksheet
    from autograder.course import Course

Assignment = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="The assignment", show_default=False)]
To = Annotated[Path | None, typer.Option("--to", metavar="FILE", help="File to write, in place of the usual name")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing")]
Provisional = Annotated[
    bool, typer.Option("--provisional", help="Write scores that need manual grading, too, as they are now")
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="ASSIGNMENT=TITLE", help="Canvas's title of an assignment; repeatable"),
]
GradeColumn = Annotated[str, typer.Option("--grade-column", metavar="HEADING", help="The column of the grade")]
CommentColumn = Annotated[str, typer.Option("--comment-column", metavar="HEADING", help="The column of comments")]
IdColumns = Annotated[
    list[str] | None,
    typer.Option("--id-column", metavar="HEADING", help="A column that holds ids of the gradebook; repeatable"),
]

export = typer.Typer(
    help="Take grades and feedback pages out to other systems. Each command first shows what does not match.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@export.command()
def csv(
    names: Assignments = None,
    checks: Annotated[bool, typer.Option("--checks", help="Add a column for each check")] = False,
    student: Students = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Write a table for spreadsheets. It has a row for each learner and assignment."""
    from autograder.campus.outlets import table

    _all(names, student, folder, to or Path("grades.csv"), dry_run, lambda final: table.make(final, checks=checks))


@export.command()
def json(
    names: Assignments = None,
    student: Students = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Write a JSON document for programs. It has each check, too."""
    from autograder.campus.outlets import json_document

    _all(names, student, folder, to or Path("grades.json"), dry_run, json_document.make)


@export.command()
def junit(
    names: Assignments = None,
    student: Students = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Write JUnit's XML. It has a suite for each submission and a case for each check."""
    from autograder.campus.outlets import junit

    _all(names, student, folder, to or Path("grades.xml"), dry_run, junit.make)


@export.command()
def gradescope(
    names: Assignments = None,
    student: Students = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Write a table like Gradescope's own. It is for programs that read what Gradescope exports."""
    from autograder.campus.outlets import gradescope

    _all(names, student, folder, to or Path("gradescope.csv"), dry_run, gradescope.make)


@export.command()
def canvas(
    into: Annotated[Path, typer.Option("--into", metavar="FILE", help="The CSV that Canvas's gradebook exported")],
    names: Assignments = None,
    column: Columns = None,
    provisional: Provisional = False,
    student: Students = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Fill the file that Canvas's gradebook exported. Canvas imports the result."""
    the_course, final = _read(folder, names, student)
    from autograder.campus.outlets import canvas
    from autograder.campus.sheet import read_sheet

    titles = dict(_named(the_course, one) for one in column or ())
    made = canvas.fill(final, read_sheet(into), titles, provisional=provisional)
    _finish(the_course, made, to or Path("canvas.csv"), dry_run, source=into)


@export.command()
def moodle(
    assignment: Assignment,
    into: Annotated[Path, typer.Option("--into", metavar="FILE", help="The grading worksheet that Moodle made")],
    comments: Annotated[
        bool, typer.Option("--comments", help="Fill the comments, with a line about the checks")
    ] = False,
    provisional: Provisional = False,
    grade_column: GradeColumn = "",
    comment_column: CommentColumn = "",
    id_column: IdColumns = None,
    student: Students = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Fill the grading worksheet of Moodle. Moodle takes the result back."""
    the_course, final = _read(folder, [assignment], student)
    from autograder.campus.outlets import moodle

    worksheet = _worksheet(into, grade_column, comment_column, id_column)
    made = moodle.fill(final, assignment, worksheet, comments=comments or bool(comment_column), provisional=provisional)
    _finish(the_course, made, to or Path(f"moodle-{assignment}.csv"), dry_run, source=into)


@export.command()
def moodle_feedback(
    assignment: Assignment,
    source: Annotated[
        Path, typer.Option("--from", metavar="FILE", help="Moodle's grading worksheet, or its zip of all submissions")
    ],
    id_column: IdColumns = None,
    student: Students = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Pack feedback pages as the zip that Moodle takes back."""
    the_course, final = _read(folder, [assignment], student)
    from autograder.campus.outlets import moodle_feedback, pages

    if source.suffix.lower() == ".zip":
        places = moodle_feedback.places_of_archive(source, assignment)
    else:
        worksheet = _worksheet(source, "", "", id_column)
        places = moodle_feedback.places_of_worksheet(worksheet, assignment)
    made = pages.pack(final, assignment, places)
    _finish(the_course, made, to or Path(f"moodle-feedback-{assignment}.zip"), dry_run, source=source, noun="page")


@export.command()
def canvas_feedback(
    assignment: Assignment,
    source: Annotated[Path, typer.Option("--from", metavar="FILE", help="The zip of submissions that Canvas made")],
    student: Students = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Pack feedback pages as the zip that Canvas takes back."""
    the_course, final = _read(folder, [assignment], student)
    from autograder.campus.outlets import canvas_feedback, pages

    made = pages.pack(final, assignment, canvas_feedback.places(source))
    _finish(the_course, made, to or Path(f"canvas-feedback-{assignment}.zip"), dry_run, source=source, noun="page")


def _read(folder: Path | None, names: list[str] | None, students: list[str] | None) -> "tuple[Course, FinalScores]":
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.campus import final_scores

    return the_course, final_scores.read(the_course, assignments, students)


def _all(
    names: list[str] | None,
    students: list[str] | None,
    folder: Path | None,
    target: Path,
    dry_run: bool,
    make: "Callable[[FinalScores], Made]",
) -> None:
    the_course, final = _read(folder, names, students)
    _finish(the_course, make(final), target, dry_run)


def _finish(
    the_course: "Course", made: "Made", target: Path, dry_run: bool, *, source: Path | None = None, noun: str = "score"
) -> None:
    """Show what is made, then write it."""
    from autograder.campus import writing
    from autograder.report.counts import counted
    from autograder.terminal.console import console, plain
    from autograder.terminal.export_table import show_made

    writing.require_writable(the_course, target, source)
    out, size = console(), counted(made.filled, noun)
    show_made(out, made)
    if dry_run:
        out.print(plain(f"{target} would hold {size}; nothing is written"), soft_wrap=True)
    else:
        writing.write(target, made.content)
        out.print(plain(f"{target} holds {size}"), soft_wrap=True)


def _worksheet(file: Path, grade: str, comment: str, ids: list[str] | None) -> "Worksheet":
    from autograder.campus.outlets.moodle import read_worksheet
    from autograder.campus.sheet import read_sheet

    return read_worksheet(read_sheet(file), grade, comment, ids or ())


def _named(the_course: "Course", option: str) -> tuple[str, str]:
    name, equals, title = option.partition("=")
    if not equals or not title.strip():
        raise Problem("--column", f"'{option}' names no title", "Write it as --column conv2d='TITLE'.")
    return the_course.assignment(name.strip()).id, title.strip()
