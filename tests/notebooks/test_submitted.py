"""A folder in submitted/ that cannot be read does not keep the others from being graded."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.notebooks import submitted

NOBODY = 65534


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """Yield a course's folder that belongs to an ordinary user, with whose rights this process then runs."""
    root = Path(tempfile.mkdtemp(prefix="autograder-test-"))
    (root / "submitted").mkdir()
    was = os.geteuid()
    if was == 0:
        for path in (root, root / "submitted"):
            os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield root
    finally:
        os.seteuid(was)
        for path in (root / "submitted").iterdir():
            path.chmod(0o700)
        shutil.rmtree(root)


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111])
def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_found(as_nobody: Path, mode: int) -> None:
    for name in ("ada", "closed", "zoe"):
        (as_nobody / "submitted" / name / "conv2d").mkdir(parents=True)
    (as_nobody / "submitted" / "closed").chmod(mode)
    the_course = SimpleNamespace(root=as_nobody)
    assert [folder.student for folder in submitted.submission_folders(the_course, ["conv2d"])] == ["ada", "zoe"]
    (problem,) = submitted.misnamed(the_course)
    assert "closed" in str(problem) and "cannot be read" in str(problem) and "permissions" in str(problem)


def test_a_name_with_a_dot_before_it_is_told_where_something_was_handed_in(a_course) -> None:
    for name in (".hidden/conv2d", ".ipynb_checkpoints", "ada/conv2d"):
        (a_course.root / "submitted" / name).mkdir(parents=True)
    assert [folder.student for folder in submitted.submission_folders(a_course, ["conv2d"])] == ["ada"]
    (problem,) = submitted.misnamed(a_course)
    assert ".hidden" in str(problem) and "begins with a dot" in str(problem)
