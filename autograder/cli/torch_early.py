"""Import PyTorch from a command's first moment on, in the fork server, while this process imports everything else."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from itertools import islice
from typing import TYPE_CHECKING

from autograder.judge.judge_process import SERVE
from autograder.sandbox.control import SandboxGone
from autograder.sandbox.fork_server import MANY, ForkServer

if TYPE_CHECKING:
    from autograder.course import Course


def torch_early() -> AbstractContextManager[ForkServer | None]:
    """Start the fork server; where that fails, the command says why once it needs one.

    Where no judge is needed after all, it is ended at once.
    """
    try:
        return ForkServer()
    except OSError:
        return nullcontext()


def get_ready(server: ForkServer | None, course: "Course", assignments: Sequence[str]) -> None:
    """Let the fork server get ready for judges, and for as many submissions as were handed in, or a hundred of them."""
    folders = (folder for name in assignments for folder in course.root.glob(f"submitted/*/{name}"))
    if server is not None:
        # Where it is gone, the command says so once it needs a judge.
        with suppress(SandboxGone):
            server.get_ready(SERVE, sum(1 for _ in islice(folders, MANY)))
