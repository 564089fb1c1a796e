"""Ctrl-C: once, and a run finishes what is in hand; twice, and it stops where it is."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

FINISHING = "Finishing what is in hand; press Ctrl-C again to stop at once."
STOPPED = "Graded and written: {done} of {total}. Run the same command again to go on."
INTERRUPTED_AT_ONCE = "Stopped. What was written is whole; run the same command again to go on."


@contextmanager
def once_to_finish(told: Callable[[], None]) -> Iterator[threading.Event]:
    """While this lasts, the first Ctrl-C sets the event and calls `told`; the second is a KeyboardInterrupt."""
    asked = threading.Event()

    def interrupted(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        told()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
