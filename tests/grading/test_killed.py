"""A run that is killed at any moment leaves nothing behind, and the next run ends as if nothing had happened."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course
from tests import courses
from tests.processes import left_of

# Even for few pages, there are processes.
RUN = """
from autograder.cli.app import main
from autograder.feedback import processes
processes.FEW = 2
main()
"""
ENDLESS = courses.RIGHT.replace("return output", "while padding: pass\n    return output")
DYING = courses.RIGHT.replace("return output", "__import__('os')._exit(1)")
REPORTS, PAGES = "results/conv2d/*.json", "feedback/*/conv2d/*.html"
COUNT = 12
LIMITS = "{call_seconds: 0.3, restarts: 1, explain_calls: 20}"
FIRST = (courses.NO_STRIDE, courses.RIGHT)
SECOND = (courses.RIGHT, courses.NO_STRIDE, courses.RIGHT, DYING, courses.RIGHT, ENDLESS)


@pytest.fixture(scope="module")
def regraded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with 12 submissions: half were graded and then handed in again, half are new."""
    made = courses.make(tmp_path_factory.mktemp("killed") / "course", limits=LIMITS)
    for number in range(COUNT // 2):
        courses.hand_in(made, f"s{number:02}", courses.answered(made, FIRST[number % 2]))
    finish(start(made))
    for number in range(COUNT):
        late = courses.LATE if number % 7 == 0 else courses.IN_TIME
        courses.hand_in(made, f"s{number:02}", courses.answered(made, SECOND[number % 6]), time=late)
    with (made.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n")
    return made


def start(of: Course) -> subprocess.Popen:
    """Start a run in a process and a session of its own."""
    temporary = of.root.parent / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(courses.ROOT), "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", RUN, "grade", "conv2d", "--feedback", "--jobs", "2", "--json"]
    return subprocess.Popen(
        [*command, "--course", str(of.root)],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen) -> None:
    _, stderr = process.communicate(timeout=300)
    assert process.returncode == 0, stderr


def copied(original: Course, folder: Path) -> Course:
    subprocess.run(["cp", "-a", str(original.root), str(folder)], check=True)
    return courses.course.load(folder)


def state(of: Course) -> tuple:
    """Return everything that a run leaves behind, except times."""
    tables = [courses.rows(of, query) for query in (courses.GRADES, courses.PENALTIES, courses.COMMENTS)]
    files = [path for name in ("autograded", "feedback") for path in (of.root / name).rglob("*") if path.is_file()]
    graded = {str(path.relative_to(of.root)): path.read_bytes() for path in files}
    reports = {path.name: json.loads(path.read_bytes()) for path in (of.root / "results" / "conv2d").glob("*.json")}
    for saved in reports.values():
        saved["report"].pop("seconds")
    return tables, graded, reports


@pytest.fixture(scope="module")
def undisturbed(regraded: Course, tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple, dict]:
    """What a run leaves behind that is not killed, and each learner's rows."""
    own = copied(regraded, tmp_path_factory.mktemp("undisturbed") / "course")
    process = start(own)
    finish(process)
    assert left_of(process.pid) == []
    assert len(courses.scores(own)) == COUNT
    return state(own), by_student(own)


def by_student(of: Course) -> dict[str, list[tuple]]:
    """Return each learner's rows in the gradebook."""
    rows: dict[str, list[tuple]] = {}
    for query in (courses.GRADES, courses.PENALTIES, courses.COMMENTS):
        for row in courses.rows(of, query):
            rows.setdefault(row[0], []).append(row)
    return rows


Moment = Callable[[Course], bool]


def later(moment: Moment, seconds: float) -> Moment:
    """Return a moment this long after another one."""
    ends: list[float] = []

    def come(own: Course) -> bool:
        if not ends and moment(own):
            ends.append(time.monotonic() + seconds)
        return bool(ends) and time.monotonic() >= ends[0]

    return come


def written(count: int, since: int, pattern: str = REPORTS) -> Moment:
    """Return the moment at which this many reports, or pages, have been written since a time in ns."""

    def come(own: Course) -> bool:
        return sum(newer(path, since) for path in own.root.glob(pattern)) >= count

    return come


def newer(path: Path, since: int) -> bool:
    try:
        return path.stat().st_mtime_ns > since
    except FileNotFoundError:  # forgotten while we looked
        return False


def kill(own: Course, moment: Moment) -> bool:
    """Start a run and kill it at a moment; no process of it may survive. Return whether it was still running."""
    process = start(own)
    while process.poll() is None and not moment(own):
        time.sleep(0.002)
    running = process.poll() is None
    process.kill()
    process.communicate()
    assert left_of(process.pid) == []
    return running


def kill_and_finish(regraded: Course, undisturbed: tuple, folder: Path, moments: list[Moment]) -> int:
    """Kill a run at each of these moments, then let one finish. Return how many were still running.

    After each kill, a learner's rows are either the old ones or the new ones, never a mixture.
    """
    expected, new = undisturbed
    own = copied(regraded, folder / "course")
    old = by_student(own)
    running = 0
    for moment in moments:
        running += kill(own, moment)
        for student, rows in by_student(own).items():
            assert rows in (old.get(student), new[student]), student
    finish(start(own))
    assert state(own) == expected
    assert list((folder / "tmp").iterdir()) == []
    assert not any(str(folder) in line for line in Path("/proc/self/mountinfo").read_text().splitlines())
    return running


@pytest.mark.long
def test_a_killed_run_is_finished_by_the_next(regraded, undisturbed, tmp_path):
    now = time.time_ns()
    moments = [written(1, now), written(7, now), written(COUNT - 2, now, PAGES)]
    assert kill_and_finish(regraded, undisturbed, tmp_path, moments) == 3


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(10))
def test_fifty_random_moments(regraded, undisturbed, tmp_path, seed):
    # Kill by progress, not by the clock: on a busy machine the moments would miss the run.
    parts, since = random.Random(seed), time.time_ns()
    counts = [(count, REPORTS) for count in sorted(parts.sample(range(COUNT - 2), 4))]
    counts.append((parts.randrange(COUNT - 1), PAGES))
    moments = [later(written(count, since, pattern), parts.uniform(0, 0.5)) for count, pattern in counts]
    assert kill_and_finish(regraded, undisturbed, tmp_path, moments)


def autograde(of: Course) -> int:
    environment = {**os.environ, "PYTHONPATH": str(courses.ROOT)}
    command = [sys.executable, "-m", "nbgrader", "autograde", "conv2d"]
    return subprocess.run(command, cwd=of.root, env=environment, capture_output=True, timeout=300).returncode


@pytest.mark.long
def test_stock_nbgrader_finishes_what_it_was_killed_at(a_course):
    for student in ("ada", "ben", "cy"):
        courses.hand_in(a_course, student, courses.answered(a_course))
    config = a_course.root / "nbgrader_config.py"
    original = config.read_text(encoding="utf-8")
    # Kill at the second submission, when nbgrader has written its notebook but not graded it yet.
    config.write_text(
        original
        + "\nimport os\nfrom autograder.judge import judge\nleft = [lambda *a, **k: os._exit(9), judge.grade]\n"
        "judge.grade = lambda *a, **k: left.pop()(*a, **k)\n",
        encoding="utf-8",
    )
    assert autograde(a_course) != 0
    assert courses.scores(a_course)["ada"] == 10
    assert (a_course.root / "autograded" / "ben").is_dir()
    config.write_text(original, encoding="utf-8")
    kept = (a_course.root / "autograded" / "ada" / "conv2d" / "conv2d.ipynb").stat().st_mtime_ns
    assert autograde(a_course) == 0
    assert courses.scores(a_course) == {"ada": 10, "ben": 10, "cy": 10}
    assert (a_course.root / "autograded" / "ada" / "conv2d" / "conv2d.ipynb").stat().st_mtime_ns == kept
