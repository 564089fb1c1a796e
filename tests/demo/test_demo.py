"""The made-up class gets exactly the points that were worked out by hand from its answers."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from autograder import course
from autograder.demo import student

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")

# Worked out on paper before the first run. The comments name the checks that fail.
POINTS = {
    "ada": dict.fromkeys(ASSIGNMENTS, 10),
    "ben": dict.fromkeys(ASSIGNMENTS, 10),
    "chen": {
        "conv2d": 10,
        "flatten": 8,  # product 2: numpy made it
        "full": 10,
    },
    "dina": {
        "conv2d": 7,  # stride 2, and together 1, which builds on it
        "flatten": 10,
        "pooling": 8,  # max_padding 1, and pairs 1, which builds on it
    },
    "emil": {
        "conv2d": 8,  # rectangles 1, and together 1, which builds on it
        "full": 8,  # bias 1, and together 1, which builds on it
        "kernel_matrix": 6,  # rectangles 2, and product 2, which builds on it
    },
    "fatima": {
        "full": 8,  # bias 1, and together 1, which builds on it
        "dilation_groups": 5,  # groups 2, and depthwise 1, bias 1, together 1, which build on it
    },
    "goro": {
        "conv2d": 0,  # slides, on which all else builds
        "transposed": 5,  # padding 2, and padding_rectangles 1, adjoint 1, arguments 1, which build on it
    },
    "hana": {"conv2d": 0, "full": 0},  # nothing was written
    "ivan": {"conv2d": 0},  # ends the process
    "june": {
        "conv2d": 7,  # padding 2 never ends, and together 1 builds on it
        "full": 8,  # bias 1, and together 1, which builds on it
    },
    "kofi": {"conv2d": 0},  # not a notebook
    "lena": {
        "conv2d": 9,  # arguments 1
        "kernel_matrix": 2,  # all but shape 1 and size 1: rows 3, and what builds on it
    },
}


def test_the_table_lists_every_answer():
    handed_in = {(answer.student, answer.assignment) for answer in student.answers(course.load(ROOT))}
    assert handed_in == {(student, name) for student, own in POINTS.items() for name in own}
    assert len(POINTS) == 12


def snapshot(folder: Path) -> dict[str, tuple[float, int]]:
    """Return every file below a folder, with its time and size."""
    if not folder.is_dir():
        return {}
    return {str(path): (path.stat().st_mtime, path.stat().st_size) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, Path]]:
    """Yield the folder of a demo, its output, and a home that it must not touch."""
    home = tmp_path_factory.mktemp("home")
    into = tmp_path_factory.mktemp("demo") / "class"
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "autograder", "demo", "--into", str(into), "--course", str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    yield into, done.stdout + done.stderr, home


@pytest.mark.long
def test_everyone_gets_the_points_worked_out_by_hand(ran):
    into, _, _ = ran
    with (into / "course" / "grades.csv").open(encoding="utf-8") as file:
        rows = {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}
    scores = {student: {name: float(rows[student, name]["score"]) for name in own} for student, own in POINTS.items()}
    assert scores == POINTS
    most = {one.id: 0 if one.bonus else 10 for one in course.load(ROOT).assignments}
    assert all(float(row["max_score"]) == most[row["assignment"]] for row in rows.values())


@pytest.mark.long
def test_it_prints_the_gradebook_feedback_times_and_places(ran):
    into, output, _ = ran
    assert "Gradebook" in output
    for name in POINTS:
        assert name in output
    assert "✗  moves by the stride" in output
    assert "in all" in output
    assert str(into / "course" / "grades.csv") in output
    pages = list((into / "learners" / "dina" / "conv2d" / "feedback").rglob("conv2d.html"))
    assert len(pages) == 1
    assert str(pages[0]) in output
    class_page = into / "course" / "overview" / "class.html"
    assert str(class_page) in output
    told = BeautifulSoup(class_page.read_bytes(), "html.parser").main.text
    shared = "in full, in 3 of 6 answers: The bias was added once for every input channel."
    assert f"The commonest misunderstanding {shared}" in told
    assert "The hardest check in full is “adds each output channel's bias once”: it failed for 3 of the 6" in told
    assert "what was handed in for conv2d could not be read" in told
    assert "Traceback" not in output


@pytest.mark.long
def test_what_could_not_be_read_is_told_on_the_feedback_page(ran):
    into, _, _ = ran
    page = (into / "course" / "feedback" / "kofi" / "conv2d" / "conv2d.html").read_text(encoding="utf-8")
    assert "is not a notebook: broken JSON" in page


@pytest.mark.long
def test_it_touches_nothing_outside_its_folder(ran):
    _, _, home = ran
    assert snapshot(home) == {}


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of nbgrader's own use of traitlets
def test_it_works_again_in_the_folder_of_an_earlier_run(ran, run_cli, monkeypatch, tmp_path):
    into = shutil.copytree(ran[0], tmp_path / "class")
    # One learner is enough to show that the first run leaves nothing in the way.
    shutil.copytree(student.STUDENTS / "dina", tmp_path / "students" / "dina")
    monkeypatch.setattr(student, "STUDENTS", tmp_path / "students")
    done = run_cli("demo", "--into", into)
    assert done.exit_code == 0, done.stdout + done.stderr
    with (into / "course" / "grades.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if float(row["score"])]
    assert {row["student_id"] for row in rows} == {"dina"}
    assert {row["assignment"]: float(row["score"]) for row in rows} == POINTS["dina"]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path, run_cli):
    (tmp_path / "thesis.txt").write_text("years of work")
    done = run_cli("demo", "--into", str(tmp_path))
    assert done.exit_code == 2
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
