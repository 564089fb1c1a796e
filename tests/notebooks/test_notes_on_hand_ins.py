"""The report notes a time that cannot be read, and a notebook that has other names on this machine."""

import os
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.nbgrader.staging import kept_files
from autograder.notebooks.handed_in_at import read_timestamp
from autograder.notebooks.intake import pack
from tests import courses

TIME = "2027-03-01 10:00:00"
UNREAD = ["1", "10:00", "01-10", "2027", "now", "", "\ufffd", TIME + " x y", "2027-02-30 10:00:00 UTC", "9" * 3000]
READ = [TIME, TIME + ".000000 UTC", "2027-03-01T10:00:00Z", "\ufeff" + TIME, " " + TIME + " UTC\n", TIME + " " * 2000]


def packed(of: Course, stamp: str, name: str = "") -> tuple[tuple[str, ...], Path]:
    path = courses.hand_in(of, "ada", courses.answered(of), time="", name=name)
    (path.parent / "timestamp.txt").write_text(stamp, encoding="utf-8")
    return pack(of, "conv2d", path.parent / "conv2d.ipynb").notes, path


@pytest.mark.parametrize("stamp", UNREAD, ids=range(len(UNREAD)))
def test_a_time_that_cannot_be_read_is_told(a_course: Course, stamp: str) -> None:
    notes, path = packed(a_course, stamp)
    assert notes == ("The time of the hand-in cannot be read; it was taken as in time.",)
    assert kept_files(path.parent) == {}


@pytest.mark.parametrize("stamp", READ, ids=range(len(READ)))
def test_a_full_date_is_read_however_it_is_padded(a_course: Course, stamp: str) -> None:
    notes, path = packed(a_course, stamp)
    assert notes == ()
    (time,) = kept_files(path.parent).values()
    assert str(read_timestamp(time.decode("ascii"))) == TIME


def test_no_time_at_all_is_no_fault(a_course: Course) -> None:
    path = courses.hand_in(a_course, "ada", courses.answered(a_course), time="")
    assert pack(a_course, "conv2d", path).notes == ()


def test_a_renamed_notebook_keeps_both_notes(a_course: Course) -> None:
    notes, _ = packed(a_course, "1", name="conv2d (1).ipynb")
    assert len(notes) == 2


def test_a_hard_link_is_told(a_course: Course) -> None:
    path = courses.hand_in(a_course, "ada", courses.answered(a_course))
    (a_course.root / "submitted" / "zoe" / "conv2d").mkdir(parents=True)
    other = a_course.root / "submitted" / "zoe" / "conv2d" / "conv2d.ipynb"
    os.link(path, other)
    assert pack(a_course, "conv2d", other).notes == ("conv2d.ipynb is hard-linked to another file on this machine.",)
