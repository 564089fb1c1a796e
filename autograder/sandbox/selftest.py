"""Proves once a run that the sandbox holds: a worker tries what it must not be able to do."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.host import Sandbox, SandboxError
from autograder.sandbox.session import Learner

PROBES = {
    "read a file of the machine": "open({canary!r}).read()",
    "read the hidden checks": "open({suite!r}).read()",
    "open a socket": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "start a process": "import os; os.fork() or os._exit(0)",
    "signal its parent": "import os; os.kill(os.getppid(), 0)",
    "write outside its folder": "open({canary!r}, 'a').write('x')",
}
CODE = """
def try_it():
    try:
{code}
    except OSError:
        return False
    return True
"""
SUITES = Path(__file__).resolve().parents[1] / "steps"


def selftest(sandbox: Sandbox) -> dict[str, bool]:
    """What a worker tried, and whether it was stopped."""
    with _canary() as canary:
        return {name: _stopped(sandbox, code, canary) for name, code in PROBES.items()}


def require(sandbox: Sandbox) -> None:
    """Raise SandboxError where a probe came through; a sandbox that is only said to hold is none."""
    if sandbox.tier in ("A", "B"):
        open_to = [name for name, stopped in selftest(sandbox).items() if not stopped]
        if open_to:
            raise SandboxError(f"the sandbox leaks: a submission could {', '.join(open_to)}")


def _stopped(sandbox: Sandbox, code: str, canary: str) -> bool:
    suite = str(SUITES / "conv2d" / "test_conv2d.py")
    lines = code.format(canary=canary, suite=suite).split("; ")
    source = CODE.format(code="\n".join(f"        {line}" for line in lines))
    with Learner(sandbox, Submission("selftest", "selftest", (Cell("probe", source),))) as learner:
        return learner.call("try_it", {}).value is False


@contextmanager
def _canary() -> Iterator[str]:
    """The path of a file that everybody on this machine may read and write."""
    with tempfile.TemporaryDirectory(prefix="autograder-canary-") as folder:
        Path(folder).chmod(0o755)
        canary = Path(folder) / "canary"
        canary.write_text("nobody should read this", encoding="ascii")
        canary.chmod(0o666)
        yield str(canary)
