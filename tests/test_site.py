"""The course's site: every lesson with its pictures, and no answer and no hidden check on any page."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import course
from autograder.suite.known_answers import wrong_answers
from tests.courses import ROOT

STEPS = [assignment.id for assignment in course.load(ROOT).assignments]
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


@pytest.fixture(scope="module")
def pages() -> Path:
    done = subprocess.run([sys.executable, "docs/site/build.py"], cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "build" / "site"


@pytest.mark.long
def test_every_lesson_has_a_page_with_its_pictures(pages: Path) -> None:
    index = (pages / "index.html").read_text(encoding="utf-8")
    for name in STEPS:
        page = (pages / "lessons" / f"{name}.html").read_text(encoding="utf-8")
        assert page.count("<img") >= 1 and f"lessons/{name}.html" in index, name
        assert "raise" in page and "NotImplementedError" in page, "the function is still to be written"
    assert re.search(r'begin with <a [^>]*href="docs/instructors.html"', index)


@pytest.mark.long
def test_no_answer_and_no_hidden_check_is_on_a_page(pages: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages.rglob("*.html"))
    text = re.sub(r"<[^>]+>", "", text)
    for name in STEPS:
        for cell in nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4).cells:
            for answer in SOLUTION.findall(cell.source):
                lines = [line.strip() for line in answer.splitlines() if len(line.strip()) > 30]
                assert sum(line in text for line in lines) <= len(lines) // 2, (name, lines)
        for known in wrong_answers(name):
            assert known.hint not in text and known.description not in text, known.name


@pytest.mark.long
def test_sliders_that_need_a_kernel_are_on_no_page_and_pictures_drawn_beforehand_are(pages: Path) -> None:
    for name, plays in (("conv2d", ["explorer", "painter"]), ("dilation_groups", ["dilation"])):
        page = (pages / "lessons" / f"{name}.html").read_text(encoding="utf-8")
        assert re.findall(r'class="still (\w+)"', page) == plays
        # The code that is shown names them; no output may need them.
        assert 'type="application/vnd.jupyter' not in page and "VBox(" not in page and "HBox(" not in page


@pytest.mark.long
def test_nothing_is_fetched_from_elsewhere(pages: Path) -> None:
    for path in pages.rglob("*.html"):
        found = re.findall(
            r'<(?:script|link|img)[^>]+(?:src|href)="(https?://[^"]+)"', path.read_text(encoding="utf-8")
        )
        assert not found, (path, found)


@pytest.mark.long
def test_what_one_cell_prints_stands_in_one_block(pages: Path) -> None:
    page = (pages / "lessons" / "network.html").read_text(encoding="utf-8")
    assert re.search(r"pass 1:(?:(?!</pre>).)*pass 2:", page, re.DOTALL), "the lines come one after the other"
