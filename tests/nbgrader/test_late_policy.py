"""What lateness costs: a table made by hand, and the same numbers in every place that shows a score."""

import csv
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from autograder.feedback.give import give
from autograder.grading import engine
from autograder.late_policy import HandIn, LatePolicy, shares
from autograder.nbgrader import commands, extensions, gradebook, late
from tests import courses
from tests.grading import at_a_glance
from tests.nbgrader import reports

SETTINGS = """course: tiny
seed: 7
limits: {limits}
late: {{policy: percent, percent_a_day: 10, most_percent: 50, grace_hours: 2, free_days: FREE}}
assignments:
  - {{id: conv2d, due: 2027-01-15 23:59}}
  - {{id: flatten, due: 2027-01-22 23:59, late: {{policy: none}}}}
  - {{id: transposed, due: 2027-01-29 23:59, late: {{policy: zero}}}}
  - {{id: separable, due: 2027-02-05 23:59, bonus: true}}
"""
CONV2D, NO_PENALTY, ZERO, BONUS = ASSIGNMENTS = ("conv2d", "flatten", "transposed", "separable")
DUE = {name: datetime(2027, 1, 15, 23, 59) + number * timedelta(days=7) for number, name in enumerate(ASSIGNMENTS)}
H, D = 3600, 86_400


@dataclass(frozen=True)
class Case:
    """One late hand-in. `late` is in seconds after the due date; None is a hand-in without a time."""

    student: str
    assignment: str
    late: float | None
    penalty: float | None
    score: float
    extension: int = 0
    manual: float | None = None
    extra: float | None = None
    answer: str = courses.RIGHT


WITHOUT_FREE_DAYS = [
    Case("in time", CONV2D, -D, None, 10),
    Case("within the grace hours", CONV2D, H, None, 10),
    Case("at their end", CONV2D, 2 * H, None, 10),
    Case("after their end", CONV2D, 2 * H + 1, 1, 9),
    Case("a day", CONV2D, D, 1, 9),
    Case("a day and a second", CONV2D, D + 1, 2, 8),
    Case("the most", CONV2D, 10 * D, 5, 5),
    Case("of seven points", CONV2D, 3 * D, 2.1, 4.9, answer=courses.NO_STRIDE),
    Case("extended", CONV2D, 3 * D, 1, 9, extension=48),
    Case("extended to the second", CONV2D, 3 * D, None, 10, extension=72),
    Case("extended into the grace hours", CONV2D, 3 * D, None, 10, extension=71),
    Case("with a manual score", CONV2D, 2 * D, 1.8, 7.2, manual=1),
    Case("with extra credit", CONV2D, D, 1.2, 10.8, extra=2),
    Case("with a manual score in time", CONV2D, 0, None, 9, manual=1),
    Case("all of it", ZERO, 1, 10, 0),
    Case("none of it", ZERO, 0, None, 10),
    Case("none of it, extended", ZERO, D, None, 10, extension=24),
    Case("of bonus points", BONUS, 2 * D, 2, 8),
    Case("the most of bonus points", BONUS, 20 * D, 5, 5),
    Case("never", NO_PENALTY, 30 * D, None, 10),
    Case("without a time", CONV2D, None, None, 10),
]
# Three free days for each learner.
WITH_FREE_DAYS = [
    Case("in order", CONV2D, 2 * D, None, 10),
    Case("in order", ZERO, D, None, 10),
    Case("in order", BONUS, D, 1, 9),
    Case("too few", CONV2D, 5 * D, 2, 8),
    Case("too few", ZERO, D, 10, 0),
    Case("no use for the first", CONV2D, 9 * D, 5, 5),
    Case("no use for the first", ZERO, 3 * D, None, 10),
    Case("no use for zero", ZERO, 4 * D, 10, 0),
    Case("no use for zero", BONUS, 3 * D, None, 10),
    Case("no need", NO_PENALTY, 10 * D, None, 10),
    Case("no need", CONV2D, H, None, 10),
    Case("no need", BONUS, 3 * D, None, 10),
    Case("extended, then free", CONV2D, 3 * D, None, 10, extension=48),
    Case("extended, then free", ZERO, 2 * D, None, 10),
    Case("extended, then free", BONUS, D, 1, 9),
    Case("free, with a manual score", CONV2D, 4 * D, 0.9, 8.1, manual=1),
]


def a_class(folder: Path, free_days: int, cases: list[Case]) -> Course:
    settings = SETTINGS.replace("FREE", str(free_days))
    made = courses.make(folder, settings=settings, assignments=ASSIGNMENTS)
    solved = {name: courses.solved(made, name) for name in ASSIGNMENTS}
    for case in cases:
        notebook = courses.answered(made, case.answer) if case.assignment == CONV2D else solved[case.assignment]
        when = "" if case.late is None else f"{DUE[case.assignment] + timedelta(seconds=case.late)}.000000 UTC"
        courses.hand_in(made, case.student, notebook, case.assignment, time=when)
    return made


def decide_by_hand(of: Course, cases: list[Case]) -> None:
    """Grant the extensions, and give the manual scores as formgrader does."""
    with gradebook.opened(of) as book:
        for case in cases:
            if case.extension:
                extensions.grant(of, book, case.student, case.assignment, timedelta(hours=case.extension))
            if case.manual is not None or case.extra is not None:
                grade = book.find_grade("check-stride", case.assignment, case.assignment, case.student)
                grade.manual_score, grade.extra_credit, grade.needs_manual_grade = case.manual, case.extra, False
        book.db.commit()


def by_stock_nbgrader(of: Course) -> None:
    for name in reversed(ASSIGNMENTS):
        command = [sys.executable, "-m", "nbgrader", "autograde", name, "--force"]
        done = subprocess.run(command, cwd=of.root, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr[-3000:]


def shown(of: Course, cases: list[Case]) -> dict[str, dict]:
    """Return penalty and score of each case wherever they are shown, by the place."""
    keys = [(case.student, case.assignment) for case in cases]
    api = commands.connect(of)
    give(api, of, ASSIGNMENTS, lambda line: None)
    commands.export(of, of.root / "grades.csv")
    with (of.root / "grades.csv").open(encoding="utf-8") as file:
        lines = {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}
    penalties = {(row[0], row[1]): row[2] for row in courses.rows(of, courses.PENALTIES)}
    table = {(row.student, row.assignment): row.score for row in gradebook.table(of)}
    # Formgrader's lists have no penalties.
    lists = {(row["student"], row["name"]): row["score"] for name in ASSIGNMENTS for row in api.get_submissions(name)}
    pages = {key: page_of(of, *key) for key in keys}
    return {
        "gradebook": {key: (penalties[key] or 0, table[key]) for key in keys},
        "export": {key: (float(lines[key]["late_submission_penalty"]), float(lines[key]["score"])) for key in keys},
        "formgrader": {key: (penalties[key] or 0, lists[key] - (penalties[key] or 0)) for key in keys},
        "page": pages,
    }


def page_of(of: Course, student: str, assignment: str) -> tuple[float, float]:
    """Return penalty and score as a learner reads them."""
    page = (of.root / "feedback" / student / assignment / f"{assignment}.html").read_text(encoding="utf-8")
    (score,) = re.findall(r"<h1>.*?Score: ([\d.]+)", page, re.DOTALL)[:1]
    penalty = re.search(r"Late submission penalty <span[^>]*>([\d.]+) ", page)
    return (float(penalty[1]) if penalty else 0, float(score))


@pytest.mark.long
@pytest.mark.parametrize(
    ("free_days", "cases"), [(0, WITHOUT_FREE_DAYS), (3, WITH_FREE_DAYS)], ids=["no free days", "free days"]
)
def test_every_place_and_both_ways_agree_with_the_table(tmp_path: Path, free_days: int, cases: list[Case]) -> None:
    """Also where the assignment that takes free days away from the others is graded last."""
    of = a_class(tmp_path / "course", free_days, cases)
    expected = {(case.student, case.assignment): (case.penalty or 0, case.score) for case in cases}
    for name in reversed(ASSIGNMENTS):
        engine.grade_class(of, [name])
    decide_by_hand(of, cases)
    for grade in (lambda: engine.grade_class(of, ASSIGNMENTS), lambda: by_stock_nbgrader(of)):
        grade()
        for place, numbers in shown(of, cases).items():
            assert numbers == {key: pytest.approx(value, abs=0.006) for key, value in expected.items()}, place
        forget(of)


def forget(of: Course) -> None:
    """Remove from the gradebook when conv2d was handed in, and all penalties."""
    with sqlite3.connect(of.root / "gradebook.db") as connection:
        connection.execute("update submitted_notebook set late_submission_penalty = null")
        connection.execute(
            "update submitted_assignment set timestamp = null where assignment_id in "
            "(select id from assignment where name = 'conv2d')"
        )


PERCENT = LatePolicy(policy="percent", percent_a_day=10, most_percent=50)
WEEK = timedelta(days=7)


def hand_ins(*days_late: float) -> list[HandIn]:
    return [
        HandIn(str(number), DUE[CONV2D] + number * WEEK, days * D, PERCENT) for number, days in enumerate(days_late)
    ]


@pytest.mark.parametrize(
    ("free_days", "late", "lost"),
    [
        (0, (1, 2), (0.1, 0.2)),
        (2, (1, 2), (0, 0.1)),
        (2, (3, 1), (0.1, 0.1)),
        (2, (8, 2), (0.5, 0)),
        (3, (7, 2), (0.4, 0.2)),
        (3, (0.01, 0.01, 0.01, 0.01), (0, 0, 0, 0.1)),
    ],
)
def test_free_days_go_by_the_due_dates(free_days: int, late: tuple[float, ...], lost: tuple[float, ...]) -> None:
    assert tuple(shares(free_days, hand_ins(*late)).values()) == lost
    assert shares(free_days, reversed(hand_ins(*late))) == dict(zip("0123", lost, strict=False))


def test_a_hand_in_in_time_gives_free_days_back(a_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grading it alone also updates the learner's other hand-in, which is late."""
    monkeypatch.setattr(engine, "dispatch", at_a_glance.dispatch)
    of = with_settings(a_course, ("limits:", "late: {policy: percent, percent_a_day: 10, free_days: 2}\nlimits:"))
    of = with_settings(of, ("  - id: transposed\n", "  - id: transposed\n    due: 2027-01-22 23:59\n"))
    with gradebook.opened(of) as book:
        gradebook.write_due_date(book, "transposed", datetime(2027, 1, 22, 23, 59))
    reports.write(of, reports.make(of), time=courses.LATE)
    reports.write(of, reports.make(of, assignment="transposed"), time="2027-01-24 10:00:00.000000 UTC")
    charged = {name: penalty for _, name, penalty, _ in courses.rows(of, courses.PENALTIES)}
    assert charged == {"conv2d": None, "transposed": 2}
    courses.hand_in(of, "ada", courses.answered(of), time=courses.IN_TIME)
    engine.grade_class(of, ["conv2d"])
    assert {name: penalty for _, name, penalty, _ in courses.rows(of, courses.PENALTIES)} == dict.fromkeys(charged)


def with_settings(of: Course, change: tuple[str, str]) -> Course:
    path = of.root / "course.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    return course.load(of.root)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{policy: percent}", r"course.yml:3: late: the policy `percent` needs `percent_a_day`"),
        ("{policy: zero, most_percent: 5}", "mean nothing for the policy `zero`"),
        ("{policy: some}", "late.policy"),
        ("{policy: percent, percent_a_day: 101}", "late.percent_a_day"),
        ("{policy: zero, grace_hours: -1}", "late.grace_hours"),
        ("{policy: zero, free_days: 1.5}", "late.free_days"),
        ("{policy: zero, days: 3}", "late.days: unknown key"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(a_course: Course, text: str, message: str) -> None:
    with pytest.raises(Problem, match=message):
        with_settings(a_course, ("limits:", f"late: {text}\nlimits:"))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("AssignLatePenalties.plugin_class = BasePlugin", "sets AssignLatePenalties.plugin_class to BasePlugin"),
        ("LateSubmissionPlugin.penalty_method = 'zero'", "sets LateSubmissionPlugin.penalty_method to 'zero'"),
    ],
)
def test_two_policies_are_a_conflict(a_course: Course, setting: str, message: str) -> None:
    """Whether nbgrader_config.py sets its own before or after it calls `configure`."""
    own = f"from nbgrader.plugins import BasePlugin\nget_config().{setting}\n"
    of = with_settings(a_course, ("limits:", "late: {policy: zero}\nlimits:"))
    path = of.root / "nbgrader_config.py"
    text = path.read_text(encoding="utf-8")
    late.load(of)
    for both in (f"{own}{text}", f"{text}{own}"):
        path.write_text(both, encoding="utf-8")
        with pytest.raises(Problem, match=rf"{message}, and course.yml has `late:`.*Remove that setting, or `late:`"):
            late.load(of)


@pytest.mark.long
def test_stock_nbgrader_stops_at_a_conflict_and_keeps_the_scores(a_course: Course) -> None:
    reports.write(a_course, reports.make(a_course))
    courses.hand_in(a_course, "ada", courses.answered(a_course), time=courses.LATE)
    of = with_settings(a_course, ("limits:", "late: {policy: zero}\nlimits:"))
    with (of.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("get_config().LateSubmissionPlugin.penalty_method = 'zero'\n")
    command = [sys.executable, "-m", "nbgrader", "autograde", "conv2d", "--force"]
    done = subprocess.run(command, cwd=of.root, capture_output=True, text=True, timeout=300)
    assert done.returncode != 0
    assert "only one of them can decide" in done.stderr
    assert courses.scores(of) == {"ada": 10}
