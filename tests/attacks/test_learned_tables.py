"""A table with the answers to every case that a class shares passes no check."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from autograder import course, key
from autograder.course import Course
from autograder.explain.diagnose import diagnose
from autograder.grading import engine
from autograder.judge import one_file
from autograder.notebooks.read import Cell, Submission
from autograder.report.report import Report
from autograder.sandbox.in_process import InProcess
from autograder.suite.cases import Case
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE, wrong_answers
from autograder.suite.load import load_suite
from tests import courses

TABLE = """
import json

import torch

LEARNED = json.loads({learned!r})


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    plain = [value.tolist() if isinstance(value, torch.Tensor) else value for value in (input, kernel, bias)]
    answer = LEARNED.get(json.dumps([*plain, stride, padding]), [[0.0]])
    return torch.tensor(answer)
"""


def as_text(case: Case) -> str:
    """Return the call as a key of the table."""
    given = {"bias": 0, "stride": 1, "padding": 0, **case.arguments}
    names = ("input", "kernel", "bias", "stride", "padding")
    return json.dumps(
        [given[name].tolist() if isinstance(given[name], torch.Tensor) else given[name] for name in names]
    )


@pytest.fixture(scope="module")
def table(the_course) -> str:
    """Return a submission that looks up its answers: all that anybody could learn from feedback pages."""
    return table_for(the_course)


def table_for(the_course: Course) -> str:
    cases = [case for check in load_suite("conv2d").checks for case in check.drawn(the_course.key)]
    assert len(cases) > 60
    return TABLE.format(learned=json.dumps({as_text(case): case.expected.tolist() for case in cases}))


def test_a_table_of_all_that_a_class_shares_wins_no_check(graded, table):
    report = graded(table)
    assert report.score == 0 and not report.has_error
    assert report.checks[0].counterexample.snippet


def test_no_check_of_values_is_won_by_a_table_that_is_right_in_the_checks_before(the_course, table):
    """Try each check alone, without those it builds on. A table changes no arguments, so it may pass that check."""
    submission = Submission("conv2d", "test.ipynb", (Cell("cell 1", table),))
    learner = Learner(InProcess(submission, PRELUDE), the_course.key, digest=submission.digest)
    lost = set()
    for check in load_suite("conv2d").checks:
        try:
            check.try_all(learner)
        except Exception as wrong:
            assert wrong.case is check.drawn_for(submission.digest, the_course.key)[0]
            lost.add(check.id)
    assert lost >= {check.id for check in load_suite("conv2d").checks} - {"arguments"}


@pytest.mark.parametrize("step", [one.id for one in course.load(courses.ROOT).assignments])
def test_every_check_of_every_step_has_a_case_of_each_function_for_a_submission_alone(step):
    for check in load_suite(step).checks:
        mine, again, other = (check.drawn_for(digest, 7) for digest in ("a" * 64, "a" * 64, "b" * 64))
        assert len(mine) == len(check.spaces) and mine is again
        assert {case.function for case in mine} == {space.function for space in check.spaces}
        shared = {repr(case.arguments) for case in check.drawn(7)}
        # There are only few different calls without tensors.
        drawn = [case for case in mine if any(isinstance(value, torch.Tensor) for value in case.arguments.values())]
        assert not {repr(case.arguments) for case in drawn} & shared
        if drawn:
            assert repr([case.arguments for case in mine]) != repr([case.arguments for case in other])
        # Only the numbers are new: the options of the call are among those of the whole class.
        rows = [case.row for case in check.drawn(7)]
        assert all(case.row in rows for case in mine)


def test_only_the_code_decides_which_cases_are_for_a_submission_alone():
    one = Submission("conv2d", "a.ipynb", (Cell("cell 1", "x = 1"), Cell("cell 9", "y = 2")))
    same = Submission("conv2d", "b.ipynb", (Cell("cell 3", "x = 1"), Cell("cell 4", "y = 2")), notes=("a note",), own=1)
    assert one.digest == same.digest
    assert one.digest != replace(one, cells=one.cells[:1]).digest != replace(one, cells=one.cells[::-1]).digest


def test_a_mistake_is_named_only_where_the_cases_for_the_submission_alone_show_it_too(the_course, monkeypatch):
    # Newly drawn cases would distinguish the two as well.
    monkeypatch.setattr("autograder.explain.diagnose.ENOUGH_KEYS", 0)
    suite = load_suite("conv2d")
    known = next(one for one in wrong_answers("conv2d") if one.checks == ("stride",) and not one.library)
    named = Learner(InProcess(known.submission, PRELUDE), the_course.key, digest=known.submission.digest)
    assert diagnose(suite, named, ["stride"])["stride"].alias == known.alias
    # The right answers to the class's cases, and zeros for all others.
    cases = {as_text(case): case for check in suite.checks for case in check.drawn(the_course.key)}
    answers = {}
    for text, case in cases.items():
        answers[text] = named.call(case).value.tolist()
    other = Submission("conv2d", "b.ipynb", (Cell("cell 1", TABLE.format(learned=json.dumps(answers))),))
    learner = Learner(InProcess(other, PRELUDE), the_course.key, digest=other.digest)
    assert diagnose(suite, replace(learner, digest=""), ["stride"])["stride"].alias == known.alias
    assert diagnose(suite, learner, ["stride"]) == {}


@pytest.mark.long
def test_a_failure_in_a_case_for_the_submission_alone_is_the_same_in_all_three_ways(a_course, monkeypatch):
    monkeypatch.delenv(key.VARIABLE, raising=False)
    key.make(a_course.root)
    the_course = course.load(a_course.root)
    for student in ("ann", "bob", "cem", "dan", "eve", "fay"):
        courses.hand_in(the_course, student, courses.answered(the_course, table_for(the_course)))
    by_jobs = [one.report for one in engine.grade_class(the_course, ["conv2d"], jobs=2)]
    by_file = one_file.grade(the_course, a_course.root / "submitted" / "ann" / "conv2d" / "conv2d.ipynb")
    command = [sys.executable, "-m", "nbgrader", "autograde", "conv2d", "--student", "ann", "--force"]
    subprocess.run(command, cwd=a_course.root, check=True, capture_output=True, timeout=120)
    stock = courses.scores(the_course)["ann"]
    assert by_file.score == 0 == stock and by_file.seed == the_course.key.shown
    assert {shown(report) for report in by_jobs} == {shown(by_file)}
    assert by_file.checks[0].message in (a_course.root / "autograded/ann/conv2d/conv2d.ipynb").read_text()


def shown(report: Report) -> str:
    return repr([one.model_copy(update={"picture": None}) for one in report.checks])
