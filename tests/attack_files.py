"""Read the attacks in tests/attacks/. Each is a small file that says what it tries and what the result must be.

Attacks by what is handed in, and not by code that runs, are tests of their own, tests/attacks/test_*.py.

The first line says what it tries. Then come lines of the form `# key: value`:
    expected    the points that it must get, or "at most 4" if it may get less; always without an `error`
    says        a regular expression that a message or note of the report must match
    never       a regular expression that nothing in the report may match
    assignment  the step that it is handed in for (default: conv2d)
    with        files of tests/attacks/shared that run before it
    target      the file or folder that it attacks, by its place: {kit}, {prefix}, {root}, {course}. The attack
                finds it as TARGET. It must exist outside the sandbox, or the attack would prove nothing
    module      a module that it tries to import, which must exist outside the sandbox as well
    where       "installed" if it attacks an installed package and has no target in a clone
    times       how often the rest of the file is repeated in the submission
    beyond      why the sandbox does not promise to stop it; only harm to others counts then
"""

import contextlib
import importlib.util
import json
import re
import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import autograder
from autograder.course import Course
from autograder.errors import Problem
from autograder.judge import notebooks
from autograder.notebooks.read import Cell, Submission, read, source_of
from autograder.report.report import Report

FOLDER = Path(__file__).parent / "attacks"
RIGHT = """
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return right(input, kernel, bias, stride, padding)
"""
KEY = re.compile(r"# (\w+):(?: (.*))?")


@dataclass(frozen=True)
class Places:
    """Folders on this machine that attacks target."""

    kit: str
    prefix: str
    root: str
    course: str
    version: str = f"{sys.version_info.major}.{sys.version_info.minor}"

    @classmethod
    def of(cls, course: Course, class_folder: Path) -> "Places":
        """Return the places of the imported kit. `class_folder` is the folder of a course in which somebody grades."""
        return cls(str(Path(autograder.__file__).parent), sys.prefix, str(course.root), str(class_folder))


def make_class_folder(folder: Path) -> Path:
    """Make a course folder whose secrets every user of the machine could read, but no submission may."""
    submitted = folder / "submitted" / "ada" / "conv2d"
    submitted.mkdir(parents=True)
    (submitted / "conv2d.ipynb").write_text("{}", encoding="ascii")
    (folder / "course.yml").write_text("seed: 1", encoding="ascii")
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as connection:
        connection.execute("create table student (id)")
        connection.execute("insert into student values ('ada')")
        connection.commit()
    for path in (submitted / "conv2d.ipynb", folder / "course.yml", folder / "gradebook.db"):
        path.chmod(0o666)
    return folder


@dataclass(frozen=True)
class Attack:
    """One file of tests/attacks."""

    path: Path
    tries: str
    fields: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def assignment(self) -> str:
        return self.fields.get("assignment", "conv2d")

    def target(self, places: Places) -> str:
        """Return the path that it attacks; empty if there is none."""
        return self.fields.get("target", "").format(**vars(places))

    def proves_nothing(self, places: Places) -> str:
        """Return why its failure would prove nothing: its target does not exist outside the sandbox either."""
        target, module = self.target(places), self.fields.get("module", "")
        if target and not Path(target).exists():
            return f"{target} does not exist"
        if module and importlib.util.find_spec(module) is None:
            return f"there is no module {module}"
        return ""

    def submission(self, course: Course, places: Places | None = None) -> Submission:
        """Return the submission of a learner who tries this, read as the kit reads it."""
        if self.path.suffix == ".ipynb":
            return notebooks.prepare(course, self.assignment, self.path).submission
        try:
            own = self._read()
        except Problem as problem:
            return Submission(self.assignment, self.path.name, (), unreadable=f"The file {problem.what}.")
        shared = [name.strip() for name in self.fields.get("with", "").split(",") if name.strip()]
        cells = [Cell(f"{name}.py", (FOLDER / "shared" / f"{name}.py").read_text(encoding="utf-8")) for name in shared]
        if "target" in self.fields and places:
            cells.append(Cell("target.py", f"TARGET = {self.target(places)!r}"))
        return Submission(self.assignment, self.path.name, (*cells, *own.cells))

    def _read(self) -> Submission:
        if "times" not in self.fields:
            return read(self.path, self.assignment)
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        rest = "".join(lines[1 + len(self.fields) :])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / self.path.name
            path.write_text(rest * int(self.fields["times"]), encoding="utf-8")
            return read(path, self.assignment)

    def problem(self, report: Report) -> str:
        """Return what is wrong with its report; empty if the report is as expected."""
        text = "\n".join([*(check.message for check in report.checks), *report.notes])
        if report.has_error:
            return f"ended in an error: {text[:500]}"
        expected = self.fields["expected"]
        allowed = float(expected.removeprefix("at most "))
        wrong = report.score > allowed or (report.score < allowed and not expected.startswith("at most"))
        if wrong and "beyond" not in self.fields:
            return f"got {report.score:g} points, expected {expected}: {text[:500]}"
        if self.fields.get("says") and not re.search(self.fields["says"], text):
            return f"does not say “{self.fields['says']}”: {text[:500]}"
        if self.fields.get("never") and re.search(self.fields["never"], report.to_json() + text):
            return f"says “{self.fields['never']}”: {text[:500]}"
        return ""


def read_attack(path: Path) -> Attack:
    """Read the attack in a .py file, or in a notebook whose first cell is such a comment."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = source_of(json.loads(text)["cells"][0])
    lines = text.splitlines()
    fields = {}
    for line in lines[1:]:
        match = KEY.fullmatch(line)
        if not match:
            break
        fields[match[1]] = match[2] or ""
    return Attack(path, lines[0].removeprefix("# "), fields)


def all_attacks() -> list[Attack]:
    """Return every attack, by family and name."""
    paths = [path for path in FOLDER.glob("*/*") if path.suffix in (".py", ".ipynb") and path.parent.name != "shared"]
    return [read_attack(path) for path in sorted(paths)]


def neighbour(course: Course, assignment: str = "conv2d") -> Submission:
    """Return a right answer to the assignment."""
    if assignment == "conv2d":
        shared = (FOLDER / "shared" / "answer.py").read_text(encoding="utf-8")
        return Submission("conv2d", "neighbour.py", (Cell("cell 1", shared), Cell("cell 2", RIGHT)))
    return read(course.master(assignment), assignment)
