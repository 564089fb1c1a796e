"""Ctrl-C: once, and a run finishes what is in hand; twice, and it stops where it is."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


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
