"""The gradebook: one transaction per submission, manual scores stand, and no stale score is left."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from unittest import mock

import pytest

from autograder.course import Course
from autograder.grading import engine
from autograder.nbgrader import gradebook, late
from autograder.nbgrader.rows import Sheet
from autograder.report import messages
from autograder.report.report import Outcome, Report
from tests import courses
from tests.nbgrader import reports
from tests.nbgrader.reports import write


@pytest.fixture
def a_report(a_course: Course) -> Callable[..., Report]:
    """Return a function that makes reports on conv2d: every check passes, except for the outcomes given."""
    return partial(reports.make, a_course)


def grades(of: Course) -> dict[str, tuple]:
    """Return auto_score, manual_score and needs_manual_grade by check."""
    return {row[2].removeprefix("check-"): row[3:6] for row in courses.rows(of)}


def test_every_check_has_its_score(a_course, a_report):
    write(a_course, a_report(stride=Outcome.FAILED, together=Outcome.SKIPPED))
    assert grades(a_course) == {
        "slides": (2, None, 0),
        "rectangles": (1, None, 0),
        "stride": (0, None, 0),
        "padding": (2, None, 0),
        "bias": (1, None, 0),
        "together": (0, None, 0),
        "arguments": (1, None, 0),
    }


def test_a_manual_score_is_never_overwritten(a_course, a_report):
    write(a_course, a_report(stride=Outcome.FAILED))
    courses.override_score(a_course, "stride", 1.5)
    write(a_course, a_report())
    assert grades(a_course)["stride"] == (2, 1.5, 1)
    write(a_course, a_report(stride=Outcome.ERROR))
    assert grades(a_course)["stride"] == (None, 1.5, 1)
    assert {row[6] for row in courses.rows(a_course) if row[2] == "check-stride"} == {0.5}
    assert next(row.score for row in gradebook.table(a_course)) == 8 + 1.5 + 0.5


def test_a_failed_regrade_leaves_no_stale_score(a_course, a_report):
    write(a_course, a_report())
    write(a_course, a_report(stride=Outcome.ERROR))
    assert grades(a_course)["stride"] == (None, None, 1)
    assert grades(a_course)["slides"] == (2, None, 0)
    (row,) = gradebook.table(a_course)
    assert (row.score, row.status) == (8, "needs manual grading")


def test_a_check_that_the_report_lacks_has_no_score(a_course, a_report):
    report = a_report()
    write(a_course, report.model_copy(update={"checks": report.checks[:-1]}))
    assert grades(a_course)["arguments"] == (None, None, 1)


@pytest.mark.parametrize("failing", ["execute", "commit"])
def test_all_of_a_submission_is_written_or_nothing(a_course, a_report, failing):
    write(a_course, a_report(), "ada")
    before = [courses.rows(a_course, query) for query in (courses.GRADES, courses.PENALTIES, "select * from student")]
    for student in ("ada", "ben"):
        for last in range(1, 30):
            left = [last if failing == "execute" else 1]
            with gradebook.opened(a_course) as book:
                real = getattr(book.db, failing)

                def break_at_last(*arguments, real=real, left=left):
                    left[0] -= 1
                    if left[0] == 0:
                        raise sqlite3.OperationalError("disk I/O error")
                    return real(*arguments)

                late_penalty, sheet = late.load(a_course), Sheet(book, "conv2d")
                with mock.patch.object(book.db, failing, break_at_last), mock.patch.object(book.db, "commit") as commit:
                    commit.side_effect = break_at_last if failing == "commit" else AssertionError("too late")
                    with pytest.raises((sqlite3.OperationalError, AssertionError)) as raised:
                        gradebook.write(sheet, student, a_report(slides=Outcome.FAILED), None, late_penalty)
            if failing == "commit" or raised.type is AssertionError:
                break
        assert last == 1 or last > 5
    after = [courses.rows(a_course, query) for query in (courses.GRADES, courses.PENALTIES, "select * from student")]
    assert after == before


def test_one_commit_a_submission(a_course, a_report):
    with gradebook.opened(a_course) as book:
        with mock.patch.object(book.db, "commit", side_effect=book.db.commit) as commit:
            gradebook.write(Sheet(book, "conv2d"), "new", a_report(), None, late.load(a_course))
        assert commit.call_count == 1
    assert len(grades(a_course)) == 7


def test_what_was_graded_without_a_sandbox_is_marked(a_course, a_report):
    write(a_course, a_report(sandbox="C"))
    assert courses.rows(a_course, courses.COMMENTS) == [("ada", "solution", messages.NOT_ISOLATED, None)]
    assert messages.NOT_ISOLATED in a_report(sandbox="C").notes
    write(a_course, a_report())
    assert courses.rows(a_course, courses.COMMENTS) == [("ada", "solution", None, None)]
    assert a_report().notes == ()


def test_a_persons_comment_stands(a_course, a_report):
    write(a_course, a_report())
    with sqlite3.connect(a_course.root / "gradebook.db") as connection:
        connection.execute("update comment set manual_comment = 'Well done.'")
    write(a_course, a_report(sandbox="C"))
    assert courses.rows(a_course, courses.COMMENTS) == [("ada", "solution", messages.NOT_ISOLATED, "Well done.")]


@pytest.mark.long
def test_stock_nbgrader_that_fails_leaves_no_stale_score(a_course):
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    engine.grade_class(a_course, ["conv2d"])
    assert courses.scores(a_course) == {"ada": 10}
    with (a_course.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nfrom autograder.judge import judge\njudge.grade = None\n")
    command = [sys.executable, "-m", "nbgrader", "autograde", "conv2d", "--force"]
    done = subprocess.run(command, cwd=a_course.root, capture_output=True, text=True, timeout=300)
    assert done.returncode != 0
    assert set(grades(a_course).values()) == {(None, None, 1)}
