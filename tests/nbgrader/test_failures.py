"""Failures are one line with the file, the fault and the remedy: no traceback, exit status 2."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.grading import engine
from autograder.nbgrader import failures
from tests import courses
from tests.grading import at_a_glance
from tests.users import GROUP, ORDINARY, run_as


@contextmanager
def spoilt(of: Course, how: str) -> Iterator[None]:
    """Temporarily spoil the gradebook."""
    path = of.root / "gradebook.db"
    if how == "locked":
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("begin exclusive")
            yield
        return
    if how == "damaged":
        path.write_bytes(b"no database " * 1000)
    elif how == "torn":
        with path.open("r+b") as file:
            file.seek(100)
            file.write(b"\xff" * 4000)
    elif how == "a folder":
        path.unlink()
        path.mkdir()
    yield


MESSAGES = {
    "locked": ("is locked: another program is writing to it", "Wait until that program is done"),
    "damaged": ("is damaged: it is not a database", "Replace it with a copy, the last one in backups/ is gradebook-2"),
    "torn": ("is damaged", "Replace it with a copy"),
    "a folder": ("cannot be opened", "Check its owner"),
}


@pytest.mark.parametrize("how", MESSAGES)
@pytest.mark.parametrize("command", [("grade",), ("release", "--only-stubs")], ids=["grade", "release"])
def test_a_gradebook_that_cannot_be_used_is_named_with_the_reason_and_a_remedy(
    a_course: Course, run_cli, command: tuple[str, ...], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    (a_course.root / "backups").mkdir()
    (a_course.root / "backups" / "gradebook-2.db").touch()
    # Otherwise SQLite waits for five seconds.
    real = sqlite3.dbapi2.connect
    monkeypatch.setattr(sqlite3.dbapi2, "connect", lambda *names, **options: real(*names, **(options | {"timeout": 0})))
    with spoilt(a_course, how):
        done = run_cli(*command, "conv2d", "--course", a_course.root)
    message = done.stderr.splitlines()[-1]
    assert done.exit_code == 2, done.stderr
    assert message.startswith(f"{a_course.root}/gradebook.db: ") and "Traceback" not in done.stderr
    assert all(part in message for part in MESSAGES[how]), message


@pytest.mark.parametrize("command", [("solutions",), ("release", "--only-stubs")], ids=["solutions", "release"])
def test_a_stray_notebook_beside_the_master_is_named(a_course: Course, run_cli, command: tuple[str, ...]) -> None:
    stray = a_course.root / "solutions" / "conv2d" / "notes.ipynb"
    stray.write_text("{}", encoding="utf-8")
    done = run_cli(*command, "conv2d", "--course", a_course.root)
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].startswith(f"{stray}: would be given to learners")


@pytest.mark.parametrize("command", [("solutions",), ("release", "--only-stubs")], ids=["solutions", "release"])
def test_a_master_that_is_no_notebook_is_told_with_the_reason(
    a_course: Course, run_cli, command: tuple[str, ...]
) -> None:
    master = a_course.master("conv2d")
    master.write_text("{", encoding="utf-8")
    done = run_cli(*command, "conv2d", "--course", a_course.root)
    message = done.stderr.splitlines()[-1]
    assert done.exit_code == 2
    assert message.startswith(f"{master}: ") and "NotJSONError: Notebook does not appear to be JSON" in message
    assert not [word for word in ("Please see", "[ERROR]", "Traceback") if word in done.stderr]


LOGS = {
    "a traceback": (
        "[ERROR] Traceback (most recent call last):\n      File x\n    OSError: no space\n",
        "OSError: no space",
    ),
    "one of the kit's": (
        "[ERROR] Traceback (most recent call last):\n    autograder.errors.Problem: a: b. c\n[ERROR] Please see",
        "a: b. c",
    ),
    "words": (
        "[INFO] a\n[ERROR] Invalid filename: x\n[ERROR] Please see the the above traceback",
        "Invalid filename: x",
    ),
    "nothing": ("", "it gave no reason"),
}


@pytest.mark.parametrize(("log", "reason"), LOGS.values(), ids=LOGS)
def test_the_reason_is_what_says_most(log: str, reason: str) -> None:
    assert failures.reason({"log": log}) == reason


CLOSED = {
    "gradebook": ("gradebook.db", 0o444, "gradebook.db: cannot be written (attempt to write a readonly database)"),
    "unreadable gradebook": ("gradebook.db", 0o000, "gradebook.db: cannot be opened (unable to open database file)"),
    "folder": (".", 0o555, ": permission denied"),
    "backups": ("backups", 0o555, "backups: the gradebook could not be copied"),
}


@pytest.fixture
def anothers(a_course: Course, run_cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    """A course of an ordinary user's, in a folder that this user can reach."""
    # What grading needs is imported while it can be read.
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    monkeypatch.setattr(engine, "dispatch", at_a_glance.dispatch)
    assert run_cli("grade", "conv2d", "--course", a_course.root).exit_code == 0
    folder = Path(tempfile.mkdtemp(prefix="autograder-test-"))
    try:
        made = course.load(shutil.copytree(a_course.root, folder / "course"))
        monkeypatch.chdir(folder)
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, ORDINARY, GROUP)
        yield made
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of forks in a process with threads
def test_what_an_ordinary_user_cannot_write_is_named(anothers: Course, run_cli, closed: str) -> None:
    name, mode, reason = CLOSED[closed]
    path = anothers.root / name
    path.chmod(mode)
    try:
        status, said = run_as(ORDINARY, run_cli, "grade", "conv2d", "--force", "--course", anothers.root)
    finally:
        path.chmod(0o755)
    told = said.splitlines()[-1]
    assert status == 2, said
    assert told.startswith(str(anothers.root)) and reason in told and "Traceback" not in said
    assert "Check " in told and "permissions" in told


@pytest.mark.slow
def test_a_file_in_the_way_is_named_and_is_no_fault_of_the_kits(run_cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.judge import one_file

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/course/autograded")

    monkeypatch.setattr(one_file, "grade", denied)
    done = run_cli("check", Path(__file__))
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].startswith("/course/autograded: permission denied. Check its owner")


@pytest.mark.slow
def test_of_an_error_of_many_lines_the_first_is_told(run_cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.judge import one_file

    def failed(*_: object, **__: object) -> None:
        raise RuntimeError("(driver) what is wrong\n(Background on this error at: https://example.org)")

    monkeypatch.setattr(one_file, "grade", failed)
    assert "RuntimeError: (driver) what is wrong. Set" in run_cli("check", Path(__file__)).stderr
