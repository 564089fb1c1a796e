"""The attacks in tests/attacks/: each a small file that says what it tries and what must come of it.

The first line says what it tries. Then come lines of the form `# key: value`:
    expected    the points that it must get; "at most 4" where it may also get less; always without an `error`
    says        a regular expression that a message or note of the report must match
    never       one that nothing in the report may match
    assignment  the step that it is handed in for (conv2d where there is none)
    with        files of tests/attacks/shared that are run before it
    target      the file or folder that it is after, by its place: {kit}, {prefix}, {root}, {course}. The attack
                finds it under the name TARGET, and it must be there outside, or the attack would prove nothing
    module      a module that it tries to import, which must be there outside as well
    where       "installed" for one that is about an installed package, and has no target in a clone
    times       how often the rest of the file stands in what is handed in
    beyond      why the sandbox does not promise to stop it; then only harm to others counts
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
    """Where things lie on this machine, for the targets of attacks."""

    kit: str
    prefix: str
    root: str
    course: str
    version: str = f"{sys.version_info.major}.{sys.version_info.minor}"

    @classmethod
    def of(cls, course: Course, class_folder: Path) -> "Places":
        """The places of the kit that is imported here; `class_folder` is a course's folder in which somebody grades."""
        return cls(str(Path(autograder.__file__).parent), sys.prefix, str(course.root), str(class_folder))


def make_class_folder(folder: Path) -> Path:
    """A folder of a course with what is nobody's to read, though every user of the machine could."""
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
    """One file of tests/attacks, read."""

    path: Path
    tries: str
    told: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def assignment(self) -> str:
        return self.told.get("assignment", "conv2d")

    def target(self, places: Places) -> str:
        """The path that it is after; empty where it is after none."""
        return self.told.get("target", "").format(**vars(places))

    def proves_nothing(self, places: Places) -> str:
        """Why nothing would follow from its failure: what it is after is not there, outside of any sandbox either."""
        target, module = self.target(places), self.told.get("module", "")
        if target and not Path(target).exists():
            return f"{target} does not exist"
        if module and importlib.util.find_spec(module) is None:
            return f"there is no module {module}"
        return ""

    def submission(self, course: Course, places: Places | None = None) -> Submission:
        """What a learner who tries this hands in, read as the kit reads it."""
        if self.path.suffix == ".ipynb":
            return notebooks.prepare(course, self.assignment, self.path).submission
        try:
            own = self._read()
        except Problem as problem:
            return Submission(self.assignment, self.path.name, (), unreadable=f"The file {problem.what}.")
        shared = [name.strip() for name in self.told.get("with", "").split(",") if name.strip()]
        cells = [Cell(f"{name}.py", (FOLDER / "shared" / f"{name}.py").read_text(encoding="utf-8")) for name in shared]
        if "target" in self.told and places:
            cells.append(Cell("target.py", f"TARGET = {self.target(places)!r}"))
        return Submission(self.assignment, self.path.name, (*cells, *own.cells))

    def _read(self) -> Submission:
        if "times" not in self.told:
            return read(self.path, self.assignment)
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        rest = "".join(lines[1 + len(self.told) :])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / self.path.name
            path.write_text(rest * int(self.told["times"]), encoding="utf-8")
            return read(path, self.assignment)

    def problem(self, report: Report) -> str:
        """What is wrong with the report on it, in words; empty where it is as expected."""
        told = "\n".join([*(check.message for check in report.checks), *report.notes])
        if report.has_error:
            return f"ended in an error: {told[:500]}"
        expected = self.told["expected"]
        allowed = float(expected.removeprefix("at most "))
        wrong = report.score > allowed or (report.score < allowed and not expected.startswith("at most"))
        if wrong and "beyond" not in self.told:
            return f"got {report.score:g} points, expected {expected}: {told[:500]}"
        if self.told.get("says") and not re.search(self.told["says"], told):
            return f"does not say “{self.told['says']}”: {told[:500]}"
        if self.told.get("never") and re.search(self.told["never"], report.to_json() + told):
            return f"says “{self.told['never']}”: {told[:500]}"
        return ""


def read_attack(path: Path) -> Attack:
    """The attack in a .py file, or in a notebook whose first cell is such a comment."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = source_of(json.loads(text)["cells"][0])
    lines = text.splitlines()
    told = {}
    for line in lines[1:]:
        found = KEY.fullmatch(line)
        if not found:
            break
        told[found[1]] = found[2] or ""
    return Attack(path, lines[0].removeprefix("# "), told)


def all_attacks() -> list[Attack]:
    """Every attack, by family and name."""
    paths = [path for path in FOLDER.rglob("*") if path.suffix in (".py", ".ipynb") and path.parent.name != "shared"]
    return [read_attack(path) for path in sorted(paths)]


def neighbour(course: Course, assignment: str = "conv2d") -> Submission:
    """A right answer for the assignment."""
    if assignment == "conv2d":
        shared = (FOLDER / "shared" / "answer.py").read_text(encoding="utf-8")
        return Submission("conv2d", "neighbour.py", (Cell("cell 1", shared), Cell("cell 2", RIGHT)))
    return read(course.master(assignment), assignment)
