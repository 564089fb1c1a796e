"""Watch judges: end one that makes no progress or takes too much memory."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from autograder.course import PATIENCE_FACTOR
from autograder.judge.judge_process import JudgeDied, JudgeProcess, Reply, Step
from autograder.limits import Limits
from autograder.notebooks.budget import JUDGE_MB, SLACK_SECONDS
from autograder.report import messages
from autograder.sandbox.fork_server import ForkServer

T = TypeVar("T")
POLL_SECONDS = 0.05
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class JudgeLost(Exception):
    """A judge was lost with its batch; the text says why.

    `died` is true if its process ended by itself: then no submission need be to blame.
    """

    def __init__(self, reason: str, *, died: bool = False) -> None:
        super().__init__(reason)
        self.died = died


@dataclass(frozen=True)
class Watchdog:
    """The limits of a judge: MB of memory, and the slack in seconds that is added to what one submission may take.

    A judge shows a sign of life when it reads a notebook and when it tries a check. Between two of them may lie all
    that one submission computes and waits for.
    """

    mb: int = JUDGE_MB
    slack: float = SLACK_SECONDS

    def seconds(self, limits: Limits) -> float:
        """Return how long a judge may go without a sign of life."""
        return limits.submission_seconds * PATIENCE_FACTOR + self.slack


class WatchedJudge:
    """A judge that starts when there is work, and again after it was lost. Used by one thread."""

    def __init__(self, server: ForkServer, watchdog: Watchdog) -> None:
        self._server = server
        self._watchdog = watchdog
        self._process: JudgeProcess | None = None
        self._killed = False

    def run(self, limits: Limits, function: Callable[..., T], *arguments: Any) -> T:
        """Call a function in the judge and return what it returns. Raises what it raises.

        Raises JudgeLost if the judge crashed or had to be ended, SandboxGone if the server is gone.
        """
        if self._killed:
            raise JudgeLost("the run was ended")
        self._process = self._process or JudgeProcess(self._server)
        try:
            self._process.call(function, *arguments)
            reply = self._watch(self._process, self._watchdog.seconds(limits))
        except JudgeDied:
            self._kill_and_close()
            raise JudgeLost(messages.LOST_DIED, died=True) from None
        except JudgeLost:
            self._kill_and_close()
            raise
        if reply.error is not None:
            raise reply.error
        result: T = reply.result
        return result

    def kill(self) -> None:
        """End the judge at once, whatever it is doing. Another thread may call this."""
        self._killed = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the judge once it is idle."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _watch(self, process: JudgeProcess, seconds: float) -> Reply:
        since = time.monotonic()
        while True:
            message = process.message(POLL_SECONDS)
            if isinstance(message, Reply):
                return message
            if isinstance(message, Step):
                since = time.monotonic()
            if time.monotonic() - since > seconds:
                raise JudgeLost(messages.LOST_SLOW.format(seconds=seconds))
            if _megabytes(process.pid) > self._watchdog.mb:
                raise JudgeLost(messages.LOST_LARGE.format(mb=self._watchdog.mb))

    def _kill_and_close(self) -> None:
        if self._process is not None:
            self._process.kill()
        self.close()


def _megabytes(pid: int) -> int:
    """Return the memory that a process holds, or 0 if the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES >> 20
    except (OSError, IndexError):
        return 0
