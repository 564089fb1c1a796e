"""Show a class at a glance: `class`."""

import json as json_text
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.loading import load, selected
from autograder.terminal.options import Assignments, CourseFolder, Groups, Sections, Students


def class_(
    names: Assignments = None,
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Show random numbers in place of names, to project the page")
    ] = False,
    alike: Annotated[
        bool,
        typer.Option("--alike", help="Add hand-ins that are alike in a rare way, for a person to look at; no proof"),
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write the page [default: in overview/]")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print the numbers as JSON; write a page only with --out")
    ] = False,
    folder: CourseFolder = None,
) -> None:
    """Make a page about the class: results, commonest mistakes, hardest checks, who may need help."""
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.campus import selection
    from autograder.overview import page
    from autograder.overview.summary import as_json, summarize

    students = selection.members(the_course, student, section, group)
    summary = summarize(the_course, assignments, students, anonymous=anonymous, compare=alike)
    path = None if json and out is None else page.write_page(summary, out)
    if json:
        print(json_text.dumps(as_json(summary), indent=1), flush=True)
        return
    from autograder.terminal import class_tables
    from autograder.terminal.console import console

    class_tables.show(console(), summary)
    print(f"wrote {path}", file=sys.stderr)
