"""Each limit in course.yml stops a submission that exceeds it, and no other."""

import copy
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.grading import engine
from autograder.limits import Limits
from autograder.notebooks.read import Cell, Submission
from autograder.report import messages
from autograder.sandbox.answers import Wrong
from autograder.sandbox.control import SandboxError, SandboxGone
from autograder.sandbox.host import Sandbox
from autograder.sandbox.prelude import run_prelude
from autograder.sandbox.processes import Worker
from autograder.sandbox.requests import Request
from autograder.sandbox.session import Session
from autograder.sandbox.worker import wire
from tests import courses

# Seconds beyond the limit that a machine under load may take.
SLACK = 8


@pytest.fixture(scope="module", params=["A", "B"])
def tiers(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Sandbox]:
    """Start a sandbox with namespaces, and one without."""
    if request.param == "A":
        if sandbox.tier != "A":
            pytest.skip("this machine has no tier A")
        yield sandbox
        return
    with Sandbox(Limits(), without=["namespaces"]) as without:
        yield without


@pytest.fixture
def started(tiers: Sandbox) -> Iterator[Callable[..., Session]]:
    """Return a function that starts a submission of these cells under these limits."""
    running: list[Session] = []

    def start(*cells: str, **limits: float) -> Session:
        limited = copy.copy(tiers)
        limited.limits = Limits(**limits)
        labelled = tuple(Cell(f"cell {number}", source) for number, source in enumerate(cells, 1))
        session = Session(limited, Submission("conv2d", "test.ipynb", labelled), "import torch")
        running.append(session)
        return session.__enter__()

    yield start
    for session in running:
        session.__exit__()


def refusal(session: Session, function: str = "f") -> str:
    """Return the message on a call without arguments that must not return."""
    with pytest.raises(Wrong) as wrong:
        session.call(function, {})
    return wrong.value.message


COMPUTING = {
    "in Python": "def f():\n    n = 1\n    while n: n = -n",
    "in C": "def f():\n    return sum(range(10**15))",
    "in torch": "def f():\n    x = torch.ones(300, 300)\n    while x.ndim: x = x @ x",
    "with every exception caught": "def f():\n    while True:\n        try: pass\n        except BaseException: pass",
}


@pytest.mark.parametrize("code", COMPUTING.values(), ids=COMPUTING)
def test_call_seconds_end_a_call_that_computes(started, code):
    session = started(code, "def g(): return 1.0", call_seconds=0.5)
    begun = time.monotonic()
    assert refusal(session) == messages.TOO_LONG.format(name="f", seconds=0.5)
    assert time.monotonic() - begun < 0.5 + SLACK
    assert session.call("g", {}).value == 1


def test_a_limit_that_is_passed_before_the_judge_looks_is_told_of_the_cell(started, monkeypatch):
    """Where others have the processors, the judge may come late, and a cell has run long since."""

    def send_and_be_late(*arguments: object) -> None:
        send_bytes(*arguments)
        time.sleep(1)

    send_bytes = wire.send_bytes
    monkeypatch.setattr(wire, "send_bytes", send_and_be_late)
    session = started("def f(): return 1.0", "n = 1\nwhile n: n = -n", submission_seconds=0.5)
    (note,) = session.notes
    assert note.startswith("cell 2") and "0.5 seconds" in note


def test_replies_in_pieces_do_not_keep_the_judge_from_looking(started):
    """With each reply comes the first byte of the next, so that something is always here."""
    code = """
import json, os, stat, struct, time

def is_socket(number):
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False

connection = [number for number in range(3, 64) if is_socket(number)][-1]
frames = b""
ends = [0]
for number in range(1, 8):
    text = json.dumps({"id": number, "status": "ran", "buffers": []}).encode()
    frames += struct.pack(">I", len(text)) + text
    ends.append(len(frames) + 1)
for start, end in zip(ends, ends[1:]):
    os.write(connection, frames[start:end])
    time.sleep(0.8)
"""
    session = started(code, *["x = 1"] * 5, submission_seconds=0.5, restarts=0)
    assert "was stopped after 0.5 seconds" in session.notes[0]


@pytest.mark.parametrize("prelude", ["1 / 0", "import os; os._exit(3)"], ids=["raises", "ends"])
def test_a_prelude_that_fails_is_the_grader_s_fault_and_leaves_no_worker(tiers, prelude):
    with pytest.raises(SandboxError, match="prelude"), Session(tiers, Submission("conv2d", "x", ()), prelude):
        pass
    assert {branch.workers for branch in tiers._branches.values()} == {0}


def test_a_sandbox_that_goes_while_a_cell_is_stopped_is_told_as_that(tiers, monkeypatch):
    def gone(worker: Worker) -> None:
        worker.close()
        raise SandboxGone("the branch is gone")

    end = tiers.end
    ended: list[Worker] = []
    monkeypatch.setattr(tiers, "end", lambda worker: ended.append(worker) or gone(worker))
    cells = (Cell("cell 1", "import os; os._exit(1)"),)
    with pytest.raises(SandboxGone, match="gone"), Session(tiers, Submission("conv2d", "x", cells), "import torch"):
        pass
    (worker,) = ended
    worker.branch.workers -= 1
    monkeypatch.setattr(tiers, "end", end)


def test_a_second_run_without_bans_that_fails_leaves_no_worker(tiers, monkeypatch):
    """Cells that meet a ban are run once more, without it."""
    fork = tiers.fork

    def once(forbids: list[str], course: list[tuple[str, str]]) -> Worker:
        if not forbids:
            raise SandboxError("no more")
        return fork(forbids, course)

    monkeypatch.setattr(tiers, "fork", once)
    cells = (Cell("cell 1", "F.conv2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 1, 1))"),)
    submission = Submission("conv2d", "x", cells)
    prelude = "import torch\nimport torch.nn.functional as F"
    with pytest.raises(SandboxError, match="no more"), Session(tiers, submission, prelude, ["convolution"]):
        pass
    assert {branch.workers for branch in tiers._branches.values()} == {0}


def test_call_seconds_end_a_call_that_sleeps(started):
    session = started("import time\ndef f(): time.sleep(1000)", call_seconds=0.2)
    begun = time.monotonic()
    assert refusal(session) == messages.TOO_LONG_WAITING.format(name="f", seconds=1)
    assert 1 <= time.monotonic() - begun < 1 + SLACK


@pytest.mark.parametrize("code", ["while True: pass", "import time; time.sleep(1000)"], ids=["computing", "sleeping"])
def test_call_seconds_end_a_cell(started, code):
    session = started(code, "def g(): return 1.0", call_seconds=0.2)
    assert session.call("g", {}).value == 1
    (note,) = session.notes
    assert note.startswith("cell 1 was stopped after")


def strike(worker: Worker | None, number: int = signal.SIGSTOP) -> None:
    """Do to a worker what a machine that stands still does to it, or with SIGKILL, one that has no memory left."""
    assert worker is not None
    if worker.schedstat < 0:
        pytest.skip("this system does not count how long a process waits for a processor")
    # Its own number may be one of another namespace.
    os.kill(int(Path(os.readlink(f"/proc/self/fd/{worker.schedstat}")).parent.name), number)


OTHERS = {"standing still": signal.SIGSTOP, "no memory": signal.SIGKILL}


@pytest.mark.parametrize("number", OTHERS.values(), ids=OTHERS)
def test_what_others_may_have_caused_is_tried_again_once(started, number):
    session = started("def f(): return 1.0", "x = 1", call_seconds=0.4, restarts=0)
    strike(session._worker, number)
    assert session.call("f", {}).value == 1
    assert session.notes == []
    strike(session._worker, number)
    assert re.search("stopped after waiting|was killed", refusal(session))


def test_calls_made_ahead_are_tried_again_too(started):
    requests = [Request.of("f", {"n": n}, ["n"]) for n in range(5)]
    session = started("def f(n): return n", call_seconds=0.4, restarts=0)
    strike(session._worker)
    session.ahead(requests)
    assert [session.ask(request).value for request in requests] == [0, 1, 2, 3, 4]


def test_a_cell_that_others_may_have_stopped_is_run_again(started, monkeypatch):
    def run_and_strike(worker: Worker, frame: bytes) -> None:
        run_prelude(worker, frame)
        if not struck:
            strike(worker)
        struck.append(worker)

    struck: list[Worker] = []
    monkeypatch.setattr("autograder.sandbox.session.run_prelude", run_and_strike)
    session = started("import time\ntime.sleep(1)\ndef f(): return 1.0", call_seconds=0.4, restarts=0)
    assert len(struck) == 2
    assert session.notes == []
    assert session.call("f", {}).value == 1


def test_call_seconds_leave_a_short_call_alone(started):
    session = started("def f():\n    sum(range(10**6))\n    return 1.0", call_seconds=2)
    assert session.call("f", {}).value == 1


def until_refused(session: Session, calls: int) -> str:
    for _ in range(calls):
        try:
            session.call("f", {})
        except Wrong as wrong:
            return wrong.message
    raise AssertionError(f"{calls} calls went through")


def test_submission_seconds_end_many_short_calls(started):
    code = "import time\ndef f():\n    end = time.process_time() + 0.1\n    while time.process_time() < end: pass"
    session = started(code, call_seconds=1, submission_seconds=1)
    assert until_refused(session, 20) == messages.TOO_LONG_IN_ALL.format(seconds=1)
    assert refusal(session) == messages.TOO_LONG_IN_ALL.format(seconds=1)


def test_submission_seconds_end_many_short_naps(started):
    session = started("import time\ndef f(): time.sleep(0.1)", call_seconds=1, submission_seconds=0.3)
    assert until_refused(session, 100) == messages.TOO_LONG_IN_ALL.format(seconds=0.3)
    assert refusal(session) == messages.TOO_LONG_IN_ALL.format(seconds=0.3)


def test_submission_seconds_count_over_restarts(started):
    code = "def f():\n    n = 1\n    while n: n = -n"
    session = started(code, call_seconds=0.5, submission_seconds=1, restarts=100)
    begun = time.monotonic()
    refusals = [refusal(session) for _ in range(6)]
    assert refusals[-1] == messages.TOO_LONG_IN_ALL.format(seconds=1)
    assert time.monotonic() - begun < 2 + SLACK


MEMORY = {
    "torch": "torch.ones(300_000_000)",
    "Python": "bytearray(300_000_000)",
    "many small ones": "[bytes(1000) for _ in range(10**6)]",
}


@pytest.mark.parametrize("code", MEMORY.values(), ids=MEMORY)
def test_memory_mb_end_what_takes_more(started, code):
    session = started(f"def f(): return len({code})", "def g(): return 1.0", memory_mb=128)
    message = refusal(session)
    assert "f raised" in message or "ended the Python process" in message, message
    assert session.call("g", {}).value == 1


def test_memory_mb_leave_alone_what_takes_less(started):
    session = started("def f(): return len(torch.ones(15_000_000))", memory_mb=128)
    assert session.call("f", {}).value == 15_000_000


@pytest.mark.parametrize("stream", ["print('x' * 100)", "import sys; sys.stderr.write('x' * 100)"], ids=["out", "err"])
def test_output_bytes_end_a_call_that_prints(started, stream):
    session = started(f"def f():\n    while True: {stream}", "def g(): print('x' * 10)", output_bytes=1000)
    assert refusal(session) == messages.TOO_MUCH_OUTPUT.format(name="f", limit=1000)


def test_output_bytes_end_a_cell_that_prints(started):
    session = started("while True: print('x')", "def g():\n    return 1.0", output_bytes=1000)
    assert session.call("g", {}).value == 1
    note = messages.CELL_TOO_MUCH_OUTPUT.format(where="cell 1", limit=1000)
    assert session.notes == [messages.OTHER_CELLS.format(told=note)]


def test_output_bytes_leave_a_little_alone(started):
    session = started("def f():\n    print('x' * 900)\n    return 1.0", output_bytes=1000)
    assert session.call("f", {}).value == 1


def test_file_bytes_end_one_large_file(started):
    code = "def f():\n    with open('large', 'wb') as file: file.write(b'x' * {size})\n    return 1.0"
    assert "OSError" in refusal(started(code.format(size=300_000), file_bytes=200_000))
    assert started(code.format(size=100_000), file_bytes=200_000).call("f", {}).value == 1


def test_file_bytes_end_many_files(started):
    code = "def f():\n    for n in range(10**6):\n        with open(str(n), 'wb') as file: file.write(b'x' * 100_000)"
    message = refusal(started(code, file_bytes=200_000))
    assert "OSError" in message or message == messages.TOO_MUCH_WRITTEN.format(name="f", limit=200_000), message


DYING = {
    "exit": "import os; os._exit(3)",
    "crash": "import ctypes; ctypes.string_at(0)",
    "hang": "sum(range(10**15))",
}


@pytest.mark.parametrize("code", DYING.values(), ids=DYING)
def test_restarts_are_counted(started, code):
    session = started(f"def f():\n    {code}", call_seconds=0.2, restarts=2)
    refusals = [refusal(session) for _ in range(50)]
    assert len(set(refusals[:3])) == 1
    assert set(refusals[3:]) == {messages.DIED_TOO_OFTEN.format(times=3)}
    assert session._meter.starts == 3


def test_cells_that_die_cost_restarts_too(started):
    session = started(*["import os; os._exit(0)"] * 20, "def f(): return 1.0", restarts=3)
    assert refusal(session) == messages.DIED_TOO_OFTEN.format(times=4)
    assert len(session.notes) == 4


def test_no_restarts_at_all(started):
    session = started("import os\ndef f(): os._exit(0)", "def g(): return 1.0", restarts=0)
    assert session.call("g", {}).value == 1
    refusal(session)
    assert refusal(session, "g") == messages.DIED_TOO_OFTEN.format(times=1)


def test_the_limits_of_course_yml_are_the_ones_that_bite(a_course: Course):
    settings = a_course.root / "course.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("limits: {}", "limits: {call_seconds: 0.3, restarts: 1}"), encoding="utf-8")
    slow = "def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):\n    sum(range(10**15))"
    courses.hand_in(a_course, "ada", courses.answered(a_course, slow))
    (one,) = engine.grade_class(courses.course.load(a_course.root), ["conv2d"])
    assert one.report.score == 0
    assert "after 0.3 seconds of computing" in one.report.checks[0].message
