"""A call's time is what its worker computes and idles, not what other processes take."""

import time

import pytest

from autograder.sandbox.no_answer import Stopped
from autograder.sandbox.processes import Used
from autograder.sandbox.time_limits import CallClock


def clock(limit: float) -> tuple[CallClock, float]:
    """Return a clock that was looked at once, and the time of that."""
    started = CallClock(limit)
    at = time.monotonic() + started.patience
    started.look(Used(started.patience, 0, 0.0), at)
    return started, at


def test_a_worker_that_others_keep_from_the_processors_has_not_waited():
    call, at = clock(1)
    call.look(Used(0.5, 0, 1000.0), at + 1000.5)
    assert call.waited >= 1000


def test_a_worker_that_could_run_and_does_not_has_waited():
    call, at = clock(1)
    call.look(Used(0.5, 0, 1.0), at + 5.5)
    with pytest.raises(Stopped, match="waiting"):
        call.look(Used(0.5, 0, 1.0), at + 6.5)


def test_where_nobody_counts_the_clock_on_the_wall_decides():
    call, at = clock(1)
    call.look(Used(0.5, 0), at + 4)
    with pytest.raises(Stopped, match="waiting"):
        call.look(Used(0.5, 0), at + 5)


def test_a_worker_that_computes_is_stopped_by_its_own_seconds():
    call, at = clock(1)
    call.look(Used(0.9, 0, 0.0), at + 0.9)
    with pytest.raises(Stopped, match="computing"):
        call.look(Used(1.1, 0, 0.0), at + 1.1)
