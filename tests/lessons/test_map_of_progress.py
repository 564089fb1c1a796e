"""When all visible checks pass, a lesson shows the map of the course, with what was seen to pass and nothing else."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from autograder import course
from autograder.authoring.course_map import drawn
from autograder.authoring.visible_checks import shared_source
from tests.courses import ROOT
from tests.lessons.test_visible_checks import cells, checks_run, last_but_one

COURSE = course.load(ROOT)
# A new step is on the map once its facts are in course.yml.
STEPS = [step.id for step in COURSE.assignments if step.minutes]
ALL_PASSED = "passed: x\nAll visible checks passed.\n"


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """What is shown in this test, in a learner's folder with a folder for each step."""
    (tmp_path / "conv2d").mkdir()
    monkeypatch.chdir(tmp_path / "conv2d")
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda what, **_: shown.append(what))
    return shown


def saved(path: Path, said: str, grade_id: str = "visible-checks") -> None:
    """Write a notebook in which a cell of the course printed this."""
    path.parent.mkdir(exist_ok=True)
    outputs = [{"output_type": "stream", "name": "stdout", "text": said.splitlines(keepends=True)}]
    cell = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": grade_id}}, "source": "", "outputs": outputs}
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "metadata": {}}, cell]}), encoding="utf-8")


def progress() -> Any:
    """Return the map as the lesson `conv2d` shows it."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(shared_source(ROOT / "solutions"), names)
    names.update(this_step="conv2d", course_map=drawn(COURSE, "○ "))
    return names["Progress"]()


@pytest.mark.parametrize("name", STEPS)
def test_every_lesson_knows_its_own_name_and_the_map(name: str) -> None:
    line = f'this_step, course_map = "{name}", """\\\n{drawn(COURSE, "○ ")}\n"""\n'
    assert cells(name)["visible-checks"].count(line) == 1, "run `make stubs`"


def test_the_map_comes_with_the_last_check_and_only_if_all_passed(displayed: list[Any], capsys) -> None:
    checks_run("conv2d", last_but_one, show=lambda *_: None)
    assert displayed == []
    checks_run("conv2d")
    assert capsys.readouterr().out.endswith("All visible checks passed.\n")
    (shown,) = displayed
    text, page = repr(shown), shown._repr_html_()
    assert text.startswith("Your way through the course: 1 of 16 steps\n\n✓ conv2d ─┬─ ○ flatten")
    assert text.count("✓ conv2d") == 1 and text.count("○") == 15 and page.count("<b style=") == 1
    assert "elsewhere" not in text + page


def test_other_steps_count_beside_this_one_or_in_its_folder(displayed: list[Any]) -> None:
    saved(Path("../full/full.ipynb"), ALL_PASSED)
    saved(Path("kernel_matrix.ipynb"), ALL_PASSED)
    shown = progress()
    assert "3 of 16 steps" in repr(shown) and "elsewhere, when the notebook beside this one was last saved" in repr(
        shown
    )
    for name in STEPS:
        mark = "✓" if name in ("conv2d", "full", "kernel_matrix") else "○"
        assert f"{mark} {name}" in repr(shown)
        assert (f"</span>{name}</b>" in shown._repr_html_()) == (mark == "✓")


def test_nothing_counts_that_was_not_seen(displayed: list[Any]) -> None:
    saved(Path("../full/full.ipynb"), "FAILED: x\n2 of the visible checks failed:\n")
    saved(Path("../flatten/flatten.ipynb"), ALL_PASSED, grade_id="solution")
    saved(Path("../unfold/unfold.ipynb"), 'print("All visible checks passed.")\n')
    saved(Path("../api/other_name.ipynb"), ALL_PASSED)
    Path("pooling.ipynb").write_text("{broken", encoding="utf-8")
    Path("conv1d.ipynb").write_bytes(b"\xff\xfe")
    Path("network.ipynb").write_text('{"cells": [{"metadata": 1}]}', encoding="utf-8")
    Path("separable.ipynb").write_text("[" * 100_000, encoding="utf-8")
    Path("transposed.ipynb").mkdir()
    assert "1 of 16 steps" in repr(progress())


def test_without_a_map_nothing_is_shown(displayed: list[Any], capsys) -> None:
    """A new step has none before `make stubs`."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(f"{shared_source(ROOT / 'solutions')}\n\nend_visible_checks()", names)
    assert displayed == [] and capsys.readouterr().out == "All visible checks passed.\n"


@pytest.mark.slow
def test_a_notebook_that_was_run_and_saved_counts_in_the_next(displayed: list[Any], tmp_path: Path) -> None:
    master = nbformat.read(ROOT / "solutions" / "flatten" / "flatten.ipynb", as_version=4)
    master.cells = [cell for cell in master.cells if cell.id in ("imports", "solution", "visible-checks")]
    (tmp_path / "flatten").mkdir()
    NotebookClient(master, timeout=120, resources={"metadata": {"path": str(tmp_path / "flatten")}}).execute()
    (first,) = (each.data for each in master.cells[-1].outputs if each.output_type == "display_data")
    assert "1 of 16 steps\n\n○ conv2d ─┬─ ✓ flatten" in first["text/plain"] and "<pre" in first["text/html"]
    assert "1 of 16 steps" in repr(progress())
    nbformat.write(master, tmp_path / "flatten" / "flatten.ipynb")
    assert "2 of 16 steps\n\n✓ conv2d ─┬─ ✓ flatten" in repr(progress())


@pytest.mark.long
def test_what_the_function_made_stands_beside_the_map_of_a_notebook(tmp_path: Path) -> None:
    def run(*ids: str) -> str:
        """Return the map as HTML after these cells of a lesson ran."""
        lesson = nbformat.read(ROOT / "solutions" / "conv2d" / "conv2d.ipynb", as_version=4)
        ran = [next(cell for cell in lesson.cells if cell.id == id) for id in ids]
        lesson.cells = [cell for cell in lesson.cells if cell.id in ("imports", "solution")] + ran
        NotebookClient(lesson, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
        outputs = next(cell.outputs for cell in ran if cell.id == "visible-checks")
        (page,) = (each.data["text/html"] for each in outputs if each.output_type == "display_data")
        return page

    see = ("see-settings", "see-picture")
    page = run("visible-checks", *see)
    assert page.count("<img src='data:image/jpeg;base64,") == 1 and "<small>upright edges</small>" in page
    assert len(page) < 20_000 and "1 of 16 steps" in page
    assert "<img" not in run(*see, "visible-checks"), "no result of another function"
