"""Every command of the pages for instructors runs, in the pages' order, and every other one is at least read."""

import csv
import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer
from nbgrader.apps import NbGraderApp

from autograder import course
from autograder.cli.app import app
from autograder.course import Course
from autograder.grading import engine
from tests import courses
from tests.nbgrader.exchange import EXCHANGE, submit

ROOT = Path(__file__).resolve().parents[2]
# In the order of a reader: these run. Of all others, commands are read by the command line's own parser.
RUN = ("README.md", "docs/instructors.md", "docs/campus.md", "docs/elsewhere.md")
PAGES = {str(path.relative_to(ROOT)) for folder in (".", "docs") for path in (ROOT / folder).glob("*.md")}
# The command line itself writes this one.
PAGES -= {"docs/commands.md"}
COMMAND = re.compile(r"(?:\.venv/bin/)?(autograder|nbgrader|make) .*")
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:autograder|nbgrader|make) [^`]+)`")
# Why a line is read and not run.
ONLY_READ = {
    "make demo": "tests/demo runs it",
    "make test": "runs these tests",
    "make setup && . .venv/bin/activate": "installs an environment; tests/test_copied_clone.py has what it decides",
    "make site": "tests/test_site.py builds the site",
    "autograder new-step blur": "tests/authoring/test_new_step.py runs it in a copy of the kit",
    "autograder release --only-stubs blur": "as above",
    "autograder verify blur": "as above",
}
ONE_STEP = """course: tiny
seed: 7
limits: {limits}
assignments:
  - id: conv2d
    points: 10
    due: 2027-01-15 23:59
"""
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    "Participant 12,Ada Lovelace,ada@example.org,Submitted,,10.00,Yes,Monday,-,\n"
)
ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (7)\n"
    'Points Possible,,,,,10.00\n"Lovelace, Ada",12,S12,ada,Monday 10:00,\n'
)


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def lines_of(page: str) -> list[str]:
    """Return the commands of a page's blocks, whatever their language, without comments."""
    lines = (
        line.partition(" #")[0].strip() for _, block in FENCED.findall(text_of(page)) for line in block.splitlines()
    )
    return [line for line in lines if COMMAND.fullmatch(line)]


def inline_of(page: str) -> list[str]:
    """Return the commands in a page's prose."""
    return [" ".join(found.split()) for found in INLINE.findall(FENCED.sub("", text_of(page)))]


def read(line: str) -> None:
    """Read a command as its program does; what it must have may be missing. Raises AssertionError."""
    program, *arguments = shlex.split(line.removeprefix(".venv/bin/").partition(" && ")[0])
    if program == "make":
        targets = re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE)
        assert {each for each in arguments if "=" not in each} <= set(targets), line
    elif program == "nbgrader":
        assert arguments[0] in NbGraderApp.subcommands, line
    else:
        command = typer.main.get_command(app)
        while hasattr(command, "commands") and arguments:
            name = arguments.pop(0)
            assert name in command.commands, line
            command = command.commands[name]
        try:
            command.make_context("autograder", [*arguments])
        except Exception as error:
            if type(error).__name__ not in ("MissingParameter", "NoArgsIsHelpError"):
                raise AssertionError(line) from error


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_command_of_every_page_is_one(page: str) -> None:
    for line in (*lines_of(page), *inline_of(page)):
        read(line)


@pytest.mark.parametrize("line", ["autograder grad", "autograder grade --twice", "nbgrader grade", "make coffee"])
def test_one_that_is_none_is_found(line: str) -> None:
    with pytest.raises(AssertionError):
        read(line)


def test_only_lines_that_are_there_are_read_and_not_run() -> None:
    lines = [line for page in RUN for line in lines_of(page)]
    assert ONLY_READ.keys() <= set(lines)
    assert len(lines) - len(ONLY_READ) > 40, "all others run in the next test"


def test_the_instructors_page_goes_in_the_order_of_a_term() -> None:
    text = text_of("docs/instructors.md")
    parts = ["Before the term", "Each week", "When something changes", "After the term", "Reference"]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == parts
    week = text.partition("## Each week")[2]
    steps = ["release", "collect", "import", "grade conv2d --dry-run", "class", "feedback", "export canvas", "extend"]
    places = [week.index(f"\nautograder {step}") for step in steps]
    assert all(before < after for before, after in pairwise(places))
    assert "(docs/instructors.md)" in text_of("README.md").partition("## For instructors")[2]


@pytest.fixture
def term(tmp_path: Path) -> Course:
    """A course of one step at the beginning of a term, with an exchange, and with what a campus system supplies."""
    of = courses.make(tmp_path / "course", settings=ONE_STEP, assignments=["conv2d"])
    inbound = tmp_path / "exchange" / "tiny" / "inbound"
    inbound.mkdir(parents=True)
    (tmp_path / "exchange").chmod(0o777)
    with (of.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(EXCHANGE.format(root=str(tmp_path / "exchange")))
    notebook = json.dumps(courses.answered(of, courses.NO_STRIDE))
    submit(of, inbound, "ada", 1)
    next(inbound.iterdir()).joinpath("conv2d.ipynb").write_text(notebook, encoding="utf-8")
    for name in ("Grades-worksheet.csv", "grading-worksheet.csv"):
        (of.root / name).write_text(WORKSHEET, encoding="utf-8")
    for name in ("canvas-gradebook.csv", "grades-from-canvas.csv"):
        (of.root / name).write_text(ROSTER, encoding="utf-8")
    with zipfile.ZipFile(of.root / "submissions.zip", "w") as archive:
        archive.writestr("lovelaceada_12_345_conv2d.ipynb", notebook)
    (of.root / "FOLDER").mkdir()
    (of.root / "FOLDER" / "conv2d.ipynb").write_text(notebook, encoding="utf-8")
    return of


def complete_roster(of: Course) -> None:
    """Add what the docs let you add by hand: an address, and a group."""
    path = of.root / "roster.csv"
    with path.open(encoding="utf-8", newline="") as file:
        (ada,) = csv.DictReader(file)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ada)
        writer.writeheader()
        writer.writerow({**ada, "group": "Blue", "e-mail": "ada@example.org"})


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of nbgrader's own use of traitlets
def test_every_command_of_the_pages_for_instructors_runs(
    term: Course, run_cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(term.root)
    ran = set(ONLY_READ)
    for page in RUN:
        for line in lines_of(page):
            if line in ran:
                continue
            ran.add(line)
            program, *arguments = shlex.split(line)
            assert program == "autograder", f"{page}: {line} needs a way to run it here"
            done = run_cli(*arguments)
            # Before there is a key, the doctor says so with status 1.
            fine = (0, 1) if arguments == ["doctor"] else (0,)
            assert done.exit_code in fine, (page, line, done.stdout, done.stderr)
            if arguments[0] == "roster" and "--dry-run" not in arguments:
                complete_roster(term)
    made = ("grades.csv", "grades.json", "canvas.csv", "changes.html", "overview/conv2d-anonymous.html", "conv2d.zip")
    assert [name for name in made if not (term.root / name).is_file()] == []
    assert "ada" in (term.root / "grades.csv").read_text(encoding="utf-8")
    assert (term.root / "feedback" / "ada" / "conv2d" / "conv2d.html").is_file()
    assert (term.root / "solved").is_dir()
    assert json.loads((term.root / "results.json").read_text(encoding="utf-8"))["score"] == 7
    assert course.load(term.root).key.origin == "course.key"


@pytest.mark.slow
def test_the_export_of_contributing(a_course: Course) -> None:
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    engine.grade_class(a_course, ["conv2d"])
    section = text_of("CONTRIBUTING.md").split("## Add an export format\n")[1]
    module = re.search(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL).group(1)
    (a_course.root / "json_export.py").write_text(module, encoding="utf-8")
    (line,) = [line for line in lines_of("CONTRIBUTING.md") if line.startswith("nbgrader")]
    path = os.pathsep.join((str(Path(sys.prefix) / "bin"), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(shlex.split(line), cwd=a_course.root, env=environment, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (score,) = json.loads((a_course.root / "grades.json").read_text(encoding="utf-8"))
    assert score == {"student": "ada", "assignment": "conv2d", "score": 10}
