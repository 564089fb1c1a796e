"""The feedback page: the score, a line per check that links to its reason, the reasons, the notebook."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML

from autograder import course
from autograder.course import Course
from autograder.feedback.give import Plan, give
from autograder.grading import engine
from autograder.nbgrader import commands, page_exporter
from autograder.nbgrader.page_exporter import LONGEST_KEPT, FeedbackExporter, below_the_page, code, prose
from autograder.report.wording import lines_of
from autograder.suite.load import load_suite
from tests import courses

TITLES = [check.title for check in load_suite("conv2d").checks]
NO_STRIDE_POINTS = ["2 of 2", "1 of 1", "0 of 2", "2 of 2", "1 of 1", "0 of 1", "1 of 1"]
PILCROW = re.compile(r'<a class="anchor-link"[^>]*>.*?</a>')
OWN_HEADINGS = {"cell_type": "markdown", "metadata": {}, "id": "mine", "source": "# Mine\n\n# Mine"}


def made(of: Course, student: str = "ada", *, force: bool = False) -> BeautifulSoup:
    give(commands.connect(of), of, ["conv2d"], lambda line: None, Plan(force=force))
    return BeautifulSoup((of.root / "feedback" / student / "conv2d" / "conv2d.html").read_bytes(), "html.parser")


@pytest.fixture(scope="module")
def graded_once(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A graded course in which ada's answer ignores the stride, and one of her cells has headings."""
    made = course.load(shutil.copytree(released.root, tmp_path_factory.mktemp("graded") / "course"))
    notebook = courses.answered(made, courses.NO_STRIDE)
    notebook["cells"].insert(8, OWN_HEADINGS)
    courses.hand_in(made, "ada", notebook)
    engine.grade_class(made, ["conv2d"])
    return made


@pytest.fixture
def wrong(graded_once: Course, tmp_path: Path) -> Course:
    """A copy of it for one test."""
    return course.load(shutil.copytree(graded_once.root, tmp_path / "course"))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_score_comes_first_then_a_line_for_each_check(wrong):
    page = made(wrong)
    order = [tag.name for tag in page.body.find_all(["h1", "nav", "h2", "h3", "pre"])]
    assert order[:4] == ["h1", "nav", "h2", "h3"]
    assert flat(page.h1.text) == "conv2d Score: 7.0 / 10.0"
    lines = page.nav.find_all("li")
    assert [line.a.text for line in lines] == TITLES
    words = [flat(line.find(class_="points").text) for line in lines]
    assert [one.split(", ")[1].rpartition(" ")[0] for one in words] == NO_STRIDE_POINTS
    assert [one.split(", ")[0] for one in words][:4] == ["passed", "passed", "failed", "passed"]
    assert [flat(tag.text) for tag in page.find_all("h2")] == ["What the checks say", "Your notebook"]


def test_every_link_leads_to_its_reason(wrong):
    page = made(wrong)
    for link in page.nav.find_all("a"):
        (target,) = page.find_all(id=link["href"].removeprefix("#"))
        assert link.text in target.h3.text
    for link in page.find_all("a", href=re.compile("^#")):
        assert len(page.find_all(id=link["href"][1:])) == 1, link
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    labels = [tag["aria-labelledby"] for tag in page.find_all(attrs={"aria-labelledby": True})]
    assert set(labels) <= set(ids)


def test_reasons_are_whole_and_bare_scores_are_not_shown(wrong):
    page = made(wrong)
    stride = page.find(id="reason-check-stride")
    assert flat(stride.h3.text) == "✗ moves by the stride: failed (0 of 2 points)"
    assert "Expected the shape" in stride.find(class_="words").text
    assert "The smallest call that goes wrong" in stride.pre.text and stride.pre["tabindex"] == "0"
    assert stride.pre["aria-label"]
    assert stride.img["alt"].startswith("Picture of the call that goes wrong")
    for check in ("slides", "stride"):
        assert not re.search(r"Out\s*\[|^\s*[02]\.0\s*$", page.find(id=f"reason-check-{check}").text, re.MULTILINE)
    graded = (wrong.root / "autograded/ada/conv2d/conv2d.ipynb").read_text(encoding="utf-8")
    # nbgrader reads these.
    assert graded.count('"execute_result"') == len(TITLES)
    assert "Test cell" not in page.text


def test_it_is_well_formed_for_a_screen_reader(wrong):
    page = made(wrong)
    assert page.html["lang"] == "en" and flat(page.title.text) == "conv2d: 7.0 of 10.0 points"
    assert len(page.find_all("h1")) == 1 and page.main and page.header
    levels = [int(tag.name[1]) for tag in page.find_all(re.compile(r"^h[1-6]$"))]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert all(image.get("alt") for image in page.find_all("img"))
    assert not page.find_all("script")
    for mark in page.find_all(class_="mark"):
        assert mark["aria-hidden"] == "true"
    css = page.style.text
    assert "prefers-color-scheme: dark" in css and "@media print" in css and ":focus-visible" in css


def test_the_notebook_is_all_there(wrong):
    page = made(wrong)
    notebook = page.find_all("section")[-1]
    assert "def matrix_multiplication_for_conv2d" in notebook.text
    assert [tag.text for tag in notebook.find_all("h3") if tag.text == "Mine"] == ["Mine", "Mine"]


def change(of: Course, statement: str, *values: object) -> None:
    with sqlite3.connect(of.root / "gradebook.db") as connection:
        connection.execute(statement, values)


def test_what_a_person_added_is_shown(wrong):
    change(wrong, "update comment set manual_comment = ?", "Look at the **stride** again.")
    change(wrong, "update grade set manual_score = 1.5 where cell_id in (select id from base_cell where name = ?)",
           "check-stride")  # fmt: skip
    change(wrong, "update submitted_notebook set late_submission_penalty = 2.25")
    page = made(wrong)
    assert flat(page.h1.text) == "conv2d Score: 6.25 / 10.0"
    listed = [flat(line.text) for line in page.nav.find_all("li")]
    assert "✗ moves by the stride failed, 1.5 of 2 points" in listed
    assert "− Late submission penalty 2.25 taken off the score" in listed
    (link,) = (line.a for line in page.nav.find_all("li") if "Comment" in line.text)
    assert link.text == "Comment on matrix_multiplication_for_conv2d"
    target = page.find(id=link["href"][1:])
    assert "def matrix_multiplication_for_conv2d" in target.text
    assert flat(target.find(class_="comment").text) == "Comment: Look at the stride again."
    assert "The score was changed by hand: 1.5 of 2 points." in page.find(id="reason-check-stride").text
    assert "changed by hand" not in page.find(id="reason-check-slides").text


def test_notes_and_checks_without_a_verdict_are_told(a_course, monkeypatch):
    notebook = courses.answered(a_course)
    notebook["cells"].remove(courses.cell(notebook, "check-bias"))
    courses.hand_in(a_course, "ada", notebook)
    engine.grade_class(a_course, ["conv2d"])
    path: Path = a_course.root / "autograded/ada/conv2d/conv2d.ipynb"
    path.chmod(0o644)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("✓ moves by the stride: passed (2 of 2 points)", "No verdict."), encoding="utf-8")
    page = made(a_course)
    (note,) = page.find_all(class_="note")
    assert note.text == "The cell “check-bias” was missing; the course's own was put back."
    stride = page.find(id="reason-check-stride")
    assert "error" in stride["class"] and "No verdict." in stride.text


def test_sentences_are_broken_by_the_page_alone(a_course):
    pads_below = courses.RIGHT.replace("(padding, padding, padding, padding)", "(0, 2 * padding, 0, 2 * padding)")
    courses.hand_in(a_course, "ada", courses.answered(a_course, pads_below))
    (graded,) = engine.grade_class(a_course, ["conv2d"])
    (padding,) = (check for check in graded.report.checks if check.id == "padding")
    words = made(a_course).find(id="reason-check-padding").find(class_="words").text
    assert words.splitlines() == lines_of(padding)[: len(words.splitlines())]
    assert max(map(len, words.splitlines())) > 90


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def test_nothing_of_a_submission_is_markup(a_course):
    raising = courses.RIGHT.replace('    """Slide."""', f"    raise ValueError({HOSTILE!r})")
    courses.hand_in(a_course, "ada", courses.answered(a_course, raising))
    engine.grade_class(a_course, ["conv2d"])
    page = made(a_course)
    assert not page.find_all("script") and not page.find_all(onerror=True)
    assert HOSTILE in flat(page.find(id="reason-check-slides").text)


@pytest.mark.parametrize(
    ("html", "lower"),
    [
        ('<h1 id="a">T</h1>', "<h3>T</h3>"),
        ("<h5>x</h5><h6>y</h6><hr>", "<h6>x</h6><h6>y</h6><hr>"),
    ],
)
def test_headings_of_the_notebook_stand_below_those_of_the_page(html, lower):
    assert below_the_page(html) == lower


def test_what_a_learner_writes_as_html_stays_in_its_cell() -> None:
    assert "".join(prose("</div></section></main>\n<div><b>open").split()) == "<div><b>open</b></div>"
    assert 'alt="No description' in prose('<img src="a.png">') and 'alt="A"' in prose('<img src="a.png" alt="A">')
    png = {"image/png": "aGk="}
    assert "data:image/png;base64,aGk=" in prose("![A](attachment:a.png)", {"a.png": png})
    long = "x" * (LONGEST_KEPT + 1)
    assert long in prose(long) and long in code(long)


def parsed(html: str) -> list[object]:
    """Return the elements of a page with their attributes, and its text, in order."""
    return [
        (part.name, sorted((name, str(value)) for name, value in part.attrs.items()))
        if isinstance(part, Tag)
        else flat(part)
        for part in BeautifulSoup(html, "html.parser").descendants
        if isinstance(part, Tag) or flat(part)
    ]


def test_the_page_is_the_one_that_nbconvert_makes(wrong, monkeypatch):
    """Whole and anew, with its own filters."""
    path = wrong.root / "feedback/ada/conv2d/conv2d.html"
    made(wrong)
    quick = path.read_text(encoding="utf-8")
    monkeypatch.setattr(FeedbackExporter, "from_notebook_node", HTMLExporter.from_notebook_node)
    monkeypatch.setattr(page_exporter, "_html", by_nbconvert)
    # Not the kept cells, and none of these may be kept for other tests.
    monkeypatch.setattr(page_exporter, "_prose", partial(by_nbconvert, attachments={}))
    monkeypatch.setattr(page_exporter, "_code", Highlight2HTML(pygments_lexer="python"))
    made(wrong, force=True)
    slow = path.read_text(encoding="utf-8")
    assert quick != slow
    assert parsed(quick) == parsed(slow)


def by_nbconvert(source: str, attachments: dict) -> str:
    return below_the_page(PILCROW.sub("", HTMLExporter().markdown2html({"cell": {"attachments": attachments}}, source)))


def test_formgraders_own_page_keeps_its_template(a_course: Course) -> None:
    config: Callable = commands.connect(a_course).config
    assert "template_name" not in config.HTMLExporter
