"""Formats that hold all scores: `export csv`, `json`, `junit` and `gradescope`."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.export_options import DryRun, To, Who, write_all
from autograder.terminal.options import Assignments, CourseFolder, Groups, Sections, Students


def csv(
    names: Assignments = None,
    checks: Annotated[bool, typer.Option("--checks", help="Add a column for each check")] = False,
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Write a table for spreadsheets. It has a row for each learner and assignment."""
    from autograder.campus.outlets import table

    write_all(
        names,
        Who(student, section, group),
        folder,
        to or Path("grades.csv"),
        dry_run,
        lambda final: table.make(final, checks=checks),
    )


def json(
    names: Assignments = None,
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Write a JSON document for programs. It has each check, too."""
    from autograder.campus.outlets import json_document

    write_all(names, Who(student, section, group), folder, to or Path("grades.json"), dry_run, json_document.make)


def junit(
    names: Assignments = None,
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Write JUnit's XML. It has a suite for each submission and a case for each check."""
    from autograder.campus.outlets import junit

    write_all(names, Who(student, section, group), folder, to or Path("grades.xml"), dry_run, junit.make)


def gradescope(
    names: Assignments = None,
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    to: To = None,
    dry_run: DryRun = False,
    folder: CourseFolder = None,
) -> None:
    """Write a table like Gradescope's own. It is for programs that read what Gradescope exports."""
    from autograder.campus.outlets import gradescope

    write_all(names, Who(student, section, group), folder, to or Path("gradescope.csv"), dry_run, gradescope.make)
