"""The one sandbox of a judge's process. It starts while the judge imports its checks, and stays for all batches."""

from concurrent.futures import Future, ThreadPoolExecutor

from autograder.course import Course
from autograder.sandbox.fork_server import Channel
from autograder.sandbox.host import Sandbox

_channel: Channel | None = None
_started: dict[tuple[Course, bool], Future[Sandbox]] = {}


def use(channel: Channel) -> None:
    """Start sandboxes through this channel to a fork server from now on."""
    global _channel
    _channel = channel


def begin(course: Course, unsafe: bool) -> None:
    """Start the sandbox of this course, unless it runs already. Another one ends."""
    if (course, unsafe) in _started:
        return
    end()
    executor = ThreadPoolExecutor(1)
    _started[course, unsafe] = executor.submit(Sandbox.for_course(course, unsafe=unsafe, channel=_channel).__enter__)
    executor.shutdown(wait=False)


def get(course: Course, unsafe: bool) -> Sandbox:
    """Return the sandbox of this course, and start it where it does not run. Raises Problem, SandboxError."""
    begin(course, unsafe)
    return _started[course, unsafe].result()


def end() -> None:
    """End the sandbox. The next one is a new one: a zygote may have been killed for its memory."""
    for started in _started.values():
        if started.exception() is None:
            started.result().__exit__()
    _started.clear()
