"""A learner's prose is shown up to a limit: making one page must not take minutes."""

import time

import nbformat
import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from autograder.notebooks import budget
from autograder.notebooks.fill import fill
from autograder.report.report import Report

NOTHING = Report(
    assignment="conv2d",
    submission="x",
    score=0,
    max_score=0,
    checks=(),
    seed=7,
    versions={},
    sandbox="A",
    schema="autograder/report/v1",
)
# Each of these took minutes without the limit.
SLOW = {"spaces": "a" + " " * 300_000 + "b", "begin": "\\begin{a}" * 60_000}


def filled(*texts: str) -> list[str]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text) for text in texts])
    return [cell.source for cell in fill(notebook, NOTHING).cells]


def test_ordinary_prose_is_left_alone() -> None:
    text = "# Mine\n\n$$\\begin{a}x\\end{a}$$\n\n" + "A line of prose.\n" * 500
    assert filled(text) == [text]


def test_what_is_over_is_cut_with_a_note() -> None:
    (cut,) = filled("word " * 10_000)
    assert len(cut) < budget.MOST_PROSE + 200
    assert "is not shown" in cut
    many = filled(*["word " * 3_000] * 30)
    assert sum(map(len, many)) < budget.MOST_PROSE_IN_ALL + 30 * 200
    assert "is not shown" in many[-1]


def test_a_run_of_spaces_is_squeezed() -> None:
    assert filled("a" + " " * 300_000 + "b") == ["a" + " " * 100 + "b"]


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_no_prose_takes_long_to_be_shown(text: str) -> None:
    (source,) = filled(text)
    assert len(source) < budget.MOST_PROSE + 200
    begun = time.perf_counter()
    markdown2html_mistune(source)
    assert time.perf_counter() - begun < 1
