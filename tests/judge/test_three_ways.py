"""Grade some steps by `check --json`, `grade` and stock nbgrader: a solution gets full points, a stub 0."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.grading import engine
from autograder.judge import one_file, warm_sandbox
from autograder.nbgrader import commands
from tests import courses

# `verify` grades the solution and the stub of every step: see authoring/test_notebooks_proof.py.
STEPS = ("conv2d", "transposed", "pooling")
# `nbgrader autograde NAME --force`, one assignment after the other in one process.
STOCK = """
import sys
from nbgrader.apps import AutogradeApp
for name in sys.argv[1:]:
    AutogradeApp.launch_instance([name, "--force"])
    AutogradeApp.clear_instance()
"""
EXPECTED = {"solved": 10.0, "stub": 0.0}

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Make a course of these steps; one learner hands in each solution, another each stub."""
    root = tmp_path_factory.mktemp("ways") / "course"
    root.mkdir()
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copyfile(courses.ROOT / name, root / name)
    shutil.copytree(courses.ROOT / "solutions", root / "solutions")
    made = course.load(root)
    commands.generate(commands.connect(made), made, STEPS, lambda line: None)
    for name in STEPS:
        courses.hand_in(made, "stub", courses.stub(made, name), name)
        courses.hand_in(made, "solved", solved(made, name), name)
    return made


@pytest.fixture(scope="module")
def by_grade(handed_in: Course) -> dict[str, dict[str, float]]:
    """Return the gradebook's points by step and learner after `autograder grade`."""
    engine.grade_class(handed_in, STEPS)
    return {name: courses.scores(handed_in, name) for name in STEPS}


@pytest.fixture(scope="module")
def by_nbgrader(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """Return the points by step and learner after stock `nbgrader autograde` in another folder."""
    own = course.load(shutil.copytree(handed_in.root, tmp_path_factory.mktemp("stock") / "course"))
    done = subprocess.run(
        [sys.executable, "-c", STOCK, *STEPS], cwd=own.root, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {name: courses.scores(own, name) for name in STEPS}


def solved(of: Course, name: str) -> dict:
    """Return the stub with the master's solution cells in it, as a learner would hand it in."""
    notebook = courses.stub(of, name)
    master = json.loads(of.master(name).read_text(encoding="utf-8"))
    answers = [cell for cell in master["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    assert answers
    for answer in answers:
        courses.cell(notebook, answer["metadata"]["nbgrader"]["grade_id"])["source"] = answer["source"]
    return notebook


@pytest.mark.parametrize("name", STEPS)
def test_solution_is_full_and_stub_is_nothing(run_cli, handed_in, sandbox, monkeypatch, by_grade, by_nbgrader, name):
    # One warm process for all; otherwise, this is what `check` does.
    monkeypatch.setattr(one_file, "in_judge", lambda course, path, function, *arguments, server: function(*arguments))
    monkeypatch.setattr(warm_sandbox, "begin", lambda course, unsafe: None)
    monkeypatch.setattr(warm_sandbox, "get", lambda course, unsafe: sandbox)
    checked = {}
    for student in EXPECTED:
        notebook: Path = handed_in.root / "submitted" / student / name / f"{name}.ipynb"
        done = run_cli("check", "--json", notebook)
        assert done.exit_code == 0
        checked[student] = json.loads(done.stdout)["score"]
    assert checked == EXPECTED
    assert by_grade[name] == EXPECTED
    assert by_nbgrader[name] == EXPECTED
