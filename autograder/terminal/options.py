"""Options and arguments that several commands share."""

import os
from pathlib import Path
from typing import Annotated

import typer

CORES = os.cpu_count() or 1

CourseFolder = Annotated[
    Path | None,
    typer.Option("--course", metavar="DIR", help="Folder of the course [default: searched for from here upwards]"),
]
Unsafe = Annotated[
    bool,
    typer.Option("--unsafe-no-sandbox", help="If nothing can isolate submissions, run them with all of your rights"),
]
Wait = Annotated[bool, typer.Option("--wait", help="If another command is running on this course, wait for it")]
Assignments = Annotated[
    list[str] | None, typer.Argument(metavar="ASSIGNMENT", help="Assignments [default: all of the course]")
]
Students = Annotated[list[str] | None, typer.Option("--student", metavar="NAME", help="Only this student; repeatable")]
Sections = Annotated[
    list[str] | None, typer.Option("--section", metavar="NAME", help="Only this section of the roster; repeatable")
]
Groups = Annotated[
    list[str] | None, typer.Option("--group", metavar="NAME", help="Only this group of the roster; repeatable")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing")]
Jobs = Annotated[
    int, typer.Option(metavar="N", min=1, help="Number of processes to use", show_default="one for each core")
]
