"""The kit's part when nbgrader makes stubs and solved notebooks: check cells, due dates, no stray files."""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder import course
from autograder.errors import Problem
from autograder.nbgrader.config import current_course
from autograder.nbgrader.strays import refuse_strays
from autograder.notebooks.read import grade_id

# PyTorch is imported only where it is needed: every nbgrader command imports this module.

HIDDEN_CHECKS = "hidden-checks"
MARK = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", re.MULTILINE)
# When a learner runs the notebook, the cell fails unless the visible check of the same title passed: nbgrader's
# Validate button counts these cells alone. The visible checks define the function. Grading fills the cell without
# running it.
CHECK_CELL = "# {title} ({points:g} {noun})\nvisible_check_passed({quoted})"


class NoStrayExporter(NotebookExporter):
    """Refuses to make stubs if a stray file would go with them. nbgrader has not removed the old stubs by then."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]  # nbconvert has no types here
        converter: Any = self.parent
        # nbgrader has not changed into the course's root yet.
        coursedir = converter.coursedir
        for folder in converter.assignments:
            try:
                refuse_strays(course.load(Path(coursedir.root)), Path(folder).name, coursedir.ignore)
            except Problem as problem:
                converter.log.error(str(problem))
                # nbgrader prints no traceback for an exception of its own.
                raise NbGraderException(str(problem)) from None


class AddChecks(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Adds a locked cell for each hidden check: its title, its points, and whether its visible check passed."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Insert the cells after the cell `hidden-checks`."""
        from autograder.suite.load import load_suite

        suite = load_suite(resources["nbgrader"]["assignment"])
        assignment = current_course().assignment(suite.id)
        points = suite.points(assignment)
        at = next((i for i, cell in enumerate(nb.cells) if cell.get("id") == HIDDEN_CHECKS), len(nb.cells) - 1)
        nb.cells[at + 1 : at + 1] = [
            _check_cell(check.id, check.title, points[check.id], assignment.bonus) for check in suite.checks
        ]
        return nb, resources


def _check_cell(check: str, title: str, points: float, bonus: bool) -> NotebookNode:
    """Return the cell of a check. A bonus check has a maximum of 0: nbgrader still adds its score to all sums."""
    noun = ("bonus " if bonus else "") + ("point" if points == 1 else "points")
    source = CHECK_CELL.format(title=title, points=points, noun=noun, quoted=json.dumps(title, ensure_ascii=False))
    cell: NotebookNode = nbformat.v4.new_code_cell(source, id=grade_id(check))
    max_score = 0.0 if bonus else points
    flags = {"grade": True, "solution": False, "locked": True, "task": False}
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": grade_id(check), "points": max_score, **flags}
    # Where the cell fails, JupyterLab's "Run All" goes on to the cells below.
    cell.metadata["tags"] = ["raises-exception"]
    return cell


class SaveDueDate(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Writes the due date from course.yml into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Write the due date. The notebook stays unchanged."""
        the_course = current_course()
        name = resources["nbgrader"]["assignment"]
        due = the_course.due_utc(the_course.assignment(name))
        with Gradebook(resources["nbgrader"]["db_url"], the_course.course) as gradebook:
            gradebook.update_or_create_assignment(name, duedate=due.replace(tzinfo=None) if due else None)
        return nb, resources


class RemoveMarks(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Removes the marks around solutions from a solved notebook."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Remove the lines that mark the beginning and the end of a solution."""
        for cell in nb.cells:
            cell.source = MARK.sub("", cell.source)
        return nb, resources
