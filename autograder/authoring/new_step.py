"""Create all parts of a new step for a toy function: a lesson, a suite, known answers, an entry in course.yml.

`verify` proves this step as it is. An author turns it into the real one bit by bit.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import nbformat

from autograder import course
from autograder.authoring.visible_checks import VISIBLE_CHECKS, read_file, shared_source
from autograder.course import Course
from autograder.errors import Problem

KIT = Path(__file__).resolve().parents[1]
TEMPLATE = Path(__file__).resolve().parent / "template"
MODULES = {"test_step": "test_{name}", "right_answers": "right_answers", "wrong_answers": "wrong_answers"}
TOY = re.compile(r"\btoy\b")
NAME = re.compile(r"[a-z][a-z0-9_]*")
ENTRY = "  - id: {name}\n    points: 10\n"
DUE = "    due: {due}\n"


def create_step(to: Course, name: str) -> list[Path]:
    """Write the parts of a step and return their paths, course.yml last. No existing file but course.yml changes.

    Raises Problem if the name is invalid or taken.
    """
    parts = _parts(to, name)
    _require_new(to, name, list(parts))
    settings = to.root / "course.yml"
    before = settings.read_text(encoding="utf-8")
    for path, text in parts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings.write_text(before.rstrip("\n") + "\n" + _entry(to, name), encoding="utf-8")
    try:
        course.load(to.root)
    except Problem as problem:
        settings.write_text(before, encoding="utf-8")
        for path in parts:
            path.unlink()
        for folder in {path.parent for path in parts}:
            folder.rmdir()
        remedy = "Put the assignments at the end of the file, in block style, and run the command again."
        raise Problem(settings, f"a new entry at its end could not be read: {problem.what}", remedy) from problem
    return [*parts, settings]


def _parts(to: Course, name: str) -> dict[Path, str]:
    """Return the text of each file of the step, by path."""
    lesson = _lesson(to.root / "solutions")
    parts = {to.master(name): lesson}
    folder = KIT / "steps" / name
    parts |= {
        folder / f"{module.format(name=name)}.py": read_file(TEMPLATE / f"{toy}.py") for toy, module in MODULES.items()
    }
    parts[folder / "__init__.py"] = ""
    return {path: TOY.sub(name, text) for path, text in parts.items()}


def _lesson(solutions: Path) -> str:
    """Return the toy's notebook, its visible checks preceded by the code that all lessons share."""
    notebook = nbformat.reads(read_file(TEMPLATE / "lesson.ipynb"), as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.id == VISIBLE_CHECKS)
    cell.source = f"{shared_source(solutions)}\n\n{cell.source}"
    return f"{nbformat.writes(notebook)}\n"


def _require_new(to: Course, name: str, parts: Sequence[Path]) -> None:
    if not NAME.fullmatch(name) or name == "toy":
        remedy = "Use lower-case letters, digits and underscores, starting with a letter: edge_detection."
        raise Problem(to.root / "course.yml", f"'{name}' cannot be the name of a step", remedy)
    if KIT.parent != to.root.resolve():
        remedy = "Run this in a clone of the course kit, with the clone's own autograder."
        raise Problem(to.root, f"is not where this autograder lives ({KIT.parent})", remedy)
    existing = [path for path in parts if path.exists()]
    if existing or name in (assignment.id for assignment in to.assignments):
        where = existing[0] if existing else to.root / "course.yml"
        raise Problem(where, f"there is a step '{name}' already", "Choose another name, or remove that step first.")


def _entry(to: Course, name: str) -> str:
    """Return the step's lines in course.yml, due a week after the last due date."""
    dues = [assignment.due for assignment in to.assignments if assignment.due]
    due = (dues[-1] + timedelta(weeks=1)).isoformat(" ", "minutes") if dues else ""
    return ENTRY.format(name=name) + (DUE.format(due=due) if due else "")
