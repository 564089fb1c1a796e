"""What stands in the environment of a judge is not for its pytest."""

import pytest

from autograder.course import Course
from autograder.judge import judge
from autograder.notebooks.read import read
from autograder.sandbox.host import Sandbox


def test_options_for_pytest_in_the_environment_do_not_reach_the_judge(
    the_course: Course, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    (report,) = judge.grade(the_course, [read(the_course.master("conv2d"), "conv2d")], sandbox)
    assert report.score == 10
