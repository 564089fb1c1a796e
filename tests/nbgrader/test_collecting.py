"""`collect` fetches every submission in the exchange; anything else is left out and named."""

import os
import pwd
import shutil
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.nbgrader import collecting, commands
from tests import courses
from tests.nbgrader.exchange import submit


def spoil(inbound: Path, how: str) -> None:
    """Spoil mallory's only submission."""
    (folder,) = inbound.glob("mallory*")
    stamp = folder / "timestamp.txt"
    if how == "name":
        folder.rename(inbound / "mallory+conv2d+garbage+r")
    elif how == "no time":
        stamp.write_bytes(b"\xff\xfe\x00")
    elif how == "fifo":
        stamp.unlink()
        os.mkfifo(stamp)
    elif how == "link":
        (folder / "sub").mkdir()
        (folder / "sub" / "big").symlink_to("/etc/hostname")
    elif how == "link for the notebook":
        (folder / "conv2d.ipynb").unlink()
        (folder / "conv2d.ipynb").symlink_to(folder.parent / next(folder.parent.glob("ada*")).name / "conv2d.ipynb")
    elif how == "folder is a link":
        shutil.move(folder, inbound.parent / "elsewhere")
        folder.symlink_to(inbound.parent / "elsewhere")
    elif how == "control":
        folder.rename(inbound / f"mall\nory+{folder.name.partition('+')[2]}")


@pytest.mark.parametrize("how", ["name", "no time", "fifo", "link", "folder is a link", "control"])
def test_what_is_no_submission_is_left_out_and_named(a_course: Course, with_exchange: Path, how: str) -> None:
    for student in ("ada", "mallory", "zoe"):
        submit(a_course, with_exchange, student, 1)
    spoil(with_exchange, how)
    for _ in range(2):
        lines: list[str] = []
        complete = commands.collect(commands.connect(a_course), a_course, ["conv2d"], lines.append)
        assert not complete and any(line.startswith("left out mall") for line in lines)
        assert {path.name for path in (a_course.root / "submitted").iterdir()} == {"ada", "zoe"}


@pytest.mark.parametrize("how", ["link", "link for the notebook", "fifo", "folder is a link", "no time"])
def test_what_is_changed_between_the_look_and_the_copy_is_not_followed(
    a_course: Course, with_exchange: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = collecting.wrong_with_submission

    def looked(folder: Path, *arguments, **options) -> str:
        why = real(folder, *arguments, **options)
        if folder.name.startswith("mallory"):
            spoil(with_exchange, how)
        return why

    monkeypatch.setattr(collecting, "wrong_with_submission", looked)
    for student in ("ada", "mallory", "zoe"):
        submit(a_course, with_exchange, student, 1)
    lines: list[str] = []
    assert not commands.collect(commands.connect(a_course), a_course, ["conv2d"], lines.append)
    assert any(line.startswith("left out mallory") for line in lines)
    found = a_course.root.glob("submitted/*/conv2d/conv2d.ipynb")
    assert {path.parent.parent.name for path in found} == {"ada", "zoe"}


def test_a_submission_that_is_too_large_is_left_out_and_the_others_are_fetched(
    a_course: Course, with_exchange: Path
) -> None:
    for student in ("ada", "mallory", "zoe"):
        submit(a_course, with_exchange, student, 1)
    (folder,) = with_exchange.glob("mallory*")
    with (folder / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    lines: list[str] = []
    assert not commands.collect(commands.connect(a_course), a_course, ["conv2d"], lines.append)
    assert any("mallory" in line and "it holds more than 100 MB" in line for line in lines)
    found = a_course.root.glob("submitted/*/conv2d/conv2d.ipynb")
    assert {path.parent.parent.name for path in found} == {"ada", "zoe"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_submission_that_is_somebody_elses_is_left_out(a_course: Course, with_exchange: Path) -> None:
    for number, student in enumerate(("ada", "daemon", "bin")):
        submit(a_course, with_exchange, student, number)
    (own,) = with_exchange.glob("daemon*")
    (foreign,) = with_exchange.glob("bin*")
    for folder in (own, foreign):
        os.chown(folder, pwd.getpwnam("daemon").pw_uid, -1)
    with (a_course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nc.ExchangeCollect.check_owner = True\n")
    assert not commands.collect(commands.connect(a_course), a_course, ["conv2d"], lambda line: None)
    assert {path.name for path in (a_course.root / "submitted").iterdir()} == {"ada", "daemon"}


def test_a_time_in_submitted_that_cannot_be_read_stops_no_later_collect(a_course: Course, with_exchange: Path) -> None:
    courses.hand_in(a_course, "ada", courses.answered(a_course), time="garbage")
    courses.hand_in(a_course, "ben", courses.answered(a_course), time="")
    os.mkfifo(a_course.root / "submitted" / "ben" / "conv2d" / "timestamp.txt")
    for student in ("ada", "ben", "zoe"):
        submit(a_course, with_exchange, student, 1)
    assert commands.collect(commands.connect(a_course), a_course, ["conv2d"], lambda line: None)
    found = a_course.root.glob("submitted/*/conv2d/conv2d.ipynb")
    assert {path.parent.parent.name for path in found} == {"ada", "ben", "zoe"}


def test_a_semicolon_in_a_name_makes_no_cell() -> None:
    from autograder.nbgrader.export import as_text

    assert as_text("a;=1+1") == '"a;=1+1"'
