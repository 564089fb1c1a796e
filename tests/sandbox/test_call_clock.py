"""A call's time is what its worker computes and idles, not what other processes take."""

import time

import pytest

from autograder.limits import Limits
from autograder.sandbox.answers import NoAnswer
from autograder.sandbox.no_answer import Stopped
from autograder.sandbox.processes import Used
from autograder.sandbox.time_limits import CallClock, Meter


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


def idled(meter: Meter, seconds: float) -> None:
    """Let a new worker of this submission idle for so long, and end it."""
    meter.begin_worker()
    meter.waited += seconds
    meter.end_worker(Used(0.0, 0, 0.0))


def test_of_what_a_submission_has_idled_one_call_s_wait_is_forgiven_once():
    meter = Meter(Limits(call_seconds=1, submission_seconds=20))
    idled(meter, 14)
    assert meter.forgive()
    idled(meter, 10.9)
    meter.start_worker()
    assert not meter.forgive()
    idled(meter, 0.2)
    with pytest.raises(NoAnswer, match="20 seconds"):
        meter.start_worker()


def test_no_more_is_forgiven_than_the_last_worker_has_idled():
    meter = Meter(Limits(call_seconds=1, submission_seconds=20))
    idled(meter, 19)
    idled(meter, 0.5)
    assert meter.forgive()
    idled(meter, 1)
    with pytest.raises(NoAnswer, match="20 seconds"):
        meter.start_worker()
