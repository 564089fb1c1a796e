"""Run the course's prelude in a fresh worker, before a submission's cells."""

import time

from autograder.sandbox.control import SandboxError
from autograder.sandbox.processes import Worker
from autograder.sandbox.worker import wire

MOST_SECONDS = 60


def run_prelude(worker: Worker, frame: bytes) -> None:
    """Send all cells in one frame; receive the reply to the first, the prelude. Raises SandboxError where it fails.

    No limit is looked at here. The submission's own cells may run already: the first of them that does not reply is the
    one that passes a limit.
    """
    ends = time.monotonic() + MOST_SECONDS
    try:
        wire.send_bytes(worker.connection, frame, ends)
        reply, _ = worker.inbox.receive(ends)
    except wire.WireError as error:
        raise SandboxError(f"a worker did not get through the prelude: {error}") from error
    if reply.get("status") == "raised":
        raise SandboxError(f"the prelude raised {reply.get('type')}: {reply.get('message')}")
