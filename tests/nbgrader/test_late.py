"""The late penalty is the one that nbgrader's plugin computes, whichever plugin the course configures."""

import subprocess
import sys

import pytest

from autograder.course import Course
from autograder.errors import Problem
from autograder.grading import engine
from autograder.nbgrader import gradebook
from autograder.notebooks import handed_in_at
from tests import courses
from tests.grading import at_a_glance

PLUGIN = """
from nbgrader.plugins import BasePlugin
from traitlets import Float


class TenthADay(BasePlugin):
    share = Float(0.1).tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return self.share * score * total_seconds_late / 86400
"""


CONFIGURED = "\nget_config().AssignLatePenalties.plugin_class = 'latecomers.TenthADay'\n"


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


@pytest.fixture
def at_once(monkeypatch):
    """Grade without judges."""
    monkeypatch.setattr(engine, "dispatch", at_a_glance.dispatch)


def test_no_plugin_takes_nothing_off(a_course, at_once):
    late_class(a_course)
    engine.grade_class(a_course, ["conv2d"])
    assert penalties(a_course) == {"ada": None, "ben": None, "cy": None}


@pytest.fixture
def own_modules(monkeypatch):
    """Forget the course's plugin, which is imported by name, and the path that its configuration adds."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "latecomers", raising=False)
    yield
    sys.modules.pop("latecomers", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n", 8),
        (CONFIGURED, 0.1 * 8 * (1 + (10 * 3600 + 60) / 86400)),
        (CONFIGURED + "get_config().TenthADay.share = 5\n", 8),
        (CONFIGURED + "get_config().TenthADay.share = -1\n", 0),
    ],
    ids=["zero", "a plugin", "more than all", "less than nothing"],
)
def test_the_late_penalty_is_what_the_configured_plugin_says(a_course, own_modules, at_once, text, expected):
    late_class(a_course)
    configure(a_course, text)
    engine.grade_class(a_course, ["conv2d"])
    assert penalties(a_course) == {"ada": None, "ben": pytest.approx(expected), "cy": None}
    (ben,) = (row for row in gradebook.table(a_course) if row.student == "ben")
    assert ben.score == pytest.approx(8 - expected)


def test_the_late_penalty_is_on_the_score_of_this_time(a_course, own_modules, at_once):
    late_class(a_course)
    configure(a_course, "\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n")
    engine.grade_class(a_course, ["conv2d"])
    courses.hand_in(a_course, "ben", courses.answered(a_course), time=courses.LATE)
    engine.grade_class(a_course, ["conv2d"])
    assert penalties(a_course)["ben"] == 10


@pytest.mark.long
def test_both_ways_give_the_same_numbers(a_course, own_modules):
    late_class(a_course)
    configure(a_course, CONFIGURED)
    queries = (courses.GRADES, courses.PENALTIES, courses.COMMENTS)
    engine.grade_class(a_course, ["conv2d"])
    ours = [courses.rows(a_course, query) for query in queries]
    autograde(a_course)
    assert [courses.rows(a_course, query) for query in queries] == ours
    engine.grade_class(a_course, ["conv2d"], force=True)
    assert [courses.rows(a_course, query) for query in queries] == ours
    courses.override_score(a_course, "stride", 1.5)
    engine.grade_class(a_course, ["conv2d"], force=True)
    ours = [courses.rows(a_course, query) for query in queries]
    autograde(a_course)
    assert [courses.rows(a_course, query) for query in queries] == ours


def test_a_plugin_that_fails_is_told(a_course, own_modules, at_once):
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
