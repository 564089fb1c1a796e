"""A working folder that a learner filled: nothing in it is imported, and its settings are ignored."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from tests import courses

MARK = "import pathlib; pathlib.Path({mark!r}).write_text('ran')\n"
# Modules that a judge or its parent imports, and one of the kit itself.
MODULES = ("multiprocessing", "torch", "pytest", "encodings", "autograder", "nbgrader", "numpy", "json")
GENEROUS = "course: evil\nseed: 1\nassignments:\n  - id: conv2d\n    points: 1000\n"


@pytest.fixture
def handed_in(a_course: Course) -> tuple[Course, Path, Path]:
    """A course, a learner's folder full of traps, and the file that exists once one of them ran."""
    for student in ("ada", "ben", "cy", "dora", "emil"):
        courses.hand_in(a_course, student, courses.answered(a_course))
    folder = a_course.root / "submitted" / "ada" / "conv2d"
    mark = a_course.root / "it-ran"
    trap = MARK.format(mark=str(mark))
    for name in MODULES:
        (folder / f"{name}.py").write_text(trap, encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(trap, encoding="utf-8")
    (folder / "course.yml").write_text(GENEROUS, encoding="utf-8")
    solution = folder / "solutions" / "conv2d"
    solution.mkdir(parents=True)
    (solution / "conv2d.ipynb").write_text(json.dumps(courses.stub(a_course)), encoding="utf-8")
    return a_course, folder, mark


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": "", "AUTOGRADER_SEED": "not the public seed"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


AUTOGRADER = str(Path(sys.executable).parent / "autograder")
GRADE = (AUTOGRADER, "grade", "conv2d")
WAYS = {
    "grade in processes": (*GRADE, "--jobs", "2"),
    "grade on a cluster": (*GRADE, "--scheduler", "local"),
    "doctor": (AUTOGRADER, "doctor"),
    "python -m autograder": (sys.executable, "-m", "autograder", "grade", "conv2d", "--jobs", "2"),
}


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_nothing_in_it_runs(handed_in: tuple[Course, Path, Path], way: str) -> None:
    the_course, folder, mark = handed_in
    if "-m" in WAYS[way]:
        # Python searches the working folder for the kit first, before any line of the kit runs.
        (folder / "autograder.py").unlink()
    done = run(folder, *WAYS[way])
    assert not mark.exists(), done.stderr
    assert done.returncode == 0, done.stderr
    if "grade" in WAYS[way]:
        assert courses.scores(the_course) == dict.fromkeys(("ada", "ben", "cy", "dora", "emil"), 10)
    else:
        assert "2 assignments" in done.stdout


def test_settings_among_what_was_handed_in_are_not_believed(handed_in, monkeypatch) -> None:
    the_course, folder, _ = handed_in
    monkeypatch.chdir(folder)
    assert course.find_root() == the_course.root
    # These are named on the command line, so they are meant.
    assert course.load(folder).course == "evil"
    (the_course.root / "course.yml").unlink()
    with pytest.raises(Problem, match="handed-in work"):
        course.find_root()


def test_settings_beside_a_checked_file_are_not_believed(handed_in, tmp_path, monkeypatch, run_cli) -> None:
    _, folder, _ = handed_in
    apart = tmp_path / "downloads"
    folder.rename(apart)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    done = run_cli("check", apart / "conv2d.ipynb")
    assert done.exit_code == 2
    assert "no course.yml here or above" in done.stderr
    assert "--course" in done.stderr
