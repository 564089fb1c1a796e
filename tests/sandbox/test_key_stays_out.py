"""The key never enters the sandbox: no zygote, branch or worker has it anywhere in memory."""

import re
from pathlib import Path

import psutil
import pytest

from autograder import key
from autograder.judge import judge
from autograder.key import Key
from autograder.notebooks.master import prelude
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from tests import courses

SECRET = "5ec7e7" * 6
LARGEST = 1 << 28


def memory(pid: int) -> bytes:
    """Return a process's writable memory, and its environment."""
    parts = [Path(f"/proc/{pid}/environ").read_bytes(), Path(f"/proc/{pid}/cmdline").read_bytes()]
    with open(f"/proc/{pid}/mem", "rb") as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            found = re.match(r"(\w+)-(\w+) rw", line)
            start, end = (int(number, 16) for number in found.groups()) if found else (0, 0)
            if 0 < end - start < LARGEST:
                file.seek(start)
                parts.append(file.read(end - start))
    return b"".join(parts)


def processes(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


@pytest.mark.slow
def test_no_process_of_the_sandbox_holds_the_key(the_course, monkeypatch):
    monkeypatch.setenv(key.VARIABLE, SECRET)
    with_key = the_course.under(Key(SECRET, key.VARIABLE))
    submission = Submission("conv2d", "test.ipynb", (Cell("cell 1", "MARK = 'a known mark ' * 3\n" + courses.RIGHT),))
    with Sandbox(with_key.limits) as sandbox:
        (report,) = judge.grade(with_key, [submission], sandbox)
        assert report.score == 10 and report.seed == with_key.key.shown
        with Session(sandbox, submission, prelude(with_key, "conv2d"), ("convolution",)):
            found = {pid: memory(pid) for pid in processes(sandbox._own_server.pid)}
    assert len(found) >= 3
    assert any(b"a known mark a known mark" in held for held in found.values()), "the search finds nothing at all"
    for pid, held in found.items():
        assert SECRET.encode() not in held, pid
