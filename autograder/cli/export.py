"""Take grades and feedback pages out to other systems: `export FORMAT`. The formats are listed here."""

import typer

from autograder.cli.export_campus import canvas, canvas_feedback, moodle, moodle_feedback
from autograder.cli.export_tables import csv, gradescope, json, junit

export = typer.Typer(
    help="Take grades and feedback pages out to other systems. Each command first shows what does not match.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for command in (csv, json, junit, gradescope, canvas, moodle, moodle_feedback, canvas_feedback):
    export.command(command.__name__.replace("_", "-"))(command)
