"""Some folders of a class are not hand-ins: all others are graded, by the kit and by stock nbgrader."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.feedback.give import give
from autograder.nbgrader import commands, export
from tests import courses, hostile

SECONDS = 240
MOST_BYTES = 20_000_000
EXPECTED = {"ada": 10, "zoe": 10} | hostile.points(hostile.FOLDERS)


def run(of: Course, *command: str) -> subprocess.CompletedProcess:
    """Run a command in the course's folder, with a time limit."""
    return subprocess.run([sys.executable, "-m", *command], cwd=of.root, capture_output=True, timeout=SECONDS)


@pytest.fixture
def a_class(a_course: Course) -> Course:
    """A class with each kind of hostile folder between two right answers."""
    for name in ("ada", "zoe"):
        courses.hand_in(a_course, name, courses.answered(a_course))
    hostile.hand_in(a_course, hostile.FOLDERS)
    return a_course


def size_of(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


@pytest.mark.long
def test_the_kit_grades_everybody_else(a_class: Course) -> None:
    done = run(a_class, "autograder", "grade", "conv2d", "--json")
    stderr = done.stderr.decode()
    assert done.returncode == 1, stderr
    assert courses.scores(a_class) == EXPECTED
    for why in ("is not UTF-8 text", "holds a line break", "is longer than 200 bytes"):
        assert stderr.count(why) == 1
    assert size_of(a_class.root / "autograded") < MOST_BYTES
    give(commands.connect(a_class), a_class, ["conv2d"], lambda line: None)
    assert {path.parent.parent.name for path in a_class.root.glob("feedback/*/conv2d/*.html")} == set(EXPECTED)
    again = run(a_class, "autograder", "grade", "conv2d", "--json")
    assert json.loads(again.stdout.splitlines()[-1])["graded"] == 0


@pytest.mark.long
def test_stock_nbgrader_grades_everybody_else(a_class: Course) -> None:
    done = run(a_class, "nbgrader", "autograde", "conv2d")
    assert done.returncode == 0, done.stderr[-3000:]
    assert courses.scores(a_class) == EXPECTED
    assert b"is not UTF-8 text" in done.stderr
    assert size_of(a_class.root / "autograded") < MOST_BYTES
    assert not [path for path in (a_class.root / "autograded").rglob("*") if path.is_symlink()]


def test_what_is_kept_of_a_hand_in_is_the_same_in_both_ways(a_course: Course) -> None:
    from autograder.nbgrader.staging import stage

    folder = courses.hand_in(a_course, "ada", courses.answered(a_course)).parent
    (folder / "submission_secret.txt").write_text("secret", encoding="ascii")
    (folder / "data.csv").write_text("1,2", encoding="ascii")
    kept = a_course.root / "kept"
    kept.mkdir()
    stage(folder, kept)
    assert sorted(path.name for path in kept.iterdir()) == ["submission_secret.txt", "timestamp.txt"]


@pytest.mark.parametrize(
    ("word", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-x", "'-x"),
        ("@sum", "'@sum"),
        ("=a,b", '"\'=a,b"'),
        ('=cmd|" /C calc"!A0', '"\'=cmd|"" /C calc""!A0"'),
        ("ada", "ada"),
        ("o'neil-x", "o'neil-x"),
        ("ada@example.org", "ada@example.org"),
        ("Müller, Ada", '"Müller, Ada"'),
        (None, None),
    ],
)
def test_no_id_is_a_formula(word: str | None, cell: str | None) -> None:
    assert export.as_text(word) == cell


def test_the_csv_of_both_commands_holds_no_formula(a_course: Course) -> None:
    from autograder.nbgrader import gradebook

    with gradebook.opened(a_course) as book:
        book.add_student("=1+1", first_name="@x", last_name="Doe, Jo", email="jo@example.org")
        book.add_student("ada")
    commands.export(a_course, a_course.root / "ours.csv")
    done = run(a_course, "nbgrader", "export", "--to", "stock.csv")
    assert done.returncode == 0, done.stderr
    for name in ("ours.csv", "stock.csv"):
        with (a_course.root / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {row["student_id"] for row in rows} == {"'=1+1", "ada"}
        assert {row["first_name"] for row in rows} == {"'@x", ""}
        assert {row["last_name"] for row in rows} == {"Doe, Jo", ""}
        assert {row["max_score"] for row in rows} == {"10.0"}
