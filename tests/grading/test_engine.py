"""Grade many submissions: none is graded twice, none suffers from another, and no verdict is invented."""

import logging
import os
import shutil
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from autograder.grading import dispatch, engine, judge_batch, packing, writer
from autograder.judge import judge
from autograder.judge.judge_process import JudgeProcess
from autograder.judge.pytest_plugin import Run
from autograder.nbgrader import gradebook
from autograder.notebooks.submitted import SECRET
from autograder.report import messages
from autograder.report.report import Outcome
from autograder.sandbox import host
from autograder.sandbox.control import SandboxError
from tests import courses
from tests.few import few
from tests.grading.in_process import InProcess


def hand_in_three(of: Course) -> Course:
    courses.hand_in(of, "ada", courses.answered(of))
    courses.hand_in(of, "ben", courses.answered(of, courses.NO_STRIDE))
    courses.hand_in(of, "cy", b"not a notebook")
    return of


@pytest.fixture
def three(a_course: Course) -> Course:
    """A course with three submissions."""
    return hand_in_three(a_course)


@pytest.fixture(scope="module")
def graded_once(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Such a course, graded. Tests must not change it."""
    made = course.load(shutil.copytree(released.root, tmp_path_factory.mktemp("graded") / "course"))
    assert fresh(hand_in_three(made)) == set(SCORES)
    return made


@pytest.fixture
def graded_three(graded_once: Course, tmp_path: Path) -> Course:
    """A copy of it for one test."""
    return course.load(shutil.copytree(graded_once.root, tmp_path / "course"))


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grade in this process, so that parts of the judge can be replaced."""
    monkeypatch.setattr(dispatch, "Processes", InProcess)


SCORES = {"ada": 10, "ben": 7, "cy": 0}


def graded(of: Course, **options) -> dict[str, float]:
    return {one.student: one.report.score for one in engine.grade_class(of, ["conv2d"], **options)}


def fresh(of: Course) -> set[str]:
    """Return the learners whom this run graded, and not an earlier one."""
    return {one.student for one in engine.grade_class(of, ["conv2d"]) if not one.cached}


def test_everybody_gets_a_report_scores_and_a_notebook(three):
    results = []
    assert {one.student for one in engine.grade_class(three, ["conv2d"], on_graded=results.append)} == set(SCORES)
    assert [one.student for one in results] == ["ada", "ben", "cy"]
    assert courses.scores(three) == SCORES
    for student in SCORES:
        folder = three.root / "autograded" / student / "conv2d"
        assert sorted(path.name for path in folder.iterdir()) == ["conv2d.ipynb", "timestamp.txt"]


def test_only_these_students(three):
    assert graded(three, students=["ben"]) == {"ben": 7}
    assert courses.scores(three) == {"ben": 7}


def test_what_has_not_changed_is_not_graded_again(graded_three):
    assert fresh(graded_three) == set()
    assert graded(graded_three, force=True) == SCORES


CHANGES = {
    "notebook": lambda of: courses.hand_in(of, "ben", courses.answered(of)),
    "time": lambda of: courses.hand_in(of, "ben", courses.answered(of, courses.NO_STRIDE), time=courses.LATE),
    "report lost": lambda of: (of.root / "results" / "conv2d" / "ben.json").unlink(),
    "report broken": lambda of: (of.root / "results" / "conv2d" / "ben.json").write_text('{"key": ', encoding="utf-8"),
    "notebook lost": lambda of: writer.remove(of.root / "autograded" / "ben" / "conv2d"),
    "score changed": lambda of: change_score(of, "ben", 1),
}


def change_score(of: Course, student: str, score: float) -> None:
    with gradebook.opened(of) as book:
        book.find_grade("check-stride", "conv2d", "conv2d", student).auto_score = score
        book.db.commit()


@pytest.mark.slow
@pytest.mark.parametrize("change", few(CHANGES, "notebook", "score changed"))
def test_what_has_changed_is_graded_again(graded_three, change):
    CHANGES[change](graded_three)
    assert fresh(graded_three) == {"ben"}


def without_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(the_course, submissions, *rest, **options):
        return [judge.report(the_course, Run(submission, ""), "A") for submission in submissions]

    monkeypatch.setattr(judge, "grade", none)


def test_no_verdict_is_no_score_and_is_tried_again(three, in_process, monkeypatch):
    assert graded(three) == SCORES
    with monkeypatch.context() as broken:
        without_a_verdict(broken)
        found = engine.grade_class(three, ["conv2d"], force=True)
    assert [one.report.has_error for one in found] == [True, True, False]
    rows = [row for row in courses.rows(three) if row[0] == "ada"]
    assert {(row[3], row[5]) for row in rows} == {(None, 1)}
    assert fresh(three) == {"ada", "ben"}
    assert courses.scores(three) == SCORES


def test_whoever_brings_a_judge_down_goes_down_alone(three, in_process, monkeypatch, caplog):
    """A batch whose judge fails is retried in halves. Only a submission that fails alone gets no verdict."""
    real = judge_batch.judge_batch

    def fails(batch, sandbox):
        if any(b"NO_STRIDE" in raw.data for raw in batch.submissions):
            raise MemoryError
        return real(batch, sandbox)

    courses.hand_in(three, "ben", courses.answered(three, courses.RIGHT + "\nNO_STRIDE = True\n"))
    monkeypatch.setattr(judge_batch, "judge_batch", fails)
    with caplog.at_level(logging.CRITICAL):
        found = {one.student: one.report for one in engine.grade_class(three, ["conv2d"])}
    assert {name: report.score for name, report in found.items()} == {"ada": 10, "ben": 0, "cy": 0}
    assert {check.outcome for check in found["ben"].checks} == {Outcome.ERROR}
    assert found["ben"].notes == (messages.LOST.format(why=messages.LOST_FAILED.format(type="MemoryError")),)
    assert {(row[3], row[5]) for row in courses.rows(three) if row[0] == "ben"} == {(None, 1)}


@pytest.mark.parametrize("error", [SandboxError("gone"), Problem("sandbox", "none", "Get one.")], ids=["gone", "none"])
def test_what_concerns_everybody_stops_the_run(three, in_process, monkeypatch, error):
    def fails(batch, sandbox):
        raise error

    monkeypatch.setattr(judge_batch, "judge_batch", fails)
    with pytest.raises(type(error)):
        graded(three)
    assert courses.scores(three) == {}


def zombies() -> list[str]:
    """Return the child processes that ended and were never waited for."""
    stats = [path.read_text(encoding="utf-8") for path in Path("/proc").glob("[0-9]*/stat") if path.exists()]
    children = [stat.rpartition(")")[2].split()[:2] for stat in stats]
    return [state for state, parent in children if int(parent) == os.getpid() and state == "Z"]


@pytest.mark.own_fork_server
@pytest.mark.long
def test_however_many_processes_the_numbers_are_the_same(three, monkeypatch):
    alone = graded(three), courses.rows(three)
    monkeypatch.setattr(packing, "SMALLEST", 1)
    assert (graded(three, jobs=2, force=True), courses.rows(three)) == alone
    assert zombies() == []


@pytest.mark.long
def test_however_many_processes_the_lines_are_the_same(three, monkeypatch):
    def lines(**options) -> list[tuple[int, ...]]:
        reports = [one.report for one in engine.grade_class(three, ["conv2d"], force=True, **options)]
        return [check.slip.lines for report in reports for check in report.checks if check.slip]

    courses.hand_in(three, "ben", courses.answered(three, courses.SLIP))
    alone = lines()
    assert set(alone) == {(5,)}
    monkeypatch.setattr(packing, "SMALLEST", 1)
    assert lines(jobs=2) == alone


@pytest.mark.slow
def test_a_judge_that_is_killed_takes_nobody_with_it(three, monkeypatch):
    """Batches of one in two processes; the first judge that comes up is killed."""
    monkeypatch.setattr(packing, "SMALLEST", 1)
    real, killed = JudgeProcess.call, []

    def call(process, function, *arguments):
        killed.append(process)
        real(process, *((os._exit, 9) if len(killed) == 1 else (function, *arguments)))

    monkeypatch.setattr(JudgeProcess, "call", call)
    assert graded(three, jobs=2) == SCORES
    assert len(set(killed)) == 3


def test_an_unreleased_assignment_is_told(three):
    with pytest.raises(Problem, match="it knows no assignment 'pooling'"):
        engine.grade_class(three, ["pooling"])


def test_without_a_sandbox_every_report_says_so(three, in_process, monkeypatch):
    unsafe_flags = []
    real = host.Sandbox

    def no_isolation(limits, *, unsafe=False, channel=None):
        unsafe_flags.append(unsafe)
        return real(limits, unsafe=unsafe, without=["landlock"], channel=channel)

    monkeypatch.setattr(host, "Sandbox", no_isolation)
    with pytest.raises(Problem, match="--unsafe-no-sandbox"):
        graded(three)
    for one in engine.grade_class(three, ["conv2d"], unsafe=True):
        assert one.report.sandbox == "C"
        assert messages.NOT_ISOLATED in one.report.notes
    assert {row[2] for row in courses.rows(three, courses.COMMENTS)} == {messages.NOT_ISOLATED}
    text = (three.root / "autograded" / "ada" / "conv2d" / "conv2d.ipynb").read_text(encoding="utf-8")
    assert messages.NOT_ISOLATED[:40] in text
    assert unsafe_flags == [False, True]
    monkeypatch.setattr(host, "Sandbox", real)
    # With a sandbox, reports made without one are invalid. Without one, reports made with it stay valid.
    assert fresh(three) == set(SCORES)
    assert {row[2] for row in courses.rows(three, courses.COMMENTS)} == {None}
    assert all(one.cached for one in engine.grade_class(three, ["conv2d"], unsafe=True))


def test_a_problem_survives_the_way_from_a_judges_process():
    import pickle

    problem = pickle.loads(pickle.dumps(Problem("a", "b", "c")))
    assert (problem.where, problem.what, problem.remedy, str(problem)) == ("a", "b", "c", "a: b. c")


def test_links_beside_a_notebook_are_not_copied(three):
    secret = three.root / "secret.txt"
    secret.write_text("2030-01-01 00:00:00 UTC", encoding="ascii")
    folder = three.root / "submitted" / "ada" / "conv2d"
    (folder / "timestamp.txt").unlink()
    for name in ("timestamp.txt", SECRET):
        (folder / name).symlink_to(secret)
    graded(three)
    assert [path.name for path in (three.root / "autograded" / "ada" / "conv2d").iterdir()] == ["conv2d.ipynb"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_a_folder_that_cannot_be_read_is_only_its_owners_loss(three):
    folder = three.root / "submitted" / "ben" / "conv2d"
    folder.chmod(0)
    try:
        assert graded(three) == SCORES | {"ben": 0}
    finally:
        folder.chmod(0o755)
