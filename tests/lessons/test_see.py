"""What a lesson draws, and the learner's own function at work; a kind word where it is not written yet."""

import re
from typing import Any
from unittest.mock import Mock

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
import torch

from autograder import course
from autograder.authoring.visible_checks import shared_source
from autograder.course import Course
from tests import courses
from tests.courses import ROOT
from tests.few import few
from tests.lessons.test_validate import solved

# The cells that draw, and those that they build on; the moving pictures have tests of their own.
RUN = ("imports", "settings", "picture", "explorer", "see-settings", "digits", "see-picture", "play", "see-digits")
RUN += ("question-settings", "question-picture")
pytestmark = pytest.mark.slow
SOME = few(step.id for step in course.load(ROOT).assignments)


def run(cells: list[dict[str, Any]], wrong: Any = None, **given: Any) -> dict[str, Any]:
    """Run the functions of a notebook and the cells that draw; `wrong` stands in for every function if it is given."""
    namespace: dict[str, Any] = {"__name__": "__main__", **given}
    for cell in cells:
        solution = cell["id"].startswith("solution")
        before = set(namespace)
        if cell["id"] in RUN or solution:
            exec(compile("".join(cell["source"]), cell["id"], "exec"), namespace)
        if wrong and solution:
            namespace.update({name: wrong(namespace[name]) for name in set(namespace) - before - {"__builtins__"}})
    return namespace


def lesson(name: str, **changed: tuple[str, str]) -> list[dict[str, Any]]:
    """Return the cells of a master; in those that are named, with `_` for `-`, one text stands in for another."""
    cells = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4).cells
    for id, (before, after) in changed.items():
        (cell,) = (cell for cell in cells if cell.id == id.replace("_", "-"))
        assert before in cell.source
        cell.source = cell.source.replace(before, after)
    return cells


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


@pytest.mark.parametrize("name", SOME)
def test_a_function_that_is_not_written_yet_is_met_with_a_kind_word(name, shown, capsys):
    run(courses.stub(course.load(ROOT), name)["cells"])
    assert "Write your function" in capsys.readouterr().out


@pytest.mark.parametrize("name", SOME)
def test_the_function_is_seen_at_work_on_a_page_of_any_colour_and_beside_the_map(name, shown, capsys):
    shared: dict[str, Any] = {"__name__": "__main__"}
    exec(shared_source(ROOT / "solutions"), shared)
    shared["map_shown"], beside = Mock(), shared["put_beside_map"]
    run(lesson(name), put_beside_map=beside)
    said = capsys.readouterr().out
    ((call,),) = [shared["map_shown"].update.call_args_list]
    assert re.fullmatch(
        r"<figure .*<img src='data:image/\w+;base64,\S+'.*<small>.+</small>.*", call.args[0].picture, re.DOTALL
    )
    assert len(call.args[0].picture) < 20_000
    assert "Write your function" not in said and "No picture" not in said
    assert len(shown) >= 2 and all(figure.get_facecolor()[3] == 0 for figure in shown)


@pytest.mark.parametrize("name", SOME)
def test_a_right_answer_run_from_top_to_bottom_passes_in_every_cell(name, the_course: Course, shown):
    """The pictures leave no name behind that the cells of the hidden checks trip over."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in solved(the_course, name)["cells"]:
        # What they learn from takes a while; the test above runs them.
        if cell["cell_type"] == "code" and cell["id"] not in ("movement", "digits", "see-digits", "see-picture"):
            exec(compile("".join(cell["source"]), cell["id"], "exec"), namespace)


def broken(function: Any) -> Any:
    def wrong(*arguments: Any, **options: Any) -> Any:
        raise ValueError("broken on purpose")

    return wrong


def cut(function: Any) -> Any:
    def wrong(*arguments: Any, **options: Any) -> Any:
        result = function(*arguments, **options)
        parts = result if isinstance(result, tuple) else (result,)
        parts = tuple(part[:-1] if isinstance(part, torch.Tensor) and part.dim() else part for part in parts)
        return parts if isinstance(result, tuple) else parts[0]

    return wrong


@pytest.mark.parametrize("wrong", [broken, cut, lambda function: lambda *_, **__: None])
@pytest.mark.parametrize("name", SOME)
def test_a_wrong_answer_leaves_a_word_in_place_of_a_picture(name, wrong, shown, capsys):
    run(lesson(name), wrong)
    assert "No picture: " in capsys.readouterr().out


@pytest.mark.parametrize("name", SOME)
def test_whole_numbers_in_the_settings_need_no_dot(name, shown, monkeypatch):
    cells = [cell for cell in lesson(name) if cell.id in ("imports", "settings", "picture")]
    for cell in cells[1 if cells[0].id == "imports" else 0 :]:
        if cell.id == "settings":
            cell.source = re.sub(r"(\d)\.0\b", r"\1", cell.source)
    run(cells)
    assert shown


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "cell", "before", "after"),
    [
        ("conv2d", "settings", "[[1.0, 2, 0], [0, -1, 3]]", "[[1, 2, 0], [0, -1, 3]]"),
        ("pooling", "settings", "(2, 3)", "2"),
        ("pooling", "settings", "(1, 1)", "1"),
        ("large_kernel", "settings", "10, 100, 1000", "100"),
        ("flatten", "question_settings", "[0, 40, 840, 1640, 1680]", "840"),
        ("full", "see_settings", '["sepia", "edges of colour"]', '"edges"'),
        ("transposed", "see_settings", '["smooth", "dots", "wide"]', '"copy"'),
        ("dilation_groups", "see_settings", "[1, 2, 4]", "2"),
        ("dilation_groups", "see_settings", "[[-1.0, -1, -1]", "[[-1, -1, -1]"),
        ("dilation_groups", "settings", "[1, 2, 4]", "2"),
        ("dilation_groups", "question_settings", "[2, 2, 2]", "2"),
        ("fully_connected", "see_settings", "[8, 32, 56, 80]", "8"),
        ("unfold", "question_settings", "(2, 2)", "2"),
        ("kernel_matrix", "see_settings", "1.0, 6", "1, 6"),
    ],
)
def test_one_may_stand_alone_where_settings_list_several(name, cell, before, after, shown, capsys):
    run(lesson(name, **{cell: (before, after)}))
    assert "No picture" not in capsys.readouterr().out


def test_a_padding_that_goes_on_all_sides_asks_for_no_more_memory_than_there_is(shown, capsys):
    right, wrong = "padding=(0, padding)", "padding=padding"
    run(lesson("conv1d", solution=(right, wrong)))
    assert capsys.readouterr().out.count("No picture: AssertionError") == 2
