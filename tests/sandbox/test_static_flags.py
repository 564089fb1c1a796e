"""The instructor gets a note on cells that reach beneath Python, and none on honest cells."""

import importlib.util
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from autograder.nbgrader.feedback_page import TEMPLATE, TEMPLATES, Page
from autograder.nbgrader.page_exporter import FeedbackExporter
from autograder.nbgrader.rows import comment_of
from autograder.notebooks.fill import fill
from autograder.notebooks.read import Cell, Submission, read
from autograder.report.report import Look
from autograder.sandbox.static_flags import notes
from autograder.suite.known_answers import right_answers, wrong_answers

FLAGGED = {
    "import ctypes": "ctypes",
    "from ctypes import CDLL": "ctypes",
    "import numpy, gc as g": "gc",
    "import sys\nsys._getframe(1)": "sys._getframe",
    "from sys import _getframe": "sys._getframe",
    "import torch\ntorch._C._jit_get_operation('x')": "torch._C",
    "from torch._C import parse_ir": "torch._C",
    "torch.ops.prim.mkldnn_convolution": "torch.ops.prim",
    "import torch._decomp": "_decomp",
    "__import__('ctypes')": "ctypes",
    "import importlib\nimportlib.import_module('gc').unfreeze()": "gc",
    "getattr(torch, '_C')": "_C",
    "from torch.utils.cpp_extension import load_inline": "cpp_extension, load_inline",
    "import mmap": "mmap",
}
HONEST = (
    "gc = 1\nprim = gc + 1\ndef f(ctypes):\n    return ctypes",
    "# ctypes would be quicker than gc",
    '"""Not by torch._C, nor by ctypes."""',
    "self.prim = self._C = 1\nself.gc = torch.nn.Conv2d(1, 1, 2)\nprint('gc content')",
    "%%time\nimport ctypes",
)


def submission(*sources: str, own: int = 0) -> Submission:
    return Submission("conv2d", "x", tuple(Cell(f"cell {n}", text) for n, text in enumerate(sources, 1)), own=own)


@pytest.mark.parametrize(("source", "words"), FLAGGED.items())
def test_the_cell_and_what_it_uses_are_named(source: str, words: str) -> None:
    (note,) = notes(submission("import torch", source))
    assert note == f"For the instructor: cell 2 uses {words}; read it before you trust the points."


@pytest.mark.parametrize("source", HONEST)
def test_words_of_ones_own_are_none(source: str) -> None:
    assert notes(submission(source)) == ()


def test_the_courses_own_cells_are_not_looked_at_and_a_line_is_short() -> None:
    assert notes(submission("import ctypes", "x = 1", own=1)) == ()
    (note,) = notes(submission(*["import ctypes, gc, mmap"] * 100))
    assert "cell 5 uses ctypes, gc, mmap;" in note and len(note) < 400


@pytest.mark.slow
def test_nobody_honest_is_flagged(the_course: Course) -> None:
    script = Path(__file__).parents[1] / "strangers" / "__main__.py"
    spec = importlib.util.spec_from_file_location("strangers", script)
    strangers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(strangers)
    for assignment in the_course.assignments:
        step = assignment.id
        for known in (*right_answers(step), *wrong_answers(step), *strangers.strangers(step)):
            assert notes(known.submission) == (), known.name
        assert notes(read(the_course.master(step), step)) == ()


NOTE = "For the instructor: cell 2 uses ctypes; read it before you trust the points."


def test_instructors_read_it_in_the_report_and_in_their_list(graded) -> None:
    report = graded("import torch", "import ctypes\n")
    assert (report.flags, report.looks) == ((NOTE,), (Look.FLAGGED,))
    plain = graded("import torch")
    assert (plain.flags, plain.looks) == ((), ())


def test_learners_do_not_read_it(graded, the_course: Course) -> None:
    """It is neither in the gradebook's comment nor on the page."""
    report = graded("import torch", "import ctypes\n")
    assert comment_of(report) is None and NOTE not in report.notes
    filled = fill(nbformat.read(the_course.stub("conv2d"), as_version=4), report)
    assert NOTE in filled.cells[0].outputs[0].text, "formgrader shows it"
    for cell in filled.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.score = 0
    page = {"score": 0, "max_score": 10, "late_penalty": 0, "notebook": "conv2d"}
    _, resources = Page().preprocess(filled, {"nbgrader": page})
    html, _ = FeedbackExporter(template_name=TEMPLATE, extra_template_basedirs=[str(TEMPLATES)]).from_notebook_node(
        filled, resources
    )
    assert "What the checks say" in html
    assert "For the instructor" not in html and "Not on the feedback page" not in html
