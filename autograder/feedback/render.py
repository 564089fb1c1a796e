"""Turn graded notebooks into pages, with nbgrader's settings of the course. It runs in processes of its own."""

import contextlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution, is_task

from autograder.course import Course
from autograder.errors import Problem
from autograder.feedback.wanted import WantedPage
from autograder.nbgrader import page_exporter
from autograder.nbgrader.config import nbgrader_config
from autograder.nbgrader.page_scores import PageScores
from autograder.notebooks.read import load_notebook, source_of
from autograder.sanitize import clean


class GivenScores(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Does what nbgrader's GetGrades does, with scores that the parent has read for the whole class at once."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Put scores and comments into the cells, and their sums into the resources."""
        page: PageScores = resources["nbgrader"]["given"]
        for cell in nb.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if is_solution(cell) or is_task(cell):
                cell.metadata.nbgrader["comment"] = page.comments[name]
            if is_grade(cell) or is_task(cell):
                cell.metadata.nbgrader["score"], cell.metadata.nbgrader["points"] = page.scores[name]
        sums = {"score": page.score, "max_score": page.max_score, "late_penalty": page.late_penalty}
        resources["nbgrader"].update(sums)
        return nb, resources


@cache
def _exporter(root: Path) -> Any:
    """Return the exporter that nbgrader's `generate_feedback` would use in this course."""
    config = nbgrader_config(root)
    config.Exporter.default_preprocessors = []
    settings = config.GenerateFeedback
    exporter = settings.exporter_class(config=config)
    for each in settings.preprocessors:
        exporter.register_preprocessor(GivenScores if each is GetGrades else each, enabled=True)
    return exporter


def keep_alike(course: Course, assignments: Iterable[str]) -> None:
    """Render the course's own cells, which the pages of all learners have, so that forks of this process have them."""
    # This only saves time: a page that cannot be made says so itself.
    with contextlib.suppress(Exception):
        _exporter(course.root)
    for name in assignments:
        with contextlib.suppress(Exception):
            for cell in load_notebook(course.stub(name))["cells"]:
                as_html = page_exporter.code if cell["cell_type"] == "code" else page_exporter.prose
                if not cell.get("attachments"):
                    page_exporter.keep(as_html, source_of(cell))


def html_of(root: Path, page: WantedPage) -> str | Problem:
    """Return a page of the course in `root`, or why it cannot be made."""
    if page.scores is None:
        return Problem(page.source, "has no scores in the gradebook", "Run `autograder grade`.")
    about = {"student": page.student, "assignment": page.assignment, "notebook": page.source.stem, "key": page.key}
    resources = {"unique_key": page.source.stem, "nbgrader": {**about, "given": page.scores}}
    try:
        return str(_exporter(root).from_filename(str(page.source), resources)[0])
    except Problem as problem:
        return problem
    except Exception as error:
        what = f"could not be turned into a page: {clean(f'{type(error).__name__}: {error}')}"
        return Problem(page.source, what, "Look at this notebook by hand.")
