"""`verify` holds for the kit as it is, and each of its proofs is seen to fail on a broken notebook."""

import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import compute_checksum

from autograder import course
from autograder.nbgrader import validate

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a course with conv2d alone, and its stub."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "course.yml").write_text("course: small\nseed: 1\nassignments:\n  - id: conv2d\n")
    for kind in ("solutions", "assignments"):
        (folder / kind / "conv2d").mkdir(parents=True)
        (folder / kind / "conv2d" / "conv2d.ipynb").write_bytes((ROOT / kind / "conv2d" / "conv2d.ipynb").read_bytes())
    return folder


def edited(path: Path, target: Path, cell_id: str, **changes: str) -> Path:
    """Return a copy of a notebook with one cell changed: `source` replaces its source, `add` is appended."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    (cell,) = [cell for cell in notebook["cells"] if cell["id"] == cell_id]
    old = "".join(cell["source"])
    cell["source"] = changes.get("source", old.replace(changes.get("old", "\0"), changes.get("new", ""))) + changes.get(
        "add", ""
    )
    target.write_text(json.dumps(notebook), encoding="utf-8")
    return target


@pytest.mark.long
def test_the_kit_holds(run_cli):
    done = run_cli("verify", "--seeds", "1")
    assert done.exit_code == 0, done.stdout
    assert done.stdout.count(" holds ") == len(course.load(ROOT).assignments)


@pytest.mark.long
def test_a_solution_that_loses_points_is_named_with_its_seed(folder, run_cli):
    master = folder / "solutions" / "conv2d" / "conv2d.ipynb"
    good = master.read_bytes()
    try:
        edited(master, master, "solution", old="return output + bias", new="return output")
        done = run_cli("verify", "--seeds", "2", "--course", folder)
    finally:
        master.write_bytes(good)
    assert done.exit_code == 1
    assert "DOES NOT HOLD" in done.stdout
    assert "conv2d: seed 1: the solution earns 8 of 10 (bias: " in done.stdout
    assert "conv2d: seed 2: the solution earns 8 of 10 (bias: " in done.stdout


@pytest.mark.long
def test_a_stub_that_holds_the_answer_gains_and_leaks(folder, run_cli):
    stub = folder / "assignments" / "conv2d" / "conv2d.ipynb"
    good = stub.read_bytes()
    try:
        stub.write_bytes((folder / "solutions" / "conv2d" / "conv2d.ipynb").read_bytes())
        done = run_cli("verify", "--seeds", "1", "--course", folder)
    finally:
        stub.write_bytes(good)
    assert done.exit_code == 1
    assert "conv2d: seed 1: the stub earns 10" in done.stdout
    assert "conv2d: the stub contains a line of the solution: image = F.pad" in done.stdout
    assert "conv2d: the visible checks do not fail in the stub" in done.stdout


def test_a_missing_stub_is_said(folder, run_cli):
    stub = folder / "assignments" / "conv2d" / "conv2d.ipynb"
    good = stub.read_bytes()
    try:
        stub.unlink()
        done = run_cli("verify", "--course", folder)
    finally:
        stub.write_bytes(good)
    assert done.exit_code == 2
    assert "the stub has not been generated. Run `autograder release --only-stubs`." in done.stderr


@pytest.mark.long
@pytest.mark.parametrize(
    ("cell", "changes", "expected"),
    [
        ("try-it", {"source": "1 / 0"}, "the cell “1 / 0” fails in the stub: ZeroDivisionError: division by zero"),
        ("settings", {"add": "\nimport sys; print('old', file=sys.stderr)"}, "fails in the stub: old"),
        (
            "solution",
            {"old": "raise NotImplementedError", "new": "return None"},
            "but not because nothing is implemented",
        ),
        ("visible-checks", {"source": "pass"}, "a locked cell was changed: pass"),
    ],
)
def test_what_keeps_a_stub_from_being_released_is_named(folder, tmp_path, cell, changes, expected):
    stub = edited(folder / "assignments" / "conv2d" / "conv2d.ipynb", tmp_path / "stub.ipynb", cell, **changes)
    problems = validate.release_problems(stub)
    # An answer that is wrong also fails where the lesson shows it at work.
    assert any(expected in problem for problem in problems) and len(problems) <= 2


@pytest.mark.long
def test_a_check_that_passes_in_the_stub_is_named(folder, tmp_path):
    """A cell that holds only comments always passes."""
    stub = tmp_path / "stub.ipynb"
    notebook = nbformat.read(folder / "assignments" / "conv2d" / "conv2d.ipynb", as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.id == "check-bias")
    cell.source = cell.source.partition("\n")[0]
    cell.metadata.nbgrader.checksum = compute_checksum(cell)
    nbformat.write(notebook, stub)
    (problem,) = validate.release_problems(stub)
    assert problem == "the cell “# adds the bias once to every output (1 point)” passes in the stub"


def test_leaked_lines_are_found(tmp_path, folder):
    read = course.load(folder)
    line = "output_height = (image.shape[0] - kernel_height) // stride + 1"
    stub = edited(read.stub("conv2d"), tmp_path / "stub.ipynb", "try-it", source=f"    {line}")
    assert validate.leaked(read.master("conv2d"), stub) == [line]
    assert validate.leaked(read.master("conv2d"), read.stub("conv2d")) == []
