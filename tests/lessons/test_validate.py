"""nbgrader's Validate button tells the truth: a hidden check's cell passes only where its visible check did."""

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

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = [assignment.id for assignment in course.load(ROOT).assignments]


def validated(notebook: dict[str, Any], folder: Path) -> dict[str, str]:
    """What the button says of each cell that fails, by the title that its source begins with."""
    path = folder / "validated.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    results = Validator(config=QUIET_KERNEL).validate(str(path))
    assert set(results) <= {"failed"}
    failed = results.get("failed", ())
    return {cell["source"].partition(" (")[0].removeprefix("# "): cell["raw_error"] for cell in failed}


def titles(name: str) -> list[str]:
    return [check.title for check in load_suite(name).checks]


def run_in_turn(cells: list[dict[str, Any]]) -> dict[str, str]:
    """What each check's cell says that fails, as a kernel would run them that goes on after an error."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    said = {}
    for cell in cells:
        metadata = cell["metadata"].get("nbgrader", {})
        picture = cell.get("id", "").endswith(("picture", "movement"))
        if cell["cell_type"] != "code" or not metadata or picture:
            continue
        try:
            exec("".join(cell["source"]), namespace)
        except (NotImplementedError, AssertionError) as error:
            if metadata["grade"]:
                said[metadata["grade_id"]] = str(error)
    return said


def solved(of: Course, name: str) -> dict[str, Any]:
    """The stub with the reference answer in it."""
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
    assert list(run_in_turn(courses.stub(the_course, name)["cells"])) == checks
    assert run_in_turn(solved(the_course, name)["cells"]) == {}
    assert "All visible checks passed." in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("name", ["conv2d", "gradient"])
def test_the_untouched_stub_fails_on_every_check(name: str, the_course: Course, tmp_path: Path) -> None:
    said = validated(courses.stub(the_course, name), tmp_path)
    assert list(said) == titles(name)
    # The text alone, without the calls that led to it.
    assert all(len(text.splitlines()) == 2 for text in said.values()), said
    first, *others = said.items()
    assert first[1].startswith(f"FAILED: {first[0]}\n") and "is not implemented yet" in first[1]
    assert all(text.startswith(f"not tried: {title}\n") for title, text in others)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["conv2d", "gradient"])
def test_the_solved_notebook_passes(name: str, the_course: Course, tmp_path: Path) -> None:
    assert validated(solved(the_course, name), tmp_path) == {}


@pytest.mark.slow
def test_a_wrong_answer_fails_where_its_visible_checks_do_and_in_their_words(the_course, tmp_path) -> None:
    path = tmp_path / "conv2d.ipynb"
    path.write_bytes(the_course.stub("conv2d").read_bytes())
    write_answer(path, courses.NO_STRIDE)
    said = validated(json.loads(path.read_text(encoding="utf-8")), tmp_path)
    assert list(said) == ["moves by the stride", "combines stride, padding and bias"]
    expected = "FAILED: moves by the stride\nExpected the shape (2, 3), got (3, 5)."
    assert said["moves by the stride"] == expected


def test_a_check_that_is_tried_in_parts_passes_with_all_of_them(the_course, no_window) -> None:
    notebook = solved(the_course, "gradient")
    cell = courses.cell(notebook, "solution")
    # The second of three parts is wrong.
    cell["source"] += (
        "\n\nright = conv2d_backward\n\n\ndef conv2d_backward(*tensors, **options):\n"
        "    grad_input, grad_kernel, grad_bias = right(*tensors, **options)\n"
        "    return grad_input, grad_kernel + options.get('padding', 0), grad_bias\n"
    )
    (failed,) = run_in_turn(notebook["cells"]).values()
    title = "goes back through the padding, with all options"
    assert failed.startswith(f"FAILED: {title}\nIn grad_kernel: Expected ")


@pytest.mark.slow
def test_one_run_of_all_cells_reads_well(the_course, tmp_path) -> None:
    """What fails in the stub is told in a line or two each, and the visible checks say where they stop."""
    stub = nbformat.read(the_course.stub("conv2d"), as_version=4)
    NotebookClient(stub, timeout=120, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    raised = [out for cell in stub.cells for out in cell.get("outputs", ()) if out.output_type == "error"]
    assert len(raised) == 1 + len(titles("conv2d"))
    assert all(len(error.traceback) <= 2 for error in raised), raised
    assert raised[0].traceback[0].endswith(": raise NotImplementedError")
