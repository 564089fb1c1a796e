"""nbgrader's Validate button is right: a hidden check's cell passes only if its visible check passed."""

import json
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.validator import Validator

from autograder import course
from autograder.course import Course
from autograder.demo.student import write_answer
from autograder.nbgrader.validate import QUIET_KERNEL
from autograder.notebooks.read import grade_id
from autograder.suite.load import load_suite
from tests import courses
from tests.few import few

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = [assignment.id for assignment in course.load(ROOT).assignments]


def validated(notebook: dict[str, Any], folder: Path) -> dict[str, str]:
    """Return what the button reports for each failing cell, by the title at the start of its source."""
    path = folder / "validated.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    results = Validator(config=QUIET_KERNEL).validate(str(path))
    assert set(results) <= {"failed"}
    failed = results.get("failed", ())
    return {cell["source"].partition(" (")[0].removeprefix("# "): cell["raw_error"] for cell in failed}


def is_whole(said: str) -> bool:
    """Return True where `nbgrader validate` shows all of it; it cuts off longer lines."""
    return all(len(line) <= 83 for line in said.splitlines())


def titles(name: str) -> list[str]:
    return [check.title for check in load_suite(name).checks]


def run_in_turn(cells: list[dict[str, Any]]) -> dict[str, str]:
    """Return what each failing cell shows, run like a kernel that continues after an error."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    errors = {}
    for cell in cells:
        metadata = cell["metadata"].get("nbgrader", {})
        picture = cell.get("id", "").endswith(("picture", "movement", "explorer", "play", "see-digits"))
        if cell["cell_type"] != "code" or not metadata or picture:
            continue
        try:
            exec("".join(cell["source"]), namespace)
        except (NotImplementedError, AssertionError) as error:
            errors[metadata["grade_id"]] = "\n".join(error._render_traceback_())
    return errors


def solved(of: Course, name: str) -> dict[str, Any]:
    """Return the stub with the reference answer."""
    stub, master = courses.stub(of, name), nbformat.read(of.master(name), as_version=4)
    for cell in master.cells:
        if cell.id.startswith("solution"):
            courses.cell(stub, cell.metadata.nbgrader.grade_id)["source"] = cell.source
    return stub


@pytest.fixture
def no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    matplotlib.use("Agg")
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_cells_fail_in_every_stub_and_pass_in_every_solution(name, the_course, no_window, capsys) -> None:
    checks = [grade_id(check.id) for check in load_suite(name).checks]
    assert list(run_in_turn(courses.stub(the_course, name)["cells"])) == ["visible-checks", *checks]
    assert run_in_turn(solved(the_course, name)["cells"]) == {}
    assert "All visible checks passed." in capsys.readouterr().out


@pytest.mark.long
@pytest.mark.parametrize("name", ["conv2d", "gradient"])
def test_the_untouched_stub_fails_on_every_check(name: str, the_course: Course, tmp_path: Path) -> None:
    errors = validated(courses.stub(the_course, name), tmp_path)
    assert list(errors) == titles(name)
    # Only the text, without a traceback.
    assert all(len(text.splitlines()) <= 3 and is_whole(text) for text in errors.values()), errors
    first, *others = errors.items()
    assert first[1].startswith(f"FAILED: {first[0]}\n") and "is not implemented yet" in first[1]
    why = "The visible checks did not get there. Run all cells: the first error says why."
    assert all(text == f"not tried: {title}\n{why}" for title, text in others)


@pytest.mark.slow
@pytest.mark.parametrize("name", few(["conv2d", "gradient"], "conv2d"))
def test_the_solved_notebook_passes(name: str, the_course: Course, tmp_path: Path) -> None:
    assert validated(solved(the_course, name), tmp_path) == {}


@pytest.mark.long
def test_a_wrong_answer_fails_where_its_visible_checks_do_and_in_their_words(the_course, tmp_path) -> None:
    path = tmp_path / "conv2d.ipynb"
    path.write_bytes(the_course.stub("conv2d").read_bytes())
    write_answer(path, courses.NO_STRIDE)
    errors = validated(json.loads(path.read_text(encoding="utf-8")), tmp_path)
    assert list(errors) == ["moves by the stride", "combines stride, padding and bias"]
    expected = "FAILED: moves by the stride\nExpected the shape (2, 3), got (3, 5)."
    assert errors["moves by the stride"] == expected


def test_what_fails_is_told_in_lines_that_nbgrader_does_not_cut(the_course, no_window, tmp_path) -> None:
    """No calls of the course's own stand before them, in the visible checks and in the hidden ones' cells."""
    path = tmp_path / "conv2d.ipynb"
    path.write_bytes(the_course.stub("conv2d").read_bytes())
    write_answer(path, courses.RIGHT.replace("    return output\n", ""))
    said = run_in_turn(json.loads(path.read_text(encoding="utf-8"))["cells"])
    ends = said.pop("visible-checks").splitlines()
    assert list(said) == [grade_id(check.id) for check in load_suite("conv2d").checks]
    assert all(map(is_whole, said.values())), said
    assert all(" ".join(text.split()).endswith("Is the return statement missing?") for text in said.values())
    assert ends[0] == "10 of the visible checks failed:" and "moves by the stride" in ends[1:]


@pytest.mark.slow
def test_a_check_that_is_tried_in_parts_passes_with_all_of_them(the_course, no_window) -> None:
    notebook = solved(the_course, "gradient")
    cell = courses.cell(notebook, "solution")
    # The second of three parts is wrong.
    cell["source"] += (
        "\n\nright = conv2d_backward\n\n\ndef conv2d_backward(*tensors, **options):\n"
        "    grad_input, grad_kernel, grad_bias = right(*tensors, **options)\n"
        "    return grad_input, grad_kernel + options.get('padding', 0), grad_bias\n"
    )
    _, failed = run_in_turn(notebook["cells"]).values()
    title = "goes back through the padding, with all options"
    assert failed.startswith(f"FAILED: {title}\nIn grad_kernel: Expected ")


@pytest.mark.long
def test_one_run_of_all_cells_reads_well(the_course, tmp_path) -> None:
    """Each failure in the stub takes two or three lines, and the visible checks say where they stop."""
    stub = nbformat.read(the_course.stub("conv2d"), as_version=4)
    # As in JupyterLab, an error in another cell than those of checks would end the run.
    NotebookClient(stub, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    raised = [out for cell in stub.cells for out in cell.get("outputs", ()) if out.output_type == "error"]
    assert len(raised) == 1 + len(titles("conv2d"))
    assert all(len(error.traceback) <= 3 for error in raised), raised
    assert raised[0].traceback[0].endswith(": raise NotImplementedError")
    (play,) = (cell for cell in stub.cells if cell.id == "play")
    assert [output.get("text", "").partition(" first. Then ")[0] for output in play.outputs] == ["Write your function"]
