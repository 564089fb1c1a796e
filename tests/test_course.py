"""Errors in course.yml are named with line, key, bad value and remedy."""

from pathlib import Path

import pytest

from autograder import course, key
from autograder.errors import Problem

GOOD = """\
course: a-course
seed: 7
timezone: Europe/Berlin
limits:
  call_seconds: 3
assignments:
  - id: conv2d
    points: 10
    due: 2027-01-15 23:59
  - id: flatten
"""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder with notebooks for conv2d and flatten."""
    monkeypatch.delenv(key.VARIABLE, raising=False)
    for name in ("conv2d", "flatten"):
        notebook = tmp_path / "solutions" / name / f"{name}.ipynb"
        notebook.parent.mkdir(parents=True)
        notebook.write_text("{}")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    (folder / "course.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_good_one_is_read(folder):
    read = course.load(write(folder, GOOD))
    assert (read.course, read.seed, read.limits.call_seconds) == ("a-course", 7, 3)
    assert [one.id for one in read.assignments] == ["conv2d", "flatten"]
    assert read.due_utc(read.assignment("conv2d")).isoformat() == "2027-01-15T22:59:00+00:00"
    assert read.due_utc(read.assignment("flatten")) is None


def test_a_title_is_what_people_call_an_assignment(folder):
    read = course.load(write(folder, GOOD.replace("points: 10", 'title: " 2: Convolution by loops "', 1)))
    conv2d, flatten = read.assignments
    assert (conv2d.id, conv2d.called, flatten.called) == ("conv2d", "2: Convolution by loops", "flatten")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("seed: 7", "seed: 7\nsed: 8", 3, "sed: unknown key (got 8). Remove it, or mend its spelling"),
        ("call_seconds", "cal_seconds", 5, "limits.cal_seconds: unknown key (got 3)"),
        ("    points: 10", "    point: 10", 8, "assignments[0].point: unknown key (got 10)"),
        ("id: flatten", "id: conv2d", 10, "assignments[1].id: the id 'conv2d' is listed twice. Give each"),
        (
            "points: 10",
            "needs: [flatten]",
            8,
            "assignments[0].needs: no assignment before 'conv2d' has the id 'flatten'",
        ),
        ("points: 10", "points: -1", 8, "assignments[0].points: Input should be greater than 0 (got -1)"),
        (
            "points: 10",
            "title: flatten",
            8,
            "assignments[0].title: 'flatten' is a name of the assignment 'flatten', too",
        ),
        ("points: 10", 'title: "two\\nlines"', 8, "assignments[0].title: String should match pattern"),
        ("id: flatten", "id: pooling", 10, "the assignment 'pooling' has no notebook"),
        ("points: 10", "bonus: perhaps", 8, "assignments[0].bonus: Input should be a valid boolean"),
        ("2027-01-15 23:59", "2027-13-45", 9, "assignments[0].due: Input should be a valid date"),
        ("2027-01-15 23:59", "20270115", 9, "assignments[0].due: not a date; write one such as 2027-01-15 23:59"),
        ("2027-01-15 23:59", "soon", 9, "Write a date such as 2027-01-15 23:59"),
        ("Europe/Berlin", "Mars/Olympus", 3, "timezone: not a time zone; use a name such as UTC or Europe/Berlin"),
        ("seed: 7", "seed: many", 2, "seed: Input should be a valid integer"),
        ("seed: 7\n", "", 1, "seed: is missing. Add it"),
        ("id: conv2d", "id: ../conv2d", 7, "assignments[0].id: String should match pattern"),
        ("  - id: flatten", "  - id: [flatten", 11, "is not valid YAML"),
        ("course: a-course", "course: a course", 1, "course: String should match pattern"),
    ],
)
def test_each_error_is_named_with_its_line(folder, run_cli, old, new, line, message):
    write(folder, GOOD.replace(old, new, 1))
    with pytest.raises(Problem) as caught:
        course.load(folder)
    assert caught.value.where == f"{folder / 'course.yml'}:{line}"
    assert message in str(caught.value)
    done = run_cli("doctor", "--course", folder)
    assert done.exit_code == 2
    assert done.stderr == f"{caught.value}\n"
    assert done.stdout == ""


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list\n"])
def test_a_file_without_settings_is_refused(folder, text):
    with pytest.raises(Problem, match="holds no settings"):
        course.load(write(folder, text))


def test_a_file_that_is_not_text_is_refused(folder):
    (folder / "course.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Problem, match="is not UTF-8 text"):
        course.load(folder)


def test_no_course_anywhere_is_said(tmp_path):
    with pytest.raises(Problem, match=r"no course\.yml here or above.*give --course"):
        course.load(tmp_path)


@pytest.mark.parametrize("offset", ["+01:00", " +01:00", ":00+01:00", ":00 +01:00"])
def test_a_due_date_may_have_an_offset(folder, offset):
    text = GOOD.replace("Europe/Berlin", "UTC").replace("23:59", f"23:59{offset}")
    read = course.load(write(folder, text))
    assert read.due_utc(read.assignment("conv2d")).isoformat() == "2027-01-15T22:59:00+00:00"


def test_no_setting_can_be_the_key(folder):
    with pytest.raises(Problem, match="unknown key"):
        course.load(write(folder, GOOD + "_key: 0123456789abcdef0123456789abcdef\n"))
