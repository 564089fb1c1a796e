"""Wait for a worker's replies, and see meanwhile whether it stays within the limits of its submission."""

import time

from autograder.limits import Limits
from autograder.sandbox.host import Sandbox
from autograder.sandbox.no_answer import Stopped
from autograder.sandbox.processes import Used, Worker
from autograder.sandbox.time_limits import LOOK_AGAIN_SECONDS, CallClock, Meter


class Watch:
    """Watches the workers of one submission."""

    def __init__(self, sandbox: Sandbox, limits: Limits, meter: Meter) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._meter = meter

    def wait(self, worker: Worker) -> None:
        """Wait until something of a reply is here. Raises Stopped where the worker passes a limit first.

        A judge may come late, because others have the processors. So what is here is read before any limit is looked
        at: its worker may have passed the limit with what came later.
        """
        try:
            self._wait(worker)
        except Stopped:
            if not worker.inbox.look():
                raise

    def look_again(self, worker: Worker) -> None:
        """Look at the limits, unless that was done a moment ago. Raises Stopped where one is passed.

        A reply may come in pieces, so this is asked between two of them, too.
        """
        if time.monotonic() - self._meter.checked_at >= LOOK_AGAIN_SECONDS:
            self.look(worker)

    def look(self, worker: Worker) -> Used:
        """Return what the worker has used. Raises Stopped where it has passed a limit."""
        return self._meter.check(self._sandbox.used(worker))

    def _wait(self, worker: Worker) -> None:
        if worker.inbox.look():
            return
        self.look_again(worker)
        clock = CallClock(self._limits.call_seconds)
        while not worker.inbox.wait(clock.patience):
            clock.look(self.look(worker), self._meter.checked_at)
            if self._meter.waited + clock.waited >= self._meter.patience:
                raise Stopped("in all", seconds=self._meter.patience)
