"""What a lesson ends with: the learner's own function at work, and a kind word where there is none yet."""

from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest

from autograder.suite.known_answers import PRELUDE
from tests.courses import ROOT

# The cells that run the learner's own functions.
OWN = ("see-settings", "see-picture", "question-settings", "question-picture")
LESSONS = ("flatten", "full")


def run(path: Path, shown: list[plt.Figure]) -> dict:
    """The namespace after the functions and the cells that run them; what is shown goes into `shown`."""
    namespace: dict = {"__name__": "__main__", "display": shown.append}
    exec(PRELUDE, namespace)
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.id.startswith("solution") or (cell.id in OWN and cell.cell_type == "code"):
            exec(compile(cell.source, cell.id, "exec"), namespace)
    return namespace


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
    run(ROOT / "assignments" / name / f"{name}.ipynb", shown)
    assert "Write your function" in capsys.readouterr().out


@pytest.mark.parametrize("name", LESSONS)
def test_the_function_is_seen_at_work_on_a_page_of_any_colour(name, shown, capsys):
    run(ROOT / "solutions" / name / f"{name}.ipynb", shown)
    assert "Write your function" not in capsys.readouterr().out
    assert shown and all(figure.get_facecolor()[3] == 0 for figure in shown)
