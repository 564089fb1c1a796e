"""Files of a campus system that are filled, and zips of pages: `export canvas`, `moodle` and the two of feedback."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.export_options import DryRun, To, Who, finish, read
from autograder.errors import Problem
from autograder.terminal.options import Assignments, CourseFolder, Groups, Sections, Students

if TYPE_CHECKING:
    from autograder.campus.outlets.moodle import Worksheet
    from autograder.course import Course

Assignment = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="The assignment", show_default=False)]
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


def canvas(
    into: Annotated[Path, typer.Option("--into", metavar="FILE", help="The CSV that Canvas's gradebook exported")],
    names: Assignments = None,
    column: Columns = None,
    provisional: Provisional = False,
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Fill the file that Canvas's gradebook exported. Canvas imports the result."""
    the_course, final = read(folder, names, Who(student, section, group))
    from autograder.campus.outlets import canvas
    from autograder.campus.outlets.csv_to_fill import read_sheet

    titles = dict(_named(the_course, one) for one in column or ())
    made = canvas.fill(final, read_sheet(into), titles, ids=ids_of(the_course, "canvas"), provisional=provisional)
    finish(the_course, made, to or Path("canvas.csv"), dry_run, source=into)


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
    section: Sections = None,
    group: Groups = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Fill the grading worksheet of Moodle. Moodle takes the result back."""
    the_course, final = read(folder, [assignment], Who(student, section, group))
    from autograder.campus.outlets import moodle

    worksheet = _worksheet(into, grade_column, comment_column, id_column)
    wants_comments, ids = comments or bool(comment_column), ids_of(the_course, "moodle")
    made = moodle.fill(final, assignment, worksheet, ids=ids, comments=wants_comments, provisional=provisional)
    finish(the_course, made, to or Path(f"moodle-{assignment}.csv"), dry_run, source=into)


def moodle_feedback(
    assignment: Assignment,
    source: Annotated[
        Path, typer.Option("--from", metavar="FILE", help="Moodle's grading worksheet, or its zip of all submissions")
    ],
    id_column: IdColumns = None,
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Pack feedback pages as the zip that Moodle takes back."""
    the_course, final = read(folder, [assignment], Who(student, section, group))
    from autograder.campus.outlets import moodle_feedback, zip_of_pages

    if source.suffix.lower() == ".zip":
        places = moodle_feedback.places_of_archive(source, assignment)
    else:
        worksheet = _worksheet(source, "", "", id_column)
        places = moodle_feedback.places_of_worksheet(worksheet, assignment)
    made = zip_of_pages.pack(final, assignment, places, ids_of(the_course, "moodle"))
    finish(the_course, made, to or Path(f"moodle-feedback-{assignment}.zip"), dry_run, source=source, noun="page")


def canvas_feedback(
    assignment: Assignment,
    source: Annotated[Path, typer.Option("--from", metavar="FILE", help="The zip of submissions that Canvas made")],
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Pack feedback pages as the zip that Canvas takes back."""
    the_course, final = read(folder, [assignment], Who(student, section, group))
    from autograder.campus.outlets import canvas_feedback, zip_of_pages

    made = zip_of_pages.pack(final, assignment, canvas_feedback.places(source), ids_of(the_course, "canvas"))
    finish(the_course, made, to or Path(f"canvas-feedback-{assignment}.zip"), dry_run, source=source, noun="page")


def ids_of(the_course: "Course", system: str) -> Mapping[str, str]:
    """Return the learner for each id that the roster has of a campus system."""
    from autograder.campus import roster

    return roster.load(the_course).ids_of(system)


def _worksheet(file: Path, grade: str, comment: str, ids: list[str] | None) -> "Worksheet":
    from autograder.campus.outlets.csv_to_fill import read_sheet
    from autograder.campus.outlets.moodle import read_worksheet

    return read_worksheet(read_sheet(file), grade, comment, ids or ())


def _named(the_course: "Course", option: str) -> tuple[str, str]:
    name, equals, title = option.partition("=")
    if not equals or not title.strip():
        raise Problem("--column", f"'{option}' names no title", "Write it as --column conv2d='TITLE'.")
    return the_course.assignment(name.strip()).id, title.strip()
