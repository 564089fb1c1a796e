"""Two users of one group share a course: what one of them graded, the other can grade again and make pages for."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import course, doctor, key
from autograder.course import Course
from autograder.grading import engine
from autograder.nbgrader import shared
from tests import courses
from tests.grading import at_a_glance
from tests.users import GROUP, ORDINARY, run_as

ADA, BEN = ORDINARY, ORDINARY + 1
SHARED = "\nget_config().CourseDirectory.groupshared = True\n"
COMMANDS = (("grade", "--force", "--wait"), ("feedback",), ("release", "--only-stubs"), ("grade", "--force"))


def share(of: Course) -> Course:
    with (of.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(SHARED)
    return course.load(of.root)


@pytest.fixture
def owned(released: Course, a_course: Course, run_cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    """A course of the first user in a folder that belongs to the group of both."""
    # Another user may be unable to read a Python library that root installed, so import everything first.
    courses.hand_in(a_course, "zoe", courses.answered(a_course))
    monkeypatch.setattr(engine, "dispatch", at_a_glance.dispatch)
    for command, *options in COMMANDS[:2]:
        assert run_cli(command, "conv2d", *options, "--course", a_course.root).exit_code == 0
    folder = Path(tempfile.mkdtemp(prefix="autograder-test-"))
    try:
        made = share(course.load(shutil.copytree(released.root, folder / "course")))
        courses.hand_in(made, "zoe", courses.answered(made))
        monkeypatch.chdir(folder)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, ADA, GROUP)
            path.chmod(0o2775 if path.is_dir() else 0o664)
        (made.root / "gradebook.db").chmod(0o644)
        yield made
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become two users")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of forks in a process with threads
def test_a_second_user_grades_again_and_makes_the_pages(owned: Course, run_cli) -> None:
    for user in (ADA, BEN, ADA):
        for command, *options in COMMANDS:
            status, said = run_as(user, run_cli, command, "conv2d", *options, "--course", owned.root)
            assert status == 0, (user, command, said)
    assert courses.scores(owned) == {"zoe": 10}
    writers = {path.stat().st_uid for path in owned.root.rglob("*") if path.is_file()}
    assert writers == {ADA, BEN}, "both wrote"
    assert not [path for path in owned.root.rglob("*") if path.stat().st_gid != GROUP]
    graded = owned.root / "autograded" / "zoe" / "conv2d" / "conv2d.ipynb"
    assert stat.S_IMODE(graded.stat().st_mode) == 0o664
    assert list(owned.root.glob("feedback/zoe/conv2d/*.html")) and list(owned.root.glob("backups/*.db"))


def test_a_course_of_one_user_stays_that_users(a_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o022)
    try:
        assert not shared.begin(a_course)
        assert os.umask(0o022) == 0o022
        key.make(a_course.root)
        assert shared.begin(share(a_course))
        assert os.umask(0o022) == 0o002
    finally:
        os.umask(before)
    assert stat.S_IMODE((a_course.root / "course.key").stat().st_mode) == 0o640
    assert stat.S_IMODE((a_course.root / "gradebook.db").stat().st_mode) & 0o060 == 0o060


def test_the_doctor_says_where_a_shared_course_lies_in_a_folder_that_is_not(a_course: Course) -> None:
    assert not list(doctor._sharing(a_course))
    (found,) = doctor._sharing(share(a_course))
    assert not found.good and "chmod -R g+w" in found.remedy
    a_course.root.chmod(0o2775)
    (found,) = doctor._sharing(a_course)
    assert found.good


def test_a_key_that_the_group_can_read_is_no_secret_in_a_folder_of_ones_own(a_course: Course) -> None:
    made = key.make(a_course.root)
    (a_course.root / key.FILE).chmod(0o640)
    a_course.root.chmod(0o755)
    assert key.weakness(made, a_course.root) == key.OPEN
    a_course.root.chmod(0o2775)
    assert key.weakness(made, a_course.root) is None
    (a_course.root / key.FILE).chmod(0o644)
    assert key.weakness(made, a_course.root) == key.OPEN
