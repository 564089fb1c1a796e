"""The gradebook: one transaction a submission, manual scores stand, nothing stale is left, late is as nbgrader says."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from unittest import mock

import pytest

from autograder.course import Course
from autograder.errors import Problem
from autograder.grading import engine
from autograder.judge import judge
from autograder.judge.pytest_plugin import Run, Verdict
from autograder.nbgrader import gradebook, late
from autograder.nbgrader.rows import Sheet
from autograder.notebooks import handed_in_at
from autograder.notebooks.read import Submission
from autograder.report import messages
from autograder.report.report import Outcome, Report
from tests import courses

CHECKS = ("slides", "rectangles", "stride", "padding", "bias", "together", "arguments")
PLUGIN = """
from nbgrader.plugins import BasePlugin
from traitlets import Float


class TenthADay(BasePlugin):
    share = Float(0.1).tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return self.share * score * total_seconds_late / 86400
"""
CONFIGURED = "\nget_config().AssignLatePenalties.plugin_class = 'latecomers.TenthADay'\n"


@pytest.fixture
def a_report(a_course: Course) -> Callable[..., Report]:
    """Makes reports on conv2d: all passed, but for the outcomes given by check."""
    points = dict(zip(CHECKS, (2, 1, 2, 2, 1, 1, 1), strict=True))

    def report(sandbox: str = "A", **outcomes: Outcome) -> Report:
        run = Run(Submission("conv2d", "conv2d.ipynb", ()), "")
        run.verdicts = {name: Verdict(outcomes.get(name, Outcome.PASSED)) for name in points}
        return judge.report(a_course, run, sandbox)

    return report


def write(of: Course, report: Report, student: str = "ada") -> None:
    with gradebook.opened(of) as book:
        gradebook.write(
            Sheet(book, report.assignment),
            student,
            report,
            handed_in_at.read_timestamp(courses.IN_TIME),
            late.load(of.root),
        )


def grades(of: Course) -> dict[str, tuple]:
    """auto_score, manual_score and needs_manual_grade by check."""
    return {row[2].removeprefix("check-"): row[3:6] for row in courses.rows(of)}


def by_hand(of: Course, check: str, score: float) -> None:
    with sqlite3.connect(of.root / "gradebook.db") as connection:
        connection.execute(
            "update grade set manual_score = ?, extra_credit = 0.5 where cell_id in "
            "(select id from base_cell where name = ?)",
            (score, f"check-{check}"),
        )


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
    by_hand(a_course, "stride", 1.5)
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

                late_penalty, sheet = late.load(a_course.root), Sheet(book, "conv2d")
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
            gradebook.write(Sheet(book, "conv2d"), "new", a_report(), None, late.load(a_course.root))
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


def late_class(of: Course) -> None:
    courses.hand_in(of, "ada", courses.answered(of), time=courses.IN_TIME)
    courses.hand_in(of, "ben", courses.answered(of, courses.NO_STRIDE), time=courses.LATE)
    courses.hand_in(of, "cy", courses.answered(of), time="")


def penalties(of: Course) -> dict[str, float | None]:
    return {row[0]: row[2] for row in courses.rows(of, courses.PENALTIES)}


def autograde(of: Course, *more: str) -> None:
    command = [sys.executable, "-m", "nbgrader", "autograde", "conv2d", "--force", *more]
    done = subprocess.run(command, cwd=of.root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]


def configure(of: Course, text: str) -> None:
    (of.root / "latecomers.py").write_text(PLUGIN, encoding="utf-8")
    with (of.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(text)


def test_no_plugin_takes_nothing_off(a_course):
    late_class(a_course)
    engine.grade_class(a_course, ["conv2d"])
    assert penalties(a_course) == {"ada": None, "ben": None, "cy": None}


@pytest.fixture
def own_modules(monkeypatch):
    """A course's own plugin is imported by name: forget it and the path that its configuration adds afterwards."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "latecomers", raising=False)
    yield
    sys.modules.pop("latecomers", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n", 7),
        (CONFIGURED, 0.1 * 7 * (1 + (10 * 3600 + 60) / 86400)),
        (CONFIGURED + "get_config().TenthADay.share = 5\n", 7),
        (CONFIGURED + "get_config().TenthADay.share = -1\n", 0),
    ],
    ids=["zero", "a plugin", "more than all", "less than nothing"],
)
def test_the_late_penalty_is_what_the_configured_plugin_says(a_course, own_modules, text, expected):
    late_class(a_course)
    configure(a_course, text)
    engine.grade_class(a_course, ["conv2d"])
    assert penalties(a_course) == {"ada": None, "ben": pytest.approx(expected), "cy": None}
    (ben,) = (row for row in gradebook.table(a_course) if row.student == "ben")
    assert ben.score == pytest.approx(7 - expected)


def test_the_late_penalty_is_on_the_score_of_this_time(a_course, own_modules):
    late_class(a_course)
    configure(a_course, "\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n")
    engine.grade_class(a_course, ["conv2d"])
    courses.hand_in(a_course, "ben", courses.answered(a_course), time=courses.LATE)
    engine.grade_class(a_course, ["conv2d"])
    assert penalties(a_course)["ben"] == 10


@pytest.mark.long
@pytest.mark.parametrize("text", ["", CONFIGURED], ids=["no plugin", "a plugin"])
def test_both_ways_give_the_same_numbers(a_course, own_modules, text):
    late_class(a_course)
    configure(a_course, text)
    queries = (courses.GRADES, courses.PENALTIES, courses.COMMENTS)
    engine.grade_class(a_course, ["conv2d"])
    ours = [courses.rows(a_course, query) for query in queries]
    autograde(a_course)
    assert [courses.rows(a_course, query) for query in queries] == ours
    engine.grade_class(a_course, ["conv2d"], force=True)
    assert [courses.rows(a_course, query) for query in queries] == ours
    by_hand(a_course, "stride", 1.5)
    engine.grade_class(a_course, ["conv2d"], force=True)
    ours = [courses.rows(a_course, query) for query in queries]
    autograde(a_course)
    assert [courses.rows(a_course, query) for query in queries] == ours


def test_a_plugin_that_fails_is_told(a_course, own_modules):
    late_class(a_course)
    configure(a_course, CONFIGURED + "get_config().TenthADay.share = float('inf')\n")
    (a_course.root / "latecomers.py").write_text(PLUGIN.replace("self.share * score", "self.shore"), encoding="utf-8")
    with pytest.raises(Problem, match=r"the late-submission plugin TenthADay failed: AttributeError.*Fix it"):
        engine.grade_class(a_course, ["conv2d"])


def test_a_plugin_that_is_not_there_is_told(a_course):
    configure(a_course, "\nget_config().AssignLatePenalties.plugin_class = 'nowhere.Plugin'\n")
    with pytest.raises(Problem, match=r"nbgrader_config.py: .*nowhere.*AssignLatePenalties.plugin_class"):
        engine.grade_class(a_course, ["conv2d"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-10 10:00:00.000000 UTC", "2027-01-10 10:00:00"),
        ("2027-01-10T10:00:00+02:00\n", "2027-01-10 08:00:00"),
        ("", "None"),
        ("yesterday", "None"),
        ("9" * 400, "None"),
    ],
)
def test_times_are_read(text, expected):
    assert str(handed_in_at.read_timestamp(text)) == expected


@pytest.mark.slow
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
