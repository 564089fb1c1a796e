"""A judge that hangs, eats memory or dies with a submission is ended, and all other submissions are graded."""

import logging
from functools import partial

import psutil
import pytest

from autograder import course
from autograder.course import Course
from autograder.grading import backends, dispatch, engine, packing
from autograder.judge.watchdog import Watchdog
from autograder.limits import Limits
from autograder.report import messages
from autograder.report.report import Outcome
from tests import courses
from tests.grading import bad_judges
from tests.grading.test_engine import zombies

# One of 1400 MB is large. One that makes no progress is waited for as long as a judge needs to start on a busy machine.
PATIENT, IMPATIENT = Watchdog(mb=1400, slack=100), Watchdog(slack=5)
LIMITS = "{submission_seconds: 1, call_seconds: 1, explain_calls: 0}"
WORDS = {
    bad_judges.HANGS: messages.LOST_SLOW.format(seconds=IMPATIENT.seconds(Limits(submission_seconds=1))),
    bad_judges.EATS: messages.LOST_LARGE.format(mb=PATIENT.mb),
    bad_judges.DIES: messages.LOST_DIED,
    bad_judges.FAILS: messages.LOST_FAILED.format(type="MemoryError"),
}
HONEST = {f"honest{number}": 10 for number in range(3)}


@pytest.fixture
def with_bad_judges(a_course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course whose judges can crash, with three honest submissions, in batches of two."""
    path = a_course.root / "course.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("limits: {}", f"limits: {LIMITS}"), encoding="utf-8")
    monkeypatch.setattr(backends, "grade_batch", bad_judges.grade_batch)
    monkeypatch.setattr(dispatch, "Processes", partial(backends.Processes, watchdog=PATIENT))
    monkeypatch.setattr(packing, "SMALLEST", 2)
    for name in HONEST:
        courses.hand_in(a_course, name, courses.answered(a_course))
    return course.load(a_course.root)


def descendants() -> set[psutil.Process]:
    """Return the processes that this one has started, at any depth."""
    return set(psutil.Process().children(recursive=True))


@pytest.mark.long
@pytest.mark.own_fork_server
@pytest.mark.parametrize(
    ("word", "jobs"),
    [(bad_judges.EATS, 2), (bad_judges.DIES, 1), (bad_judges.DIES, 2), (bad_judges.FAILS, 2)],
    ids=["eats", "dies, one job", "dies", "fails"],
)
def test_the_one_that_brings_a_judge_down_is_found(with_bad_judges: Course, caplog, word: bytes, jobs: int) -> None:
    made, before = with_bad_judges, descendants()
    courses.hand_in(made, "evil", courses.answered(made, f"{courses.RIGHT}\n{word.decode()} = True\n"))
    with caplog.at_level(logging.CRITICAL):
        found = {one.student: one.report for one in engine.grade_class(made, ["conv2d"], jobs=jobs)}
    assert {name: report.score for name, report in found.items()} == {**HONEST, "evil": 0}
    assert {check.outcome for check in found["evil"].checks} == {Outcome.ERROR}
    assert found["evil"].notes == (messages.LOST.format(why=WORDS[word]),)
    assert {(row[3], row[5]) for row in courses.rows(made) if row[0] == "evil"} == {(None, 1)}
    assert descendants() <= before
    assert zombies() == []


@pytest.mark.long
def test_a_judge_that_hangs_is_not_waited_for(with_bad_judges: Course, monkeypatch, caplog) -> None:
    made = with_bad_judges
    monkeypatch.setattr(dispatch, "Processes", partial(backends.Processes, watchdog=IMPATIENT))
    courses.hand_in(made, "evil", courses.answered(made, f"{courses.RIGHT}\n{bad_judges.HANGS.decode()} = True\n"))
    with caplog.at_level(logging.CRITICAL):
        found = {one.student: one.report for one in engine.grade_class(made, ["conv2d"], jobs=2)}
    assert {name: report.score for name, report in found.items()} == {**HONEST, "evil": 0}
    assert found["evil"].notes == (messages.LOST.format(why=WORDS[bad_judges.HANGS]),)
