"""A class in which somebody hands in what is no hand-in: everybody else is graded, by the kit and by stock nbgrader."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.nbgrader import commands, export
from tests import courses

SECONDS = 240
MOST_BYTES = 20_000_000


def run(of: Course, *command: str) -> subprocess.CompletedProcess:
    """Run a command in a course's folder; it must end."""
    return subprocess.run([sys.executable, "-m", *command], cwd=of.root, capture_output=True, timeout=SECONDS)


def folder_of(of: Course, name: str | bytes) -> Path:
    folder = os.path.join(os.fsencode(of.root / "submitted"), os.fsencode(name), b"conv2d")
    os.makedirs(folder)
    return Path(os.fsdecode(folder))


def put(of: Course, folder: Path) -> None:
    (folder / "conv2d.ipynb").write_text(json.dumps(courses.answered(of)), encoding="utf-8")


def beside(make: Callable[[Path], object], name: str) -> Callable[[Course, str], None]:
    """A right notebook, and something beside it."""

    def hand_in(of: Course, student: str) -> None:
        folder = folder_of(of, student)
        put(of, folder)
        make(folder / name)

    return hand_in


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def named(name: str | bytes) -> Callable[[Course, str], None]:
    return lambda of, student: put(of, folder_of(of, name))


def linked(of: Course, student: str) -> None:
    folder_of(of, student).rmdir()
    (of.root / "submitted" / student / "conv2d").symlink_to(of.root / "submitted" / "ada" / "conv2d")


def all_linked(of: Course, student: str) -> None:
    (of.root / "submitted" / student).symlink_to(of.root / "submitted" / "ada")


# What is handed in, and the points that it gets; None where there is no learner of such a name.
HOSTILE: dict[str, tuple[Callable[[Course, str], None], float | None]] = {
    "time-folder": (beside(Path.mkdir, "timestamp.txt"), 10),
    "time-long": (beside(lambda path: path.write_text("2" * 500_000), "timestamp.txt"), 10),
    "time-wrong": (beside(lambda path: path.write_text("2027-01-10 10:00:00 /dev/zero"), "timestamp.txt"), 10),
    "time-fifo": (beside(os.mkfifo, "timestamp.txt"), 10),
    "time-endless": (beside(lambda path: path.symlink_to("/dev/zero"), "timestamp.txt"), 10),
    "secret-folder": (beside(Path.mkdir, "submission_secret.txt"), 10),
    "data-fifo": (beside(os.mkfifo, "data.csv"), 10),
    "data-endless": (beside(lambda path: path.symlink_to("/dev/zero"), "data.csv"), 10),
    "data-sparse": (beside(sparse, "data.csv"), 10),
    "data-of-another": (beside(lambda path: path.symlink_to("/etc/passwd"), "data.csv"), 10),
    "notebook-fifo": (lambda of, student: os.mkfifo(folder_of(of, student) / "conv2d.ipynb"), 0),
    "notebook-folder": (lambda of, student: (folder_of(of, student) / "conv2d.ipynb").mkdir(), 0),
    "notebook-endless": (lambda of, s: (folder_of(of, s) / "conv2d.ipynb").symlink_to("/dev/zero"), 0),
    "linked": (linked, 0),
    "all-linked": (all_linked, 0),
    "not-utf-8": (named(b"M\xfcller"), None),
    "two-lines": (named("mal\nlory"), None),
    "too-long": (named("x" * 250), None),
}


@pytest.fixture
def hostile(a_course: Course) -> Course:
    """A class with each of them between two learners who answer right."""
    for name in ("ada", "zoe"):
        courses.hand_in(a_course, name, courses.answered(a_course))
    for name, (hand_in, _) in HOSTILE.items():
        hand_in(a_course, name)
    return a_course


EXPECTED = {"ada": 10, "zoe": 10} | {name: points for name, (_, points) in HOSTILE.items() if points is not None}


def size_of(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


@pytest.mark.slow
def test_the_kit_grades_everybody_else(hostile: Course) -> None:
    done = run(hostile, "autograder", "grade", "conv2d", "--json")
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert courses.scores(hostile) == EXPECTED
    for why in ("is not UTF-8 text", "holds a line break", "is longer than 200 bytes"):
        assert said.count(why) == 1
    assert size_of(hostile.root / "autograded") < MOST_BYTES
    commands.feedback(commands.connect(hostile), hostile, ["conv2d"], lambda told: None)
    assert {path.parent.parent.name for path in hostile.root.glob("feedback/*/conv2d/*.html")} == set(EXPECTED)
    again = run(hostile, "autograder", "grade", "conv2d", "--json")
    assert json.loads(again.stdout.splitlines()[-1])["graded"] == 0


@pytest.mark.slow
def test_stock_nbgrader_grades_everybody_else(hostile: Course) -> None:
    done = run(hostile, "nbgrader", "autograde", "conv2d")
    assert done.returncode == 0, done.stderr[-3000:]
    assert courses.scores(hostile) == EXPECTED
    assert b"is not UTF-8 text" in done.stderr
    assert size_of(hostile.root / "autograded") < MOST_BYTES
    assert not [path for path in (hostile.root / "autograded").rglob("*") if path.is_symlink()]


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
