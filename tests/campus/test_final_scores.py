"""One reading of the gradebook serves every way out: what a person changed counts, and absent is not 0."""

import shutil
from datetime import timedelta

import pytest

from autograder.campus import final_scores
from autograder.course import Course
from autograder.errors import Problem
from autograder.report.report import Outcome
from tests.campus import made_up

BOTH = ("conv2d", "transposed")


@pytest.fixture(scope="module")
def final(class_course: Course) -> final_scores.FinalScores:
    return final_scores.read(class_course, BOTH)


def checks_of(score) -> dict:
    return {check.id: check for check in score.checks}


def test_automatic_scores_manual_ones_extra_credit_and_penalty(final) -> None:
    assert final.of("id00", "conv2d").score == 10
    assert final.of("id02", "conv2d").score == 8
    assert final.of("id01", "conv2d").score == 8 + 1.5 + 0.5
    late = final.of(made_up.LATE, "conv2d")
    assert (late.score, late.penalty) == (8 - 1.5, 1.5)
    assert late.late_by > timedelta(days=1) and final.of("id00", "conv2d").late_by == timedelta()
    assert {one.maximum for one in final.scores.values() if one.assignment == "conv2d"} == {10}


def test_a_bonus_has_points_and_a_maximum_of_0(final) -> None:
    score = final.of("id00", "transposed")
    assert (score.score, score.maximum, score.bonus, final.maxima["transposed"]) == (10, 0, True, 0)
    assert sum(check.max_score for check in score.checks) == 10


def test_absent_is_not_0_and_not_ungraded(final) -> None:
    assert final.of(made_up.ABSENT, "conv2d") is None and final.of(made_up.UNGRADED, "conv2d") is None
    statuses = {student: final.status(student, "conv2d") for student in made_up.IDS}
    assert statuses[made_up.ABSENT] == "nothing handed in"
    assert statuses[made_up.UNGRADED] == "handed in, but not graded yet"
    assert statuses[made_up.UNDECIDED] == "needs manual grading"
    assert set(statuses.values()) == {"graded", *(statuses[one] for one in ("id14", "id15", "id16"))}
    assert len(final.learners) == 30 and final.learners[3].last_name.startswith("=HYPERLINK(")


def test_checks_have_titles_and_the_outcome_of_what_counts(final) -> None:
    by_report = checks_of(final.of("id02", "conv2d"))["stride"]
    assert (by_report.title, by_report.outcome, by_report.message) == (
        "moves by the stride",
        Outcome.FAILED,
        "Got <16>.",
    )
    by_hand = checks_of(final.of("id01", "conv2d"))["stride"]
    assert (by_hand.score, by_hand.outcome, by_hand.message, by_hand.by_hand) == (2.0, Outcome.PASSED, "", True)
    undecided = checks_of(final.of(made_up.UNDECIDED, "conv2d"))["padding"]
    assert (undecided.score, undecided.outcome) == (None, Outcome.ERROR)


def test_a_report_that_is_older_than_the_grades_says_nothing(class_course, tmp_path) -> None:
    root = shutil.copytree(class_course.root, tmp_path / "course")
    results = root / "results" / "conv2d"
    shutil.copyfile(results / "id00.json", results / "id02.json")
    (results / "id05.json").write_text("no JSON", encoding="utf-8")
    moved = class_course.model_copy(update={"root": root})
    final = final_scores.read(moved, ["conv2d"])
    stale = checks_of(final.of("id02", "conv2d"))["stride"]
    assert (stale.score, stale.outcome, stale.message) == (0, Outcome.FAILED, "")
    unknown = checks_of(final.of("id05", "conv2d"))["stride"]
    assert (unknown.title, unknown.max_score) == ("stride", 2)


def test_some_learners_and_unknown_ones(class_course, tmp_path) -> None:
    some = final_scores.read(class_course, BOTH, ["id01"])
    assert [learner.id for learner in some.learners] == ["id01"] and len(some.scores) == 2 and len(some.everyone) == 30
    with pytest.raises(Problem, match="knows 'nobody'"):
        final_scores.read(class_course, BOTH, ["nobody"])
    with pytest.raises(Problem, match="no gradebook yet"):
        final_scores.read(class_course.model_copy(update={"root": tmp_path}), BOTH)
    assert not list(tmp_path.iterdir())
