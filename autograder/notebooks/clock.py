"""A clock for work on one hand-in, so that what would take for ever costs that hand-in alone."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from autograder.errors import Problem

REMEDY = "It needs a person to look at it."
# Seconds of computing after which the clock strikes again, should something have caught what it raised.
AGAIN_SECONDS = 1.0


class TookTooLong(Problem):
    """The clock ran out."""


@contextmanager
def at_most(seconds: float, where: str, doing: str) -> Iterator[None]:
    """Raise TookTooLong inside of this once the process has computed for `seconds`. Waiting does not count.

    Signals reach the main thread alone: in any other thread there is no clock.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def strike(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLong(where, f"took more than {seconds:g} s to {doing}", REMEDY)

    before = signal.signal(signal.SIGPROF, strike)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN_SECONDS)
        yield
    finally:
        try:
            signal.setitimer(signal.ITIMER_PROF, 0)
        finally:
            signal.signal(signal.SIGPROF, before)
