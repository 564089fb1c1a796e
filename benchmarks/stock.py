"""Stock nbgrader on the same work: a course without the kit, whose hidden test cells hold the kit's cases.

Each hidden check becomes an nbgrader test cell with calls and right answers as JSON, and compares each call. Checks of
more than values (laws, counted products, unchanged arguments) are reduced to their values.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import torch

from autograder.course import Course
from autograder.key import Key
from autograder.notebooks.read import load_notebook, source_of
from autograder.suite.check import Check
from autograder.suite.load import load_suite
from benchmarks.school import TIMESTAMP, solution_cells

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "stock"
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "source"
"""
TEST = """
import json
import torch

def _value(value):
    return torch.tensor(value["tensor"]).reshape(value["shape"]) if isinstance(value, dict) else value

### BEGIN HIDDEN TESTS
for _case in json.loads({cases!r}):
    _named = {{_name: _value(_each) for _name, _each in _case["named"].items()}}
    _expected = _value(_case["expected"])
    try:
        _got = {function}(*map(_value, _case["positional"]), **_named)
        assert _got.shape == _expected.shape and torch.allclose(_got, _expected, atol=1e-4)
    except (ValueError, AssertionError):
        assert _expected is None, "wrong"
### END HIDDEN TESTS
"""


def make(kit: Course, names: Sequence[str], folder: Path) -> Path:
    """Make a course for stock nbgrader in `folder` and return its root. Its stubs are still to be generated."""
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG.format(root=str(folder)))
    for name in names:
        source = folder / "source" / name / f"{name}.ipynb"
        source.parent.mkdir(parents=True)
        nbformat.write(with_tests(kit, name), source)
    return folder


def hand_in(graded: Course, folder: Path, students: int) -> int:
    """Copy the submissions of the first students into the stock course. Return the number of notebooks."""
    count = 0
    for student in sorted((graded.root / "submitted").iterdir())[:students]:
        for path in student.glob("*/*.ipynb"):
            made = load_notebook(folder / "release" / path.stem / path.name)
            for cell, mine in zip(solution_cells(made), solution_cells(load_notebook(path)), strict=True):
                cell["source"] = mine["source"]
            target = folder / "submitted" / student.name / path.stem / path.name
            target.parent.mkdir(parents=True)
            target.write_text(json.dumps(made))
            (target.parent / "timestamp.txt").write_text(TIMESTAMP)
            count += 1
    return count


def with_tests(kit: Course, name: str) -> nbformat.NotebookNode:
    """Return the master notebook with a test cell for each hidden check."""
    notebook: nbformat.NotebookNode = nbformat.read(kit.master(name), as_version=4)
    points = load_suite(name).points(kit.assignment(name))
    for check in load_suite(name).checks:
        cell = nbformat.v4.new_code_cell(test_of(check, kit.key), id=f"test-{check.id}")
        flags = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
        cell.metadata["nbgrader"] = {"grade_id": f"test-{check.id}", "points": points[check.id], **flags}
        notebook.cells.append(cell)
    # Drawing would take a kernel seconds and is not part of the comparison: the kit does not draw when it grades.
    notebook.cells = [cell for cell in notebook.cells if _is_needed(cell)]
    return notebook


def test_of(check: Check, key: Key) -> str:
    """Return the source of the test cell for a check, with one loop per function."""
    parts = []
    for function in dict.fromkeys(case.function for case in check.drawn(key)):
        cases = [
            {
                "positional": [_plain(case.arguments[name]) for name in case.positional],
                "named": {k: _plain(v) for k, v in case.arguments.items() if k not in case.positional},
                "expected": _plain(case.expected) if isinstance(case.expected, torch.Tensor) else None,
            }
            for case in check.drawn(key)
            if case.function == function
        ]
        parts.append(TEST.format(cases=json.dumps(cases), function=function))
    return "\n".join(parts)


def _plain(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return {"tensor": value.flatten().tolist(), "shape": list(value.shape)}
    return list(value) if isinstance(value, tuple) else value


def _is_needed(cell: nbformat.NotebookNode) -> bool:
    flags = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and (
        flags.get("solution") or flags.get("grade_id", "").startswith("test-") or "import torch" in source_of(cell)
    )
