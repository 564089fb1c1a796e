"""What judges and zygotes inherit from the process that imports PyTorch for them, and how it ends."""

import os
import re
import signal
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from autograder import key
from autograder.course import Course
from autograder.judge import judge, one_file
from autograder.judge.judge_process import SERVE, JudgeDied, JudgeProcess, Reply
from autograder.limits import Limits
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.control import SandboxError
from autograder.sandbox.fork_server import MANY, ForkServer
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.suite import check
from tests import courses
from tests.processes import left_among, left_of
from tests.sandbox.test_key_stays_out import memory, processes

pytestmark = pytest.mark.slow


def result(judge: JudgeProcess, function, *arguments):
    """Return what a judge returns for a call, or raise what it raises."""
    judge.call(function, *arguments)
    while not isinstance(reply := judge.message(60), Reply):
        assert reply is not None, "no answer in time"
    if reply.error is not None:
        raise reply.error
    return reply.result


def open_files(pid: int) -> list[str]:
    """Return what a process has open."""
    found = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        found.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    return found


@pytest.fixture
def server():
    with ForkServer() as server:
        yield server


@pytest.fixture
def started(server):
    """Start a judge; each ends with the test."""
    with ExitStack() as ends:

        def start() -> JudgeProcess:
            judge = JudgeProcess(server)
            ends.callback(judge.close)
            return judge

        yield start


# What the modules of a judge and of its checks say about themselves.
OF_JUDGES = [str(module.__doc__).strip().encode() for module in (judge, check)]


def test_a_zygote_inherits_no_suite_no_key_and_no_descriptor(the_course: Course, tmp_path, monkeypatch):
    """The parent holds all of them. The kit's suites are found by a string that stands in one of them only.

    The server has imported the judge by then. Whatever is forked for zygotes has not.
    """
    secret = "5ec7e7" * 6
    monkeypatch.setenv(key.VARIABLE, secret)
    suite = (courses.ROOT / "autograder/steps/conv2d/test_conv2d.py").read_text(encoding="utf-8")
    assert "def test_stride(learner" in suite
    cell = Cell("cell 1", "import sys\nFOUND = [name for name in sys.modules if name.startswith('autograder')]")
    with (
        (tmp_path / "gradebook.db").open("w"),
        ForkServer() as server,
        closing(JudgeProcess(server)) as started,
        Sandbox(Limits(), channel=server) as sandbox,
        Session(sandbox, Submission("conv2d", "x", (cell,)), "import torch", ("convolution",)),
    ):
        result(started, int, "1")
        family = [pid for pid in processes(server.pid) if pid != started.pid]
        held = {pid: memory(pid) for pid in family}
        files = {pid: open_files(pid) for pid in family}
    assert len(family) >= 5
    assert all(text in held[server.pid] for text in OF_JUDGES), "the server has imported no judge"
    assert any(b"FOUND = [name" in text for text in held.values()), "the search finds nothing at all"
    # The first fork of the server is that of the zygotes.
    servers, others = family[:2], family[2:]
    channels = {file for pid in servers for file in files[pid] if file.startswith("socket:")}
    assert len(channels) == 4, "two ends between the servers, one for the owner, one for the judge"
    for pid in others:
        assert not channels & set(files[pid]), "whoever holds a channel of the server can have a judge forked"
    for pid in family:
        assert secret.encode() not in held[pid], pid
        assert b"def test_stride(learner" not in held[pid], pid
        if pid != server.pid:
            assert not [text for text in OF_JUDGES if text in held[pid]], pid
        assert not [file for file in files[pid] if "gradebook" in file], pid


def test_a_judge_has_the_surroundings_of_its_parent(started, monkeypatch, tmp_path):
    monkeypatch.setenv("SOMETHING", "else")
    monkeypatch.chdir(tmp_path)
    judge = started()
    assert result(judge, os.getenv, "SOMETHING") == "else"
    assert result(judge, os.getcwd) == str(tmp_path)


def test_what_a_judge_raises_arrives(started):
    judge = started()
    with pytest.raises(ValueError, match="invalid literal"):
        result(judge, int, "x")
    assert result(judge, int, "1") == 1
    with pytest.raises(RuntimeError, match="generator"):
        result(judge, unpicklable)


def unpicklable():
    return (number for number in ())


def test_a_judge_that_dies_is_noticed_and_another_one_goes_on(started):
    judge, other = started(), started()
    assert result(other, int, "1") == 1
    with pytest.raises(JudgeDied):
        result(judge, os._exit, 3)
    assert result(other, int, "2") == 2


def test_a_judge_that_hangs_can_be_killed(started):
    judge = started()
    judge.call(time.sleep, 10_000)
    judge.kill()
    with pytest.raises(JudgeDied):
        judge.message(60)


@pytest.mark.long
def test_where_the_server_was_killed_the_next_judge_starts_another_one(server, started):
    judge = started()
    assert result(judge, int, "1") == 1
    _, *forks = processes(server.pid)
    assert len(forks) == 2, "the server of the zygotes, and the judge"
    os.kill(server.pid, signal.SIGKILL)
    with pytest.raises(JudgeDied):
        judge.message(60)
    assert left_among(forks) == []
    assert result(started(), int, "2") == 2


def test_a_sandbox_without_its_server_says_so(server):
    os.kill(server.pid, signal.SIGKILL)
    with pytest.raises(SandboxError, match=r"gone|did not start"):
        Sandbox(Limits(), channel=server).__enter__()


@pytest.mark.long
def test_a_server_whose_zygotes_lost_theirs_ends_and_the_next_judge_starts_another_one(server, started):
    judge = started()
    assert result(judge, int, "1") == 1
    (zygotes,) = set(processes(server.pid)) - {server.pid, judge.pid}
    os.kill(zygotes, signal.SIGKILL)
    with pytest.raises(JudgeDied):
        judge.message(60)
    other = started()
    assert result(other, int, "2") == 2


def memory_of(pids, what: str) -> int:
    """Return the megabytes of one kind of memory that these processes have: a line of /proc/PID/smaps_rollup."""
    texts = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids)
    return sum(int(line.split()[1]) for text in texts for line in text.splitlines() if line.startswith(what)) >> 10


RELEASE = tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])
BY_ITSELF = Path("/sys/kernel/mm/transparent_hugepage/enabled")


@pytest.mark.skipif(RELEASE < (6, 1), reason="only Linux 6.1 and later make huge pages when they are asked to")
def test_zygotes_share_the_huge_pages_of_a_server_that_expects_many(server):
    """What is imported takes 150 MB: a second zygote with huge pages of its own would take as much again."""
    server.get_ready(SERVE, MANY)
    with Sandbox(Limits(), channel=server):
        before = memory_of(processes(server.pid), "Pss:")
        with Sandbox(Limits(), channel=server):
            assert memory_of([server.pid], "AnonHugePages:") > 32
            assert memory_of(processes(server.pid), "Pss:") - before < 64


@pytest.mark.skipif(
    BY_ITSELF.exists() and "[always]" in BY_ITSELF.read_text(), reason="this system makes huge pages by itself"
)
def test_a_server_takes_no_time_for_huge_pages_that_serve_few(server):
    with Sandbox(Limits(), channel=server):
        assert memory_of([server.pid], "AnonHugePages:") < 32


def test_nothing_outlives_the_server(the_course: Course):
    """Neither in a run that ends, nor in one whose judge is at work."""
    server = ForkServer()
    idle, busy = JudgeProcess(server), JudgeProcess(server)
    notebook = courses.ROOT / "solutions/conv2d/conv2d.ipynb"
    idle.call(one_file._identified, the_course, notebook, "conv2d", False, False)
    busy.call(time.sleep, 10_000)
    while not isinstance(idle.message(60), Reply):
        pass
    family = processes(server.pid)
    assert len(family) >= 6
    server.close()
    for each in (idle, busy):
        each.close()
    assert not [pid for pid in family if os.path.exists(f"/proc/{pid}")]
    assert left_of(server.pid) == []
