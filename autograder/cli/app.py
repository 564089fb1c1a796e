"""The command line: `autograder COMMAND`. Each command reads its options, calls one part of the kit, shows the result.

torch, nbgrader and rich are imported inside the commands that need them, so that all others start at once.
"""

import gc
import warnings

import typer

from autograder.cli.authoring import new_step, verify
from autograder.cli.check import check
from autograder.cli.class_page import class_
from autograder.cli.collect import collect
from autograder.cli.elsewhere import grade_one, package
from autograder.cli.export import export
from autograder.cli.extend import extend
from autograder.cli.feedback import feedback, solutions
from autograder.cli.grade import grade
from autograder.cli.importing import import_
from autograder.cli.release import key, release
from autograder.cli.roster import roster
from autograder.cli.trying import demo, doctor
from autograder.safe_path import keep_off_the_working_folder
from autograder.terminal import failure

# Nothing of what a command imports becomes garbage. To look for it as often as Python does takes a sixth of the time.
SELDOM = 50_000, 20, 100

app = typer.Typer(
    name="autograder",
    help="Grades 2-D convolution written by hand: a course kit over nbgrader and PyTorch.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# In the order of `autograder --help` and of docs/commands.md: as a term goes.
COMMANDS = (
    check, release, key, roster, collect, import_, extend, grade, class_, feedback, solutions, package, grade_one,
    verify, new_step, doctor, demo,
)  # fmt: skip
for command in COMMANDS:
    app.command(command.__name__.strip("_").replace("_", "-"))(command)
app.add_typer(export, name="export")


def main() -> None:
    """Run the command line. A Problem is printed as one line without a traceback and exits with status 2."""
    gc.set_threshold(*SELDOM)
    # An instructor can do nothing about warnings from nbgrader's use of SQLAlchemy and Jinja.
    warnings.filterwarnings("ignore", module=r"nbgrader\.")
    keep_off_the_working_folder()
    failure.run_safely(app)
