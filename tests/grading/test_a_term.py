"""The story of a term: a later change of settings reaches every grade, and no score changes silently."""

import csv
import os
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from autograder.grading import backup, engine, lock
from autograder.nbgrader import commands, gradebook
from autograder.nbgrader.commands import export
from tests import courses
from tests.few import few
from tests.grading import at_a_glance

ZERO = "\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n"
AUTOGRADER = str(Path(sys.executable).parent / "autograder")


def grade(of: Course, **options) -> dict[str, bool]:
    """Grade all submissions. Return for each learner whether the submission was unchanged."""
    return {one.student: one.cached for one in engine.grade_class(course.load(of.root), ["conv2d"], **options)}


def penalty(of: Course, student: str = "ada") -> float | None:
    return {row[0]: row[2] for row in courses.rows(of, courses.PENALTIES)}[student]


def settings(of: Course, old: str, new: str) -> Course:
    """Change course.yml."""
    path = of.root / "course.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return course.load(of.root)


def generate(of: Course) -> None:
    commands.generate(commands.connect(of), of, ["conv2d"], lambda line: None)


@pytest.fixture
def judged_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace judges, so that none is started."""
    monkeypatch.setattr(engine, "dispatch", at_a_glance.dispatch)


@pytest.fixture
def late(a_course: Course) -> Course:
    """A course whose only submission is two days late, with a policy that takes all points for that."""
    courses.hand_in(a_course, "ada", courses.answered(a_course), time=courses.LATE)
    config = a_course.root / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + ZERO, encoding="utf-8")
    assert grade(a_course) == {"ada": False}
    assert penalty(a_course) == 10
    return a_course


def test_an_extension_reaches_the_grade_and_no_judge_is_needed(late: Course, monkeypatch) -> None:
    with gradebook.opened(late) as book:
        book.grant_extension("conv2d", "ada", days=3)
    monkeypatch.setattr(engine, "dispatch", lambda *all: pytest.fail("a judge was asked") if all[1] else iter(()))
    assert grade(late) == {"ada": True}
    assert not penalty(late)


def test_a_later_due_date_reaches_the_grade(late: Course) -> None:
    assert grade(settings(late, "due: 2027-01-15 23:59", "due: 2027-01-20 23:59")) == {"ada": True}
    assert not penalty(late)
    with gradebook.opened(late) as book:
        assert book.find_assignment("conv2d").duedate.day == 20


def test_another_policy_reaches_the_grade(late: Course) -> None:
    config = late.root / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8").replace(ZERO, ""), encoding="utf-8")
    assert grade(late) == {"ada": True}
    assert not penalty(late)


def resubmitted(of: Course, **options) -> str:
    """Grade all submissions. Return what ada lost by handing in again."""
    (one,) = engine.grade_class(course.load(of.root), ["conv2d"], **options)
    return one.resubmission.loss() if one.resubmission else ""


@pytest.mark.usefixtures("judged_at_a_glance")
def test_who_lost_points_by_handing_in_again_is_told_on_every_run_until_it_is_made_up_for(a_course: Course) -> None:
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    assert resubmitted(a_course) == ""
    courses.hand_in(a_course, "ada", courses.answered(a_course, courses.NO_STRIDE), time=courses.LATE)
    loss = (
        "fewer points for a later hand-in: 8 for the late one of 2027-01-17 10:00 UTC, "
        "10 for the one of 2027-01-10 10:00 UTC"
    )
    assert resubmitted(a_course) == loss
    assert resubmitted(a_course) == loss, "nothing changed"
    assert resubmitted(a_course, force=True) == loss, "the same hand-in, graded again"
    with gradebook.opened(a_course) as book:
        book.find_grade("check-stride", "conv2d", "conv2d", "ada").extra_credit = 2
        book.db.commit()
    assert resubmitted(a_course) == (
        "a late hand-in of 2027-01-17 10:00 UTC replaced one in time, of 2027-01-10 10:00 UTC"
    )
    with gradebook.opened(a_course) as book:
        book.grant_extension("conv2d", "ada", days=3)
    assert resubmitted(a_course) == ""


@pytest.mark.usefixtures("judged_at_a_glance")
def test_points_lost_to_the_late_policy_are_lost_too(late: Course) -> None:
    with gradebook.opened(late) as book:
        book.grant_extension("conv2d", "ada", days=3)
    assert resubmitted(late) == ""
    courses.hand_in(late, "ada", courses.answered(late), time="2027-01-20 10:00:00.000000 UTC")
    assert resubmitted(late).startswith("fewer points for a later hand-in: 0 for the late one of 2027-01-20 10:00 UTC")


@pytest.mark.usefixtures("judged_at_a_glance")
def test_a_later_hand_in_that_has_more_and_an_earlier_one_are_no_news(a_course: Course) -> None:
    courses.hand_in(a_course, "ada", courses.answered(a_course, courses.NO_STRIDE))
    assert resubmitted(a_course) == ""
    courses.hand_in(a_course, "ada", courses.answered(a_course), time="2027-01-11 10:00:00.000000 UTC")
    assert resubmitted(a_course) == ""
    courses.hand_in(a_course, "ada", courses.answered(a_course, courses.NO_STRIDE))
    assert resubmitted(a_course) == "", "the earlier one was put back"


def test_a_due_date_without_a_time_is_the_end_of_the_day(a_course: Course) -> None:
    changed = settings(a_course, "due: 2027-01-15 23:59", "due: 2027-01-15")
    due = changed.due_utc(changed.assignment("conv2d"))
    assert due is not None and (due + timedelta(seconds=1)).isoformat() == "2027-01-16T00:00:00+00:00"
    quoted = settings(a_course, "due: 2027-01-15", 'due: "2027-01-15"')
    assert quoted.due_utc(quoted.assignment("conv2d")) == due


@pytest.mark.usefixtures("judged_at_a_glance")
def test_points_that_were_changed_after_the_release_are_refused_until_it_is_in_step(a_course: Course) -> None:
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    grade(a_course)
    changed = settings(a_course, "points: 10", "points: 20")
    with pytest.raises(Problem, match=r"course.yml.*conv2d.*20 points.*10.*autograder release"):
        grade(changed)
    assert courses.scores(a_course) == {"ada": 10}
    generate(changed)
    assert grade(changed) == {"ada": False}
    assert courses.scores(a_course) == {"ada": 20}
    export(changed, a_course.root / "grades.csv")
    with (a_course.root / "grades.csv").open(encoding="utf-8") as file:
        (row,) = (row for row in csv.DictReader(file) if row["assignment"] == "conv2d")
    assert (float(row["score"]), float(row["max_score"])) == (20, 20)


@pytest.mark.usefixtures("judged_at_a_glance")
def test_a_manual_score_outlives_a_release_with_other_points(a_course: Course) -> None:
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    grade(a_course)
    with gradebook.opened(a_course) as book:
        book.find_grade("check-stride", "conv2d", "conv2d", "ada").manual_score = 1.5
        book.db.commit()
    changed = settings(a_course, "points: 10", "points: 20")
    generate(changed)
    grade(changed)
    with gradebook.opened(a_course) as book:
        kept = book.find_grade("check-stride", "conv2d", "conv2d", "ada")
        assert (kept.manual_score, kept.auto_score, kept.needs_manual_grade) == (1.5, 4, True)


@pytest.mark.usefixtures("judged_at_a_glance")
def test_a_class_is_not_graded_with_two_keys(a_course: Course, monkeypatch) -> None:
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    grade(a_course)
    courses.hand_in(a_course, "ben", courses.answered(a_course))
    monkeypatch.setenv("AUTOGRADER_SEED", "another key, of somebody else's shell")
    with pytest.raises(Problem, match=r"conv2d was graded with another key \(7\).*AUTOGRADER_SEED.*--force"):
        grade(a_course)
    assert courses.scores(a_course) == {"ada": 10}
    assert grade(a_course, force=True) == {"ada": False, "ben": False}
    assert grade(a_course) == {"ada": True, "ben": True}


def test_a_second_run_is_told_who_holds_the_course(a_course: Course) -> None:
    refused = pytest.raises(Problem, match=rf"`autograder grade`.*process {os.getpid()}.*--wait")
    with lock.held(a_course, "grade"), refused, lock.held(a_course, "feedback"):
        pass
    with lock.held(a_course, "feedback"):
        pass


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    few([("grade", "conv2d"), ("feedback", "conv2d"), ("release", "--only-stubs", "conv2d")], ("grade", "conv2d")),
)
def test_commands_that_write_hold_the_lock(a_course: Course, command: tuple[str, ...]) -> None:
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    with lock.held(a_course, "grade"):
        done = subprocess.run([AUTOGRADER, *command], cwd=a_course.root, capture_output=True, text=True, timeout=100)
        assert done.returncode == 2
        assert "`autograder grade` has been running here since" in done.stderr
        waiting = subprocess.Popen([AUTOGRADER, *command, "--wait"], cwd=a_course.root)
        time.sleep(1)
        assert waiting.poll() is None
    assert waiting.wait(timeout=100) == 0


@pytest.mark.usefixtures("judged_at_a_glance")
def test_the_gradebook_is_backed_up_before_it_is_written_and_the_last_copies_are_kept(a_course: Course) -> None:
    copies = a_course.root / "backups"
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    grade(a_course)
    (first,) = copies.iterdir()
    with sqlite3.connect(first) as connection:
        assert connection.execute("select count(*) from student").fetchone() == (0,)
    grade(a_course)
    assert list(copies.iterdir()) == [first]
    for number in range(backup.KEPT + 2):
        courses.hand_in(a_course, f"s{number}", courses.answered(a_course))
        grade(a_course)
    assert len(list(copies.iterdir())) == backup.KEPT
    assert all(path.stat().st_mode & 0o077 == 0 for path in copies.iterdir())


@pytest.mark.usefixtures("judged_at_a_glance")
def test_a_forced_run_that_was_stopped_goes_on(a_course: Course) -> None:
    for student in ("ada", "ben", "cy"):
        courses.hand_in(a_course, student, courses.answered(a_course))
    grade(a_course)
    from autograder.grading.plan import Plan

    run = engine.grade_each(a_course, ["conv2d"], plan=Plan(force=True))
    done = next(run)
    run.close()
    assert not done.cached
    again = {one.student: one.cached for one in engine.grade_each(a_course, ["conv2d"], plan=Plan(force=True))}
    assert again[done.student] is True
    assert sorted(again.values()) == [False, False, True]
    # That run was complete, so the next one starts anew.
    assert not any(one.cached for one in engine.grade_each(a_course, ["conv2d"], plan=Plan(force=True)))
