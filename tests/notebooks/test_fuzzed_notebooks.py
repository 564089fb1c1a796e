"""Random notebooks: nothing crashes, nothing hangs, and missing code wins no points."""

import copy
import json
from typing import Any

import nbformat
import pytest
from hypothesis import strategies as st

from autograder.course import Course
from autograder.judge import judge, notebooks
from autograder.judge.pytest_plugin import Run
from autograder.notebooks.fill import fill
from autograder.notebooks.read import Submission, source_of
from autograder.sandbox.host import Sandbox
from tests import courses
from tests.courses import course_cells
from tests.fuzz import FEWER, JSON, SOME, fuzz, mutated

# Keys and values of real notebooks, so that many drawn notebooks are nearly right.
KEYS = st.sampled_from(
    ["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "points", "locked", "solution", "grade", "id"]
) | st.sampled_from(["outputs", "task", "schema_version", "autograder", "notes", "unreadable", "nbformat"])
WORDS = st.sampled_from(
    [
        "code",
        "markdown",
        "raw",
        "solution",
        "imports",
        "check-slides",
        "check-stride",
        "visible-checks",
        "worked-example",
    ]
)


@st.composite
def mutated_notebooks(draw: st.DrawFn, original: dict[str, Any]) -> bytes:
    """Draw a notebook with cells deleted, doubled, moved and retyped, keys set to anything, and bytes changed."""
    notebook = copy.deepcopy(original)
    for _ in range(draw(st.integers(0, 6))):
        cells = notebook["cells"] if isinstance(notebook.get("cells"), list) else []
        action = draw(st.sampled_from(["delete", "double", "move", "swap", "set", "set", "set", "add", "drop"]))
        if action == "add":
            cells.append(draw(JSON))
        elif cells:
            at, to = draw(st.integers(0, len(cells) - 1)), draw(st.integers(0, len(cells) - 1))
            if action == "delete":
                del cells[at]
            elif action == "double":
                cells.insert(to, copy.deepcopy(cells[at]))
            elif action == "move":
                cells.insert(to, cells.pop(at))
            elif action == "swap":
                cells[at], cells[to] = cells[to], cells[at]
            else:
                _change(draw, notebook if draw(st.integers(0, 9)) == 0 else cells[at], drop=action == "drop")
    text = json.dumps(notebook)
    encoding = draw(st.sampled_from(["utf-8"] * 8 + ["utf-8-sig", "utf-16", "latin-1"]))
    return draw(mutated(text.encode(encoding, "replace")))


def _change(draw: st.DrawFn, within: Any, *, drop: bool) -> None:
    """Set a key anywhere inside to anything, or drop one."""
    while isinstance(within, dict):
        inner = [value for value in within.values() if isinstance(value, dict)]
        if inner and draw(st.booleans()):
            within = draw(st.sampled_from(inner))
            continue
        if drop and within:
            del within[draw(st.sampled_from(sorted(within)))]
        else:
            within[draw(KEYS)] = draw(WORDS | JSON)
        return


def texts_in(data: bytes) -> set[str]:
    """Return every line of every text in a submitted notebook, as far as it can be read."""
    try:
        cells = json.loads(data.decode("utf-8-sig"))["cells"]
        return {line for cell in cells if isinstance(cell, dict) for line in source_of(cell).splitlines()}
    except (ValueError, TypeError, KeyError, RecursionError):
        return set()


@pytest.mark.parametrize("examples", SOME)
def test_any_notebook_becomes_a_whole_one_or_is_refused(a_course: Course, examples: int):
    release = notebooks.release_notebook(a_course.stub("conv2d"))
    before = nbformat.writes(release)
    own = {line for cell in release.cells for line in cell.source.splitlines()}
    path = courses.hand_in(a_course, "ada", b"")
    nothing = Run(Submission("conv2d", "conv2d.ipynb", ()), "")

    def body(data: bytes) -> None:
        path.write_bytes(data)
        whole = notebooks.prepare(a_course, "conv2d", path)
        assert course_cells(whole.notebook) == course_cells(release)
        if whole.submission.unreadable:
            assert whole.submission.cells == ()
        # Each line of code was handed in or is the course's, or was a magic and became `pass`.
        lines = {line for cell in whole.submission.cells for line in cell.source.splitlines()}
        strange = {line.encode("utf-8", "replace").decode() for line in lines - own if line.strip() != "pass"}
        assert strange <= {line.encode("utf-8", "replace").decode() for line in texts_in(data)}
        submission = notebooks.read_prepared(whole.notebook, "conv2d", path.name)
        assert submission == whole.submission
        filled = fill(whole.notebook, judge.report(a_course, nothing, "A"))
        again = nbformat.reads(nbformat.writes(filled), as_version=4)
        nbformat.validate(again)

    fuzz(examples, mutated_notebooks(courses.answered(a_course)), body)
    assert nbformat.writes(notebooks.release_notebook(a_course.stub("conv2d"))) == before


@pytest.mark.slow
@pytest.mark.parametrize("examples", FEWER)
def test_no_points_for_what_was_not_there(a_course: Course, sandbox: Sandbox, examples: int):
    path = courses.hand_in(a_course, "ada", b"")

    def body(data: bytes) -> None:
        path.write_bytes(data)
        whole = notebooks.prepare(a_course, "conv2d", path)
        ((report, _),) = notebooks.grade(a_course, [whole], sandbox)
        assert report.score == 0
        assert not report.has_error, report

    fuzz(examples, mutated_notebooks(courses.stub(a_course)), body)
