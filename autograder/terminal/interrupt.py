"""Handle Ctrl-C: the first finishes the batches in progress, the second stops at once."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

FINISHING = "Finishing the batches in progress; press Ctrl-C again to stop at once."
STOPPED = "Graded and written: {done} of {total}. Run the same command again to continue."
STOPPED_DRY = "Graded: {done} of {total}. Nothing was written."
STOPPED_AT_ONCE = "Stopped. What was written is complete; run the same command again to continue."


@contextmanager
def finish_on_first(on_first: Callable[[], None]) -> Iterator[threading.Event]:
    """Yield an event. The first Ctrl-C sets it and calls `on_first`; the second raises KeyboardInterrupt."""
    pressed = threading.Event()

    def interrupted(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        on_first()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
