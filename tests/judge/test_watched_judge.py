"""A judge that is lost with its server, dies or hangs: the loss is named, and the next call gets a new judge."""

import os
import signal
import time

import pytest

from autograder.course import Course
from autograder.errors import Problem
from autograder.judge import one_file
from autograder.judge.watchdog import JudgeLost, Watchdog, WatchedJudge
from autograder.limits import Limits
from autograder.sandbox.fork_server import ForkServer
from tests import courses

pytestmark = pytest.mark.slow
NOTEBOOK = courses.ROOT / "solutions/conv2d/conv2d.ipynb"


def test_a_judge_that_goes_with_its_server_is_lost_and_another_one_starts() -> None:
    with ForkServer() as server:
        judge = WatchedJudge(server, Watchdog())
        assert judge.run(Limits(), int, "1") == 1
        os.kill(server.pid, signal.SIGKILL)
        with pytest.raises(JudgeLost) as lost:
            judge.run(Limits(), time.sleep, 10_000)
        assert lost.value.died
        assert judge.run(Limits(), int, "2") == 2
        judge.kill()
        judge.close()


def test_one_file_whose_judge_dies_has_no_result(the_course: Course) -> None:
    with pytest.raises(Problem, match="has no result: the process that graded it died twice"):
        one_file.in_judge(the_course, NOTEBOOK, os._exit, 3)


def test_one_file_whose_judge_hangs_has_no_result(the_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watchdog, "seconds", lambda *_: 1)
    with pytest.raises(Problem, match="made no progress for 1 seconds and was ended"):
        one_file.in_judge(the_course, NOTEBOOK, time.sleep, 10_000)
