"""What a lesson draws, and the learner's own function at work; a kind word where it is not written yet."""

from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest

from autograder import course
from tests.courses import ROOT

# The cells that draw, and those that they build on; the moving pictures have tests of their own.
RUN = ("imports", "settings", "picture", "explorer", "see-settings", "digits", "see-picture", "play", "see-digits")
RUN += ("question-settings", "question-picture")
pytestmark = pytest.mark.slow
LESSONS = tuple(step.id for step in course.load(ROOT).assignments)


def run(path: Path) -> None:
    """Run the functions of a notebook and the cells that draw."""
    namespace: dict = {"__name__": "__main__"}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.id in RUN or cell.id.startswith("solution"):
            exec(compile(cell.source, cell.id, "exec"), namespace)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[plt.Figure]:
    """The figures that are shown, each closed at once."""
    matplotlib.use("Agg")
    figures: list[plt.Figure] = []

    def show() -> None:
        figures.append(plt.gcf())
        plt.close("all")

    monkeypatch.setattr(plt, "show", show)
    return figures


@pytest.mark.parametrize("name", LESSONS)
def test_a_function_that_is_not_written_yet_is_met_with_a_kind_word(name, shown, capsys):
    run(ROOT / "assignments" / name / f"{name}.ipynb")
    assert "Write your function" in capsys.readouterr().out


@pytest.mark.parametrize("name", LESSONS)
def test_the_function_is_seen_at_work_on_a_page_of_any_colour(name, shown, capsys):
    run(ROOT / "solutions" / name / f"{name}.ipynb")
    assert "Write your function" not in capsys.readouterr().out
    assert len(shown) >= 2 and all(figure.get_facecolor()[3] == 0 for figure in shown)
