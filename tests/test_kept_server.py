"""Runs in tests share a fork server, unless their test asks for its own, and nothing that they forked stays in it."""

import time

import pytest

from autograder.grading import backends
from autograder.judge import one_file
from autograder.judge.judge_process import JudgeProcess
from tests.kept_server import forks

pytestmark = pytest.mark.slow


def test_runs_share_a_server_and_leave_nothing_in_it() -> None:
    with backends.ForkServer() as first:
        judge = JudgeProcess(first)
        judge.call(time.sleep, 10_000)
        assert len(forks(first.pid)) > 1
    judge.close()
    with one_file.ForkServer() as second:
        assert second.pid == first.pid
        assert len(forks(second.pid)) == 1


@pytest.mark.own_fork_server
def test_a_test_may_have_its_own() -> None:
    with backends.ForkServer() as first, backends.ForkServer() as second:
        assert first.pid != second.pid


def test_another_environment_takes_another_server(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    with backends.ForkServer() as first:
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        with backends.ForkServer() as second:
            assert first.pid != second.pid
