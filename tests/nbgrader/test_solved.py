"""Solved notebooks are executed and hold pictures; a master that raises is named."""

import json

import pytest

from autograder.nbgrader.config import SOLVED

pytestmark = pytest.mark.slow


def test_a_solved_notebook_is_executed_pictures_and_all(a_course, run_cli):
    done = run_cli("solutions", "conv2d", "--course", a_course.root)
    assert done.exit_code == 0
    assert "conv2d is due on 2027-01-15 at 23:59 UTC: keep this from learners until then" in done.stdout
    solved = json.loads((a_course.root / SOLVED / "conv2d" / "conv2d.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in solved["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code if cell["source"])
    outputs = [output for cell in code for output in cell["outputs"]]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert not any(output["output_type"] == "error" for output in outputs)
    (answer,) = (cell for cell in code if cell["id"] == "solution")
    assert "SOLUTION" not in "".join(answer["source"])
    assert "return output" in "".join(answer["source"])


@pytest.mark.long
def test_a_master_that_raises_is_told(a_course, run_cli):
    master = a_course.master("conv2d")
    master.write_text(master.read_text(encoding="utf-8").replace("import math", "import maths"), encoding="utf-8")
    done = run_cli("solutions", "conv2d", "--course", a_course.root)
    assert done.exit_code == 2
    assert "conv2d.ipynb" in done.stderr
    assert "the cell “import maths” raises ModuleNotFoundError: No module named 'maths'" in done.stderr
    assert not (a_course.root / SOLVED / "conv2d").exists()
