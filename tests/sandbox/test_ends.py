"""A sandbox ends with the process that started it, not with a thread; it leaves nothing, and its CPU time counts."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.limits import Limits
from autograder.sandbox.host import Sandbox
from autograder.sandbox.worker.isolation import scratch
from tests import courses
from tests.processes import left_of


@pytest.mark.slow
@pytest.mark.parametrize("without", [[], ["namespaces"]], ids=["A", "B"])
def test_a_sandbox_outlives_the_thread_that_started_it(without):
    sandbox = Sandbox(Limits(), without=without)
    with ThreadPoolExecutor(1) as other:
        other.submit(sandbox.__enter__).result()
    try:
        time.sleep(0.2)
        sandbox.end(sandbox.fork())
    finally:
        sandbox.__exit__()


@pytest.mark.slow
def test_a_waiting_worker_is_killed_before_it_can_end_by_itself():
    with Sandbox(Limits()) as sandbox:
        assert {sandbox.end(sandbox.fork()) for _ in range(20)} == {None}


COUNTED = """
import resource, time
from autograder.limits import Limits
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session

def used(code):
    before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    with Sandbox(Limits()) as sandbox, Session(sandbox, Submission("x", "x", (Cell("cell 1", code),)), "import time"):
        pass
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before

print(used("while time.process_time() < 1.5: pass") - used(""))
"""


@pytest.mark.long
def test_what_workers_use_is_counted_to_whoever_started_the_sandbox():
    command = [sys.executable, "-c", COUNTED]
    done = subprocess.run(command, cwd=courses.ROOT, capture_output=True, text=True, timeout=120)
    assert float(done.stdout) > 0.7, done.stderr


TIER_B = """
import sys, time
from autograder.limits import Limits
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
code = "import os; os.makedirs('a/b'); open('a/b/left', 'w').write('x'); os.chmod('a', 0)"
with Sandbox(Limits(), without=["namespaces"]) as sandbox:
    with Session(sandbox, Submission("x", "x", (Cell("cell 1", code),)), "import os"):
        print("there", flush=True)
        time.sleep(float(sys.argv[1]))
"""


def tier_b(seconds: float) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(courses.ROOT)}
    command = [sys.executable, "-c", TIER_B, str(seconds)]
    process = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "there\n"
    return process


def folders() -> set[Path]:
    """Return the folders of workers, each inside that of its zygote."""
    return set(Path("/tmp").glob(f"{scratch.PREFIX}*/{scratch.PREFIX}*"))


@pytest.mark.long
def test_without_namespaces_nothing_is_left_of_a_killed_run():
    before = folders()
    first, other = tier_b(1000), tier_b(1000)
    try:
        theirs = {folder for folder in folders() - before if (folder / "a").is_dir()}
        assert len(theirs) == 2
        os.kill(first.pid, signal.SIGKILL)
        first.communicate()
        assert left_of(first.pid) == []
        assert len(folders() & theirs) == 1, "the killed run's folder goes, the running one's stays"
    finally:
        other.kill()
        other.communicate()
    assert left_of(other.pid) == []
    assert not folders() & theirs


@pytest.mark.long
def test_without_namespaces_the_next_run_clears_what_was_left_when_all_of_a_run_was_killed():
    before = folders()
    run = tier_b(1000)
    theirs = {folder for folder in folders() - before if (folder / "a").is_dir()}
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    assert left_of(run.pid) == []
    assert folders() & theirs
    tier_b(0).communicate()
    assert not folders() & theirs
