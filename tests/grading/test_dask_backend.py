"""Grade a class on a cluster: workers and schedulers may die, but no submission is lost or graded twice."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from autograder.grading import engine, packing
from autograder.grading.engine import Graded
from autograder.grading.plan import Plan
from tests import courses

pytest.importorskip("distributed")
# Dask's threads and tornado leave warnings behind when a connection breaks; the kit cannot prevent them.
pytestmark = [pytest.mark.cluster, pytest.mark.filterwarnings("default")]
COUNT = 60
KILLED_AFTER = 20


@pytest.fixture(scope="module")
def handed_in(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with submissions that are not graded yet: most are right, some wrong, some broken."""
    made = course.load(shutil.copytree(released.root, tmp_path_factory.mktemp("handed_in") / "course"))
    answers = [courses.answered(made)] * 8 + [courses.answered(made, courses.NO_STRIDE), b"broken"]
    for number in range(COUNT):
        courses.hand_in(made, f"s{number:03}", answers[number % 10])
    # One answer has a line that is looked for, which takes longer.
    courses.hand_in(made, "s007", courses.answered(made, courses.SLIP))
    return made


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make many batches, so that some are graded, some in progress and some not begun when something dies."""
    monkeypatch.setattr(packing, "PARTS", COUNT)


@pytest.fixture
def many(handed_in: Course, tmp_path: Path) -> Course:
    """A copy of that course for one test."""
    return course.load(shutil.copytree(handed_in.root, tmp_path / "course"))


class Grid:
    """A scheduler and workers in processes of their own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.folder = folder
        self.processes: list[subprocess.Popen] = []
        self.scheduler = self.start_scheduler()

    def start_scheduler(self) -> subprocess.Popen:
        port = self.address.rpartition(":")[2]
        return self._start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")

    def start_worker(self) -> subprocess.Popen:
        options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(self.folder))
        return self._start("distributed.cli.dask_worker", self.address, *options)

    def _start(self, module: str, *options: str) -> subprocess.Popen:
        environment = {**os.environ, "PYTHONPATH": str(courses.ROOT)}
        # The worker's folder is not the course's, so it can read nothing there.
        command = [sys.executable, "-m", module, *options]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.processes.append(subprocess.Popen(command, env=environment, cwd=self.folder, **quiet))
        return self.processes[-1]

    def close(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def grid(tmp_path: Path) -> Iterator[Grid]:
    made = Grid(tmp_path)
    yield made
    made.close()


def state(of: Course) -> tuple:
    """Return everything that a run leaves behind, except durations."""
    tables = [courses.rows(of, query) for query in (courses.GRADES, courses.PENALTIES, courses.COMMENTS)]
    files = (path for path in sorted((of.root / "autograded").rglob("*")) if path.is_file())
    graded = {str(path.relative_to(of.root)): path.read_bytes() for path in files}
    saved = {path.name: path.read_text() for path in (of.root / "results" / "conv2d").iterdir()}
    return tables, graded, {name: re.sub(r'"seconds": ?[0-9.]+', "", text) for name, text in saved.items()}


def grade(of: Course, **plan) -> list[Graded]:
    return list(engine.grade_each(of, ["conv2d"], None, Plan(**plan)))


@pytest.fixture(scope="module")
def undisturbed(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> tuple:
    """The result of one job alone."""
    copy = course.load(shutil.copytree(handed_in.root, tmp_path_factory.mktemp("undisturbed") / "course"))
    assert len(grade(copy, jobs=1)) == COUNT
    assert len(set(courses.scores(copy).values())) == 3
    checks = json.loads((copy.root / "results" / "conv2d" / "s007.json").read_text("utf-8"))["report"]["checks"]
    assert [check["slip"]["lines"] for check in checks if check["slip"]] == [[5]]
    return state(copy)


@pytest.mark.parametrize("plan", [{"jobs": 2}, {"jobs": 2, "scheduler": "local"}], ids=str)
def test_reports_are_the_same_however_many_hands(many, undisturbed, plan):
    assert len(grade(many, **plan)) == COUNT
    assert state(many) == undisturbed


def shown(of: Course) -> dict[str, list]:
    """Return the outputs of the check cells of each autograded notebook."""
    outputs = {}
    for path in sorted((of.root / "autograded").glob("*/*/*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        outputs[path.parts[-3]] = [cell.outputs for cell in cells if cell.get("outputs")]
    return outputs


def test_stock_nbgrader_shows_the_same(many):
    # One of each kind is right, wrong and broken.
    for number in set(range(COUNT)) - {7, 8, 9}:
        shutil.rmtree(many.root / "submitted" / f"s{number:03}")
    grade(many, jobs=2)
    ours = shown(many), courses.rows(many)
    command = [sys.executable, "-m", "nbgrader", "autograde", "conv2d", "--force"]
    subprocess.run(command, cwd=many.root, check=True, capture_output=True, timeout=600)
    assert (shown(many), courses.rows(many)) == ours


def after(found: Iterator[Graded], count: int, happens) -> list[Graded]:
    """Return all results of a run, in the middle of which something happens."""
    done = []
    for one in found:
        done.append(one)
        if len(done) == count:
            happens()
    return done


def test_a_worker_killed_in_the_middle(many, undisturbed, grid):
    first = grid.start_worker()
    grid.start_worker()
    run = engine.grade_each(many, ["conv2d"], None, Plan(scheduler=grid.address))
    done = after(run, KILLED_AFTER, lambda: first.send_signal(signal.SIGKILL))
    assert first.wait(10) == -signal.SIGKILL
    assert sorted(one.student for one in done) == [f"s{number:03}" for number in range(COUNT)]
    assert state(many) == undisturbed


def test_a_scheduler_that_is_started_again(many, undisturbed, grid):
    grid.start_worker()

    def start_again() -> None:
        time.sleep(1)
        grid.start_scheduler()
        grid.start_worker()

    def restart() -> None:
        grid.scheduler.kill()
        grid.scheduler.wait()
        threading.Thread(target=start_again).start()

    run = engine.grade_each(many, ["conv2d"], None, Plan(scheduler=grid.address))
    done = after(run, KILLED_AFTER, restart)
    assert sorted(one.student for one in done) == [f"s{number:03}" for number in range(COUNT)]
    assert state(many) == undisturbed


def test_no_scheduler_is_told(many, monkeypatch):
    from autograder.grading import dask_backend

    monkeypatch.setattr(dask_backend, "CONNECT_SECONDS", 1)
    with pytest.raises(Problem, match=r"tcp://127.0.0.1:9: no Dask scheduler answers .*Check the address"):
        grade(many, scheduler="tcp://127.0.0.1:9")


def test_dask_that_is_not_installed_is_told(many, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Problem, match=r"Dask is not installed. Run `pip install -c constraints.txt -e '.\[dask\]'` in"):
        grade(many, scheduler="local")
