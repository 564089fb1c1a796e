"""`make fast` is what it is called: a test without a mark cannot start a process."""

import os
import subprocess
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from tests.fast import FastTestsStartNothing


@pytest.mark.parametrize("start", [lambda: subprocess.run(["true"]), lambda: os.system("true"), os.fork])
def test_a_test_without_a_mark_starts_no_process(start) -> None:
    with pytest.raises(AssertionError, match=r"takes @pytest\.mark\.slow"):
        start()


@pytest.mark.slow
def test_a_slow_one_may() -> None:
    assert subprocess.run(["true"]).returncode == 0


@pytest.mark.parametrize(("fixtures", "slow"), [(["graded", "sandbox"], True), (["tmp_path"], False)])
def test_what_takes_a_sandbox_is_marked(fixtures: list[str], slow: bool) -> None:
    item = SimpleNamespace(fixturenames=fixtures, add_marker=Mock())
    FastTestsStartNothing.pytest_itemcollected(Mock(), item)
    assert item.add_marker.called == slow
