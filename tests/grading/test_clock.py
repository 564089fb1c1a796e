"""One hand-in that takes for ever to read costs nobody else anything, and is for a person to look at."""

import signal
import threading
import time

import pytest

from autograder.course import Course
from autograder.errors import Problem
from autograder.grading import judge_batch
from autograder.grading.batch import Batch
from autograder.judge import notebooks
from autograder.notebooks import clock
from autograder.notebooks.clock import TookTooLong, at_most
from autograder.notebooks.intake import pack
from autograder.notebooks.master import prelude
from autograder.report.report import Outcome
from autograder.sandbox.host import Sandbox
from tests import courses


def spin(seconds: float) -> None:
    """Compute, until there was time enough for a clock of less to strike."""
    ends = time.process_time() + seconds
    while time.process_time() < ends:
        pass


def test_the_clock_strikes_for_computing_and_not_for_waiting() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with pytest.raises(TookTooLong, match=r"a: took more than 0\.05 s to read"), at_most(0.05, "a", "read"):
        spin(5)
    with at_most(0.05, "a", "read"):
        time.sleep(0.2)
    spin(0.1)
    assert signal.getsignal(signal.SIGPROF) == before and signal.getitimer(signal.ITIMER_PROF) == (0, 0)


def test_it_strikes_again_where_somebody_caught_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "AGAIN_SECONDS", 0.05)
    struck = 0
    with pytest.raises(TookTooLong), at_most(0.05, "a", "read"):
        try:
            spin(5)
        except Problem:
            struck += 1
        spin(5)
    assert struck == 1


def test_in_another_thread_there_is_none() -> None:
    def read() -> None:
        with at_most(0.01, "a", "read"):
            spin(0.05)
        done.append(True)

    done: list[bool] = []
    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert done


def test_a_hand_in_that_takes_for_ever_to_read_has_no_verdict_and_the_others_have_theirs(
    a_course: Course, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = notebooks.repair

    def slow(submitted: dict, release: object) -> object:
        if "for_ever" in str(submitted["cells"]):
            spin(20)
        return real(submitted, release)

    monkeypatch.setattr(notebooks, "repair", slow)
    monkeypatch.setattr(notebooks, "READ_SECONDS", 1)
    answers = {"ada": courses.RIGHT, "ben": f"{courses.RIGHT}\nfor_ever = True\n", "zoe": courses.RIGHT}
    paths = [courses.hand_in(a_course, name, courses.answered(a_course, text)) for name, text in answers.items()]
    submissions = tuple(pack(a_course, "conv2d", path) for path in paths)
    stubs = {"conv2d": a_course.stub("conv2d").read_text(encoding="utf-8")}
    batch = Batch(a_course, submissions, stubs, {"conv2d": prelude(a_course, "conv2d")}, {})
    result = judge_batch.judge_batch(batch, sandbox)
    ada, ben, zoe = (graded.report for graded in result.graded)
    assert ada.score == zoe.score == 10
    assert {check.outcome for check in ben.checks} == {Outcome.ERROR} and ben.score == 0
    assert ben.checks[0].message == "The file took more than 1 s to read. It needs a person to look at it."


def test_stock_nbgrader_gives_it_no_verdict_either(a_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "READ_SECONDS", 0.05)
    monkeypatch.setattr(notebooks, "repair", lambda submitted, release: spin(5))
    path = courses.hand_in(a_course, "ada", courses.answered(a_course))
    prepared = notebooks.prepare(a_course, "conv2d", path)
    assert prepared.submission.is_slow
    assert notebooks.read_prepared(prepared.notebook, "conv2d", "conv2d.ipynb").is_slow
