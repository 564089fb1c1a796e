"""The attacks in tests/attacks/: each a small file that says what it tries and what must come of it.

The first line says what it tries. Then come lines of the form `# key: value`:
    expected    the points that it must get; "at most 4" where it may also get less; always without an `error`
    says        a regular expression that a message or note of the report must match
    never       one that nothing in the report may match
    assignment  the step that it is handed in for (conv2d where there is none)
    with        files of tests/attacks/shared that are run before it
    times       how often the rest of the file stands in what is handed in
    beyond      why the sandbox does not promise to stop it; then only harm to others counts
"""

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.judge import notebooks
from autograder.notebooks.read import Cell, Submission, read, source_of
from autograder.report.report import Report

FOLDER = Path(__file__).parent / "attacks"
KEY = re.compile(r"# (\w+):(?: (.*))?")


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

    def submission(self, course: Course) -> Submission:
        """What a learner who tries this hands in, read as the kit reads it."""
        if self.path.suffix == ".ipynb":
            return notebooks.make_whole(course, self.assignment, self.path).submission
        try:
            own = self._read()
        except Problem as problem:
            return Submission(self.assignment, self.path.name, (), unreadable=f"The file {problem.what}.")
        shared = [name.strip() for name in self.told.get("with", "").split(",") if name.strip()]
        cells = [Cell(f"{name}.py", (FOLDER / "shared" / f"{name}.py").read_text(encoding="utf-8")) for name in shared]
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
