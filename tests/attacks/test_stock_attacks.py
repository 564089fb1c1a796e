"""Attacks that work on stock nbgrader must not work on nbgrader with the kit's configuration."""

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.course import Course
from tests import courses

NAME = "def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):\n"
FORGED = (
    NAME + "    from IPython import get_ipython\n    get_ipython().displayhook(3.0)\n    print(3.0)\n    return input\n"
)
PATCHED = (
    "torch.allclose = torch.equal = torch.isclose = lambda *a, **k: torch.tensor(True)\n" + NAME + "    return input\n"
)
READING = NAME + "    text = str(get_ipython().user_ns['In'])\n    raise ValueError('SEEN ' + text)\n"
GRADEBOOK = (
    NAME
    + """    import sqlite3
    for place in ("../../../gradebook.db", "gradebook.db", {root!r} + "/gradebook.db"):
        try:
            database = sqlite3.connect(place)
            database.execute("update grade set auto_score = 0, manual_score = 10")
            database.commit()
        except sqlite3.Error:
            pass
    return input
"""
)
WARNING = "import sys, warnings\nwarnings.warn('careful')\nprint('careful', file=sys.stderr)\n" + courses.RIGHT
DECEIVING = NAME + "    raise ValueError('<script>alert(1)</script> \\x1b[2J\\u202e <img src=x onerror=alert(1)>')\n"
MARKDOWN = """
<script>alert('mark')</script> <img src=x onerror=alert('mark')>

[x](javascript:alert('mark')) [x]( java&#115;cript:alert(1)) [good](https://example.org) [y][1]

[1]: javascript:alert(2)

<svg onload=alert(1)>
"""
SCORES = """
    select student.id, sum(coalesce(grade.manual_score, grade.auto_score, 0)), sum(grade.needs_manual_grade)
    from grade join submitted_notebook on grade.notebook_id = submitted_notebook.id
    join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
    join student on submitted_assignment.student_id = student.id group by student.id
"""


def stock(of: Course, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command], cwd=of.root, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def what_runs(page: str) -> Iterator[tuple[str, str]]:
    """Return event handlers and addresses that a browser would run in the page."""
    found: list[tuple[str, str]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.extend(
        (tag, f"{name}={value}")
        for name, value in attributes
        if name.startswith("on") or str(value).strip().lower().startswith("javascript:")
    )
    parser.feed(page)
    yield from found


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of attackers and one right answer, graded by `nbgrader autograde`."""
    made = courses.make(tmp_path_factory.mktemp("stock") / "course")
    answers = {
        "ann-right": courses.RIGHT,
        "bob-forges": FORGED,
        "cat-patches": PATCHED,
        "dan-reads": READING,
        "eve-gradebook": GRADEBOOK.format(root=str(made.root)),
        "fay-warns": WARNING,
        "gil-deceives": DECEIVING,
        "zoe-right": courses.RIGHT,
    }
    for student, answer in answers.items():
        notebook = courses.answered(made, answer)
        if student == "gil-deceives":
            for kind in ("markdown", "raw"):
                notebook["cells"].insert(1, {"cell_type": kind, "metadata": {}, "source": MARKDOWN, "id": kind})
        courses.hand_in(made, student, notebook)
    stock(made, "autograde", "conv2d")
    return made


@pytest.mark.long
def test_the_five_attacks_gain_and_cost_nothing(graded: Course) -> None:
    scores = {row[0]: (row[1], row[2]) for row in courses.rows(graded, SCORES)}
    assert scores == {
        "ann-right": (10, 0),
        "bob-forges": (0, 0),
        "cat-patches": (0, 0),
        "dan-reads": (0, 0),
        "eve-gradebook": (0, 0),
        "fay-warns": (10, 0),
        "gil-deceives": (0, 0),
        "zoe-right": (10, 0),
    }


@pytest.mark.long
def test_feedback_runs_and_hides_nothing(graded: Course) -> None:
    stock(graded, "generate_feedback", "conv2d")
    pages = {path.parts[-3]: path.read_text(encoding="utf-8") for path in Path(graded.root).glob("feedback/*/*/*.html")}
    assert len(pages) == 8
    page = pages["gil-deceives"]
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r"<script[^>]*>\s*alert", page)
    assert list(what_runs(page)) == []
    assert 'href="https://example.org"' in page
    assert "\x1b" not in page and "\u202e" not in page
    assert "def test_" not in html.unescape(pages["dan-reads"])
