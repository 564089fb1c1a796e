"""Fill a report into a notebook: every check cell gets a message, and a score or an error that nbgrader reads."""

import textwrap
from collections.abc import Sequence
from typing import Any

from nbformat import NotebookNode

from autograder.notebooks.budget import MOST_PROSE_IN_ALL, shown_prose
from autograder.notebooks.nodes import node
from autograder.notebooks.read import grade_id, is_locked
from autograder.report.counts import points_of
from autograder.report.messages import GRADER_ERROR
from autograder.report.report import CheckResult, Outcome, Report
from autograder.report.wording import WIDEST, lines_of
from autograder.sanitize import visible, without_tags

MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.SKIPPED: "–", Outcome.ERROR: "!"}
NOTES_ID = "notes-from-the-grader"
# Formgrader shows this cell, and feedback pages leave it out.
FLAGS_ID = "notes-for-the-instructor"


def fill(notebook: NotebookNode, report: Report) -> NotebookNode:
    """Put the report's results into the notebook's check cells as outputs; return the same notebook.

    nbgrader gives full marks to a cell without outputs. So a cell without a result gets an error, which scores 0.
    """
    results = {grade_id(check.id): check for check in report.checks}
    first: int | None = None
    room = MOST_PROSE_IN_ALL
    for index, cell in enumerate(notebook.cells):
        cell.source = visible(cell.source)
        if cell.cell_type != "code" and not is_locked(cell):
            prose = shown_prose(cell.source, room)
            room -= len(prose)
            cell.source = without_tags(prose)
        metadata = cell.metadata.get("nbgrader", {})
        if metadata.get("grade") and cell.cell_type == "code":
            first = index if first is None else first
            cell.execution_count = None
            most = None if report.bonus else float(metadata["points"])
            cell.outputs = _outputs(results.get(metadata["grade_id"]), most)
    if report.notes and first is not None:
        notebook.cells.insert(first, _notes(NOTES_ID, "# Notes from the grader", report.notes))
    if report.flags:
        notebook.cells.insert(0, _notes(FLAGS_ID, "# Not on the feedback page", report.flags))
    return notebook


def text_of(result: CheckResult, *, bonus: bool = False) -> str:
    """Return what a learner reads about one check, as plain text."""
    points = points_of(result.score, result.max_score, "bonus point" if bonus else "point")
    heading = f"{MARKS[result.outcome]} {result.title}: {result.outcome} ({points})"
    text = "\n".join([heading, *lines_of(result)])
    return "\n".join(part for line in text.splitlines() for part in _wrapped(line)) + "\n"


def _wrapped(line: str) -> list[str]:
    """Wrap a line to the width of a feedback page, which would cut off the rest. Code may go on inside its brackets."""
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line, WIDEST, subsequent_indent=indent, replace_whitespace=False, break_long_words=False, break_on_hyphens=False
    ) or [""]


def _outputs(result: CheckResult | None, most: float | None) -> list[NotebookNode]:
    """Return a message, and the score as nbgrader reads it. A bonus cell has a maximum of 0, and so no score."""
    if result is None or result.outcome is Outcome.ERROR:
        text = text_of(result, bonus=most is None) if result else GRADER_ERROR + "\n"
        return [
            _stdout(text),
            _output("error", ename="GraderError", evalue="no verdict", traceback=["no verdict"]),
        ]
    if most is None:
        return [_stdout(text_of(result, bonus=True)), *_drawn(result)]
    score = max(0.0, min(float(result.score), most))
    # nbgrader reads the first; formgrader shows the second.
    data = {"text/plain": repr(score), "text/html": points_of(score, most)}
    return [
        _stdout(text_of(result)),
        *_drawn(result),
        _output("execute_result", metadata={}, data=data, execution_count=None),
    ]


def _stdout(text: str) -> NotebookNode:
    return _output("stream", name="stdout", text=text)


def _output(kind: str, **fields: Any) -> NotebookNode:
    """Return an output of a cell."""
    return node({"output_type": kind, **fields})


def _drawn(result: CheckResult) -> list[NotebookNode]:
    """Return the picture, if there is one, as an output from which nbgrader reads no score."""
    picture = result.picture
    if picture is None:
        return []
    data = {"image/png": picture.png, "text/plain": picture.alt}
    metadata = {"image/png": {"alt": picture.alt, "width": picture.width}}
    return [_output("display_data", data=data, metadata=metadata)]


def _notes(name: str, source: str, notes: Sequence[str]) -> NotebookNode:
    text = "".join(f"· {note}\n" for note in notes)
    cell = {"cell_type": "code", "id": name, "metadata": {}, "source": source}
    return node({**cell, "execution_count": None, "outputs": [_stdout(text)]})
