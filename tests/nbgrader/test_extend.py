"""An extension moves one learner's deadline, and is no hand-in where there is none yet."""

import csv
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

import pytest

from autograder import course
from autograder.course import Course
from autograder.grading import engine
from autograder.nbgrader import commands, extensions, gradebook
from tests import courses
from tests.nbgrader import reports

ZERO = "late: {policy: zero}\n"


@pytest.fixture
def strict(a_course: Course) -> Course:
    """The small course, in which lateness costs everything. It has handed in nothing yet."""
    with (a_course.root / "course.yml").open("a", encoding="utf-8") as file:
        file.write(ZERO)
    return course.load(a_course.root)


def extended(of: Course) -> dict[str, float]:
    with gradebook.opened(of) as book:
        return {each.student: each.length.total_seconds() / 3600 for each in extensions.listed(of, book)}


def penalties(of: Course) -> dict[str, float | None]:
    return {row[0]: row[2] for row in courses.rows(of, courses.PENALTIES)}


def exported(of: Course, student: str) -> dict[str, str]:
    commands.export(of, of.root / "grades.csv")
    with (of.root / "grades.csv").open(encoding="utf-8") as file:
        return next(
            row for row in csv.DictReader(file) if (row["student_id"], row["assignment"]) == (student, "conv2d")
        )


def test_more_time_is_listed_undone_and_counts_at_once(strict: Course, run_cli: Callable) -> None:
    reports.write(strict, reports.make(strict), time=courses.LATE)
    assert penalties(strict) == {"ada": 10}
    where = ("--course", strict.root)
    done = run_cli("extend", "ada", "conv2d", "+48h", *where)
    assert done.stdout == "ada has until 2027-01-17 23:59 UTC for conv2d (2 days more)\n"
    assert penalties(strict) == {"ada": None}
    assert run_cli("extend", "ada", "conv2d", "+1h", *where).exit_code == 0
    assert (penalties(strict), extended(strict)) == ({"ada": 10}, {"ada": 1})
    assert run_cli("extend", "ada", "conv2d", "2027-01-17 10:00", *where).exit_code == 0
    assert (penalties(strict), extended(strict)) == ({"ada": None}, {"ada": 34 + 1 / 60})
    shown = run_cli("extend", "--list", *where).stdout
    assert [word in shown for word in ("ada", "conv2d", "1 day, 10 hours, 1 minute", "2027-01-17 10:00 UTC")] == [
        True
    ] * 4
    assert run_cli("extend", "ada", "conv2d", "--undo", *where).stdout == "ada has no extension for conv2d\n"
    assert (penalties(strict), extended(strict)) == ({"ada": 10}, {})
    assert run_cli("extend", "--list", *where).stdout == "nobody has an extension\n"
    assert len(list((strict.root / "backups").iterdir())) == 4  # one for each change


def test_more_time_before_the_hand_in_is_no_hand_in(strict: Course) -> None:
    """Export, formgrader and the kit show the learner as they would without the extension."""
    reports.write(strict, reports.make(strict), "ben")
    with gradebook.opened(strict) as book:
        book.update_or_create_student("ada")
    api = commands.connect(strict)

    def views() -> list:
        rows = [(row.student, row.status) for row in gradebook.table(strict)]
        lists = (api.get_submissions("conv2d"), api.get_notebook_submissions("conv2d", "conv2d"))
        return [exported(strict, "ada"), rows, *lists, api.get_student_submissions("ada"), api.get_student("ada")]

    before = views()
    with gradebook.opened(strict) as book:
        extensions.grant(strict, book, "ada", "conv2d", extensions.UNITS["d"])
    assert (views(), extended(strict)) == (before, {"ada": 24})
    with gradebook.opened(strict) as book:
        extensions.grant(strict, book, "ada", "conv2d", extensions.NONE)
    assert courses.rows(strict, "select student_id from submitted_assignment") == [("ben",)]


@pytest.mark.long
@pytest.mark.parametrize("stock", [False, True])
def test_more_time_before_the_hand_in_holds_for_it(strict: Course, stock: bool) -> None:
    for student, time in (("ada", courses.LATE), ("ben", courses.LATE)):
        courses.hand_in(strict, student, courses.answered(strict), time=time)
    with gradebook.opened(strict) as book:
        extensions.grant(strict, book, "ada", "conv2d", 2 * extensions.UNITS["d"])
    if stock:
        command = [sys.executable, "-m", "nbgrader", "autograde", "conv2d"]
        done = subprocess.run(command, cwd=strict.root, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
    else:
        engine.grade_class(strict, ["conv2d"])
    assert courses.scores(strict) == {"ada": 10, "ben": 10}
    assert penalties(strict) == {"ada": None, "ben": 10}
    assert len(courses.rows(strict, courses.COMMENTS)) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("adda", "conv2d", "+2d"), "there is no learner 'adda' in the gradebook.*nbgrader db student add"),
        (("../ada", "conv2d", "+2d"), "there is no learner"),
        (("ada", "conv3d", "+2d"), "there is no assignment 'conv3d'"),
        (("ada", "transposed", "+2d"), "transposed has no due date"),
        (("ada", "conv2d", "two days"), r"'two days' is neither a length of time nor a date. Write \+48h"),
        (("ada", "conv2d", "+99999h"), "neither"),
        (("ada", "conv2d", "9999-12-31 23:59 -12:00"), "neither"),
        (("ada", "conv2d", "2027-01-15 23:59"), "is not after the deadline of conv2d, 2027-01-15 23:59 UTC"),
        (("ada", "conv2d"), "needs a learner, an assignment and a time"),
        (("ada", "conv2d", "+2d", "--undo"), "exclude each other"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    strict: Course, run_cli: Callable, arguments: tuple[str, ...], message: str
) -> None:
    courses.hand_in(strict, "ada", b"")
    before = (strict.root / "gradebook.db").read_bytes()
    done = run_cli("extend", *arguments, "--course", strict.root)
    assert done.exit_code == 2
    assert re.search(message, done.stderr)
    assert courses.rows(strict, "select id from student") == []
    assert (strict.root / "gradebook.db").read_bytes() == before


def test_a_time_without_an_offset_is_in_the_courses_zone(strict: Course) -> None:
    berlin = strict.model_copy(update={"timezone": "Europe/Berlin"})
    length = extensions.length_of(berlin, berlin.assignment("conv2d"), "2027-01-16")
    assert datetime(2027, 1, 15, 23, 59) + length == datetime(2027, 1, 16, 23, 59, 59)
