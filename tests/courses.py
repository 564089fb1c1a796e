"""Make a small course with a gradebook for tests that grade a class, and hand in to it."""

import json
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from autograder import course
from autograder.course import Course
from autograder.demo.student import write_answer
from autograder.nbgrader import commands
from autograder.notebooks.read import nbgrader_metadata

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENTS = ("conv2d", "transposed")
SETTINGS = """course: tiny
seed: 7
limits: {limits}
assignments:
  - id: conv2d
    points: 10
    due: 2027-01-15 23:59
  - id: transposed
    points: 10
"""
RIGHT = '''
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    """Slide."""
    input = F.pad(input, (padding, padding, padding, padding))
    (h, w), (kh, kw) = input.shape, kernel.shape
    output = torch.zeros((h - kh) // stride + 1, (w - kw) // stride + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            region = input[i * stride : i * stride + kh, j * stride : j * stride + kw]
            output[i, j] = (region * kernel).sum() + bias
    return output
'''
NO_STRIDE = RIGHT.replace("// stride", "// 1").replace("i * stride", "i").replace("j * stride", "j")
# The same slip twice in a line: in a notebook, the fifth of its cell.
SLIP = RIGHT.replace("// stride + 1", "// stride + 2")
IN_TIME, LATE = "2027-01-10 10:00:00.000000 UTC", "2027-01-17 10:00:00.000000 UTC"


def make(
    folder: Path, *, limits: str = "{}", settings: str = SETTINGS, assignments: Sequence[str] = ASSIGNMENTS
) -> Course:
    """Make a released course in `folder`, with stubs and a gradebook but no submissions."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.yml").write_text(settings.format(limits=limits), encoding="utf-8")
    shutil.copyfile(ROOT / "nbgrader_config.py", folder / "nbgrader_config.py")
    for name in assignments:
        shutil.copytree(ROOT / "solutions" / name, folder / "solutions" / name)
    made = course.load(folder)
    commands.generate(commands.connect(made), made, assignments, lambda line: None)
    return made


def stub(of: Course, assignment: str = "conv2d") -> dict[str, Any]:
    """Return the notebook as learners get it."""
    return json.loads(of.stub(assignment).read_text(encoding="utf-8"))


def answered(of: Course, answer: str = RIGHT, assignment: str = "conv2d") -> dict[str, Any]:
    """Return the notebook with an answer in its solution cells."""
    path = of.root / "answered.ipynb"
    shutil.copyfile(of.stub(assignment), path)
    write_answer(path, answer)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    return notebook


def hand_in(
    of: Course, student: str, notebook: dict | bytes, assignment: str = "conv2d", *, name: str = "", time: str = IN_TIME
) -> Path:
    """Put a notebook where nbgrader collects it, and return its path."""
    folder = of.root / "submitted" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{assignment}.ipynb")
    path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
    if time:
        (folder / "timestamp.txt").write_text(time, encoding="ascii")
    return path


def solved(of: Course, assignment: str) -> dict[str, Any]:
    """Return an assignment's notebook with all answers of the lesson."""
    whole = stub(of, assignment)
    master = json.loads(of.master(assignment).read_text(encoding="utf-8"))
    answers = {cell["id"]: cell["source"] for cell in master["cells"] if cell["id"].startswith("solution")}
    for cell in whole["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    return whole


def cell(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """Return the cell with this grade_id."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


GRADES = """
select student_id, assignment.name, base_cell.name, auto_score, manual_score, needs_manual_grade, extra_credit
from grade join base_cell on cell_id = base_cell.id join submitted_notebook on grade.notebook_id = submitted_notebook.id
join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
join assignment on submitted_assignment.assignment_id = assignment.id order by 1, 2, 3
"""
PENALTIES = """
select student_id, assignment.name, late_submission_penalty, timestamp from submitted_notebook
join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
join assignment on submitted_assignment.assignment_id = assignment.id order by 1, 2
"""
COMMENTS = """
select student_id, base_cell.name, auto_comment, manual_comment from comment join base_cell on cell_id = base_cell.id
join submitted_notebook on comment.notebook_id = submitted_notebook.id
join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id order by 1, 2
"""


def rows(of: Course, query: str = GRADES) -> list[tuple]:
    """Return rows of the gradebook, read without nbgrader."""
    with sqlite3.connect(of.root / "gradebook.db") as connection:
        return connection.execute(query).fetchall()


def change(of: Course, statement: str, student: str) -> None:
    """Change the gradebook as a person would. `{of}` in the statement is the rows of the learner's notebooks."""
    mine = (
        "select submitted_notebook.id from submitted_notebook join submitted_assignment"
        " on submitted_notebook.assignment_id = submitted_assignment.id where student_id = ?"
    )
    with sqlite3.connect(of.root / "gradebook.db") as connection:
        connection.execute(statement.format(of=mine), (student,))


def scores(of: Course, assignment: str = "conv2d") -> dict[str, float]:
    """Return each learner's automatic points for an assignment."""
    totals: dict[str, float] = {}
    for student, name, _, auto_score, *_ in rows(of):
        if name == assignment:
            totals[student] = totals.get(student, 0) + (auto_score or 0)
    return totals


def override_score(of: Course, check: str, score: float) -> None:
    """Give every submission a manual score and half a point of extra credit for a check."""
    with sqlite3.connect(of.root / "gradebook.db") as connection:
        connection.execute(
            "update grade set manual_score = ?, extra_credit = 0.5 where cell_id in "
            "(select id from base_cell where name = ?)",
            (score, f"check-{check}"),
        )


def course_cells(notebook: nbformat.NotebookNode) -> dict[str, tuple]:
    """Return what nbgrader reads of each cell of the course, with the source of those that learners must not change."""
    return {
        cell.metadata.nbgrader.grade_id: (
            dict(nbgrader_metadata(cell)),
            cell.cell_type,
            None if cell.metadata.nbgrader.solution else cell.source,
        )
        for cell in notebook.cells
        if nbgrader_metadata(cell)
    }
