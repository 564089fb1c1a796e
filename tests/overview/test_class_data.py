"""The numbers of a class that is small enough to count by hand, and what of it is not counted."""

import os
import shutil
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from autograder.overview import class_data, mistakes, statistics, summary, words
from autograder.overview.class_data import ClassData, Result
from autograder.report.report import Look
from tests.overview import made_up
from tests.overview.made_up import DUE, FLIPPED, STRIDE, grade, report

SLIDES, STRIDE_CHECK, PADDING, TOGETHER = 0, 2, 3, 5
LATER = DUE + timedelta(days=1)


def load(of: Course, *students: str, now=LATER) -> ClassData:
    return class_data.load(of, [each.id for each in of.assignments], students or None, now)


def small_class(of: Course) -> None:
    """Eight learners; the checks of conv2d are worth 2, 1, 2, 2, 1, 1 and 1."""
    grade(of, "ada", report(of, "ppppppp"))
    grade(of, "ben", report(of, "ppfppsp", {STRIDE_CHECK: STRIDE}))
    grade(of, "cleo", report(of, "ppfffsp", {STRIDE_CHECK: STRIDE, PADDING: STRIDE}), DUE + timedelta(hours=1))
    grade(of, "dan", report(of, "fssssss", {SLIDES: FLIPPED}))
    grade(of, "eve", report(of, "pppfpsp"))
    grade(of, "finn", report(of, "fffffff", looks=[Look.UNREADABLE]))
    grade(of, "gil", report(of, "ppeppsp"))
    made_up.enter(of, hana="Hana")


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Course:
    of = made_up.make_course(tmp_path_factory.mktemp("small") / "course")
    small_class(of)
    return of


@pytest.fixture
def small(original, tmp_path) -> Course:
    """A copy of the small class for one test."""
    return course.load(shutil.copytree(original.root, tmp_path / "course"))


def test_hand_ins_are_counted_by_final_points(small):
    data = load(small)
    own = statistics.figures(data, small.assignments[0])
    assert (own.learners, own.handed_in, own.missing, own.late) == (8, 7, 1, 1)
    assert own.counts == {
        Result.FULL: 1,
        Result.PARTLY: 3,
        Result.NONE: 2,
        Result.NO_VERDICT: 1,
        Result.NOT_GRADED: 0,
    }
    assert own.scores == (0, 0, 4, 7, 7, 10)
    assert own.mean == pytest.approx(28 / 6) and own.median == 5.5
    assert own.tenths == [2, 0, 0, 0, 1, 0, 0, 2, 0, 0, 1]
    assert (own.graded, own.changed, own.automatic, own.no_checks) == (7, 0, 0, 0)


def test_scores_are_sorted_into_tenths_of_the_points(small):
    own = statistics.figures(load(small), small.assignments[0])
    for most, scores, tenths in ((20, (0, 14, 15, 20), (0, 7, 7, 10)), (3, (0.3, 3.5), (1, 10))):
        assignment = own.assignment.model_copy(update={"points": most})
        counted = replace(own, assignment=assignment, scores=scores).tenths
        assert counted == [tenths.count(at) for at in range(11)]


def test_checks_are_counted_over_answers_and_only_where_there_are_enough(small):
    own = statistics.figures(load(small), small.assignments[0])
    assert own.judged == 6 and own.left_out == {Look.UNREADABLE: 1}
    slides, stride, padding, together = (own.checks[at] for at in (SLIDES, STRIDE_CHECK, PADDING, TOGETHER))
    assert (slides.passed, slides.failed, slides.skipped, slides.no_verdict) == (5, 1, 0, 0)
    assert (stride.passed, stride.failed, stride.skipped, stride.no_verdict) == (2, 2, 1, 1)
    assert (padding.passed, padding.failed) == (3, 2)
    assert (together.passed, together.skipped, together.tried) == (1, 5, 1)
    assert slides.difficulty == pytest.approx(1 / 6) and padding.difficulty == pytest.approx(2 / 5)
    assert stride.difficulty is None, "it was tried for four only"
    assert own.hardest == [padding]
    assert all(check.discrimination is None for check in own.checks)


def test_a_learner_has_a_mistake_once_however_many_checks_it_fails(small):
    data = load(small)
    found = mistakes.mistakes(data, "conv2d")
    assert [(each.id, each.learners, each.answers) for each in found] == [
        ("stride-ignored", ("ben", "cleo"), 6),
        ("kernel-flipped", ("dan",), 6),
    ]
    assert (found[0].sentence, found[0].hint) == ("The stride was ignored.", "Try a stride of 2.")
    unnamed = mistakes.unnamed(data, "conv2d")
    assert (unnamed.failures, unnamed.all_failures, unnamed.learners) == (2, 6, ("cleo", "eve"))
    assert unnamed.titles == (("adds the bias once to every output", 1), ("pads with zeros on all four sides", 1))
    assert words.unnamed(unnamed).startswith("2 of 6 failures in conv2d have no name (2 learners). By check: “adds")


def test_what_is_on_top_is_the_commonest_and_the_hardest(small):
    assert summary.of_data(load(small)).headline == (
        "The commonest misunderstanding, in 2 of 6 answers: The stride was ignored.",
        "The hardest check is “pads with zeros on all four sides”: it failed for 2 of the 5 for whom it was tried.",
        "5 learners may need help.",
    )


def test_nothing_is_called_commonest_that_one_learner_does(tmp_path):
    of = made_up.make_course(tmp_path / "course")
    grade(of, "ben", report(of, "ppfppsp", {STRIDE_CHECK: STRIDE}))
    grade(of, "dan", report(of, "fssssss", {SLIDES: FLIPPED}))
    assert summary.of_data(load(of)).headline[0] == "No named mistake is shared by two learners."
    grade(of, "eve", report(of, "ppfppsp", {STRIDE_CHECK: STRIDE}))
    grade(of, "fay", report(of, "fssssss", {SLIDES: FLIPPED}))
    top = summary.of_data(load(of)).headline[0]
    assert top == (
        "The two commonest misunderstandings, 2 learners each: The kernel was turned. The stride was ignored."
    )


def test_the_hardest_of_several_steps_is_named_with_its_step(tmp_path):
    of = made_up.make_course(tmp_path / "course", ("conv2d", "flatten"))
    for number in range(5):
        wrong = number < 2
        grade(of, f"s{number}", report(of, "ppfppsp" if wrong else "ppppppp", {STRIDE_CHECK: STRIDE} if wrong else {}))
        grade(of, f"s{number}", report(of, "pfppppsp" if number < 3 else "pppppppp", step="flatten"))
    first, second = summary.of_data(load(of)).headline
    assert first.startswith("The commonest misunderstanding in conv2d, in 2 of 5 answers:")
    assert second.startswith("The hardest check in flatten is “keeps height and width apart”: it failed for 3 of the 5")


def test_a_report_on_an_older_hand_in_is_not_counted(small):
    made_up.hand_in(small, "ben", DUE - timedelta(hours=2), text='{"new": 1}')
    data = load(small)
    entry = data.entries["conv2d", "ben"]
    assert (entry.result, entry.changed, entry.points, entry.checks) == (Result.NOT_GRADED, True, None, ())
    own = statistics.figures(data, small.assignments[0])
    assert own.changed == 1 and own.judged == 5 and own.scores == (0, 0, 4, 7, 10)
    assert [each.learners for each in mistakes.mistakes(data, "conv2d")] == [("dan",), ("cleo",)]
    (note,) = words.notes_on(own, 0)
    assert note.startswith("1 hand-in not counted: changed since the last `autograder grade`")


def test_a_hand_in_without_a_result_is_not_graded_and_the_gradebook_alone_gives_a_score(small):
    made_up.hand_in(small, "ida", DUE)
    for student in ("ada", "ben"):
        (small.root / "results" / "conv2d" / f"{student}.json").unlink()
    # ben's hand-in is not the one that the gradebook knows.
    made_up.hand_in(small, "ben", DUE - timedelta(hours=1))
    data = load(small)
    ada, ben, ida = (data.entries["conv2d", name] for name in ("ada", "ben", "ida"))
    assert (ada.result, ada.points, ada.checks) == (Result.FULL, 10, ())
    assert (ben.result, ben.changed, ida.result, ida.changed) == (Result.NOT_GRADED, True, Result.NOT_GRADED, False)
    own = statistics.figures(data, small.assignments[0])
    assert (own.no_checks, own.judged) == (1, 4)
    assert [note[:31] for note in words.notes_on(own, 0)] == [
        "1 hand-in not counted: changed ",
        "1 hand-in not counted: not grad",
        "1 hand-in with a score but no r",
    ]


def test_the_final_score_is_the_gradebooks(small):
    change(small, "update submitted_notebook set late_submission_penalty = 1.5")
    change(
        small,
        "update grade set manual_score = 2, needs_manual_grade = 0 where auto_score is null",
    )
    data = load(small)
    assert data.entries["conv2d", "ada"].points == 8.5 and data.entries["conv2d", "ada"].result is Result.PARTLY
    gil = data.entries["conv2d", "gil"]
    assert (gil.result, gil.points) == (Result.PARTLY, 7.5), "a person has given the check its points"


def change(of: Course, statement: str) -> None:
    with sqlite3.connect(of.root / "gradebook.db") as connection:
        assert connection.execute(statement).rowcount


def test_without_a_gradebook_scores_are_automatic_and_none_is_made(tmp_path):
    of = made_up.make_course(tmp_path / "course")
    grade(of, "ada", report(of, "ppppppp"))
    data = load(of)
    own = statistics.figures(data, of.assignments[0])
    assert own.automatic == 1 and own.scores == (10,)
    assert words.notes_on(own, 0) == ["1 hand-in automatic: the gradebook has no final score."]
    assert not (of.root / "gradebook.db").exists()


def test_students_can_be_chosen_and_unknown_ones_are_named(small):
    data = load(small, "ben", "hana")
    assert list(data.names) == ["ben", "hana"] and len(data.of("conv2d")) == 1
    with pytest.raises(Problem, match=r"there is no learner 'ben\\n'"):
        load(small, "ben\n")


def test_an_empty_class_and_one_that_handed_in_nothing(tmp_path):
    of = made_up.make_course(tmp_path / "course")
    assert summary.of_data(load(of)).headline == ("Nothing was handed in.",)
    made_up.enter(of, ada="Ada")
    own = summary.of_data(load(of))
    assert own.headline == ("Nothing was handed in.",) and own.steps[0].figures.missing == 1
    made_up.hand_in(of, "ada", DUE)
    assert summary.of_data(load(of)).headline == ("Nothing is graded as it stands. Run `autograder grade`.",)


def test_a_class_without_verdicts_has_no_scores_and_no_hardest_check(tmp_path):
    of = made_up.make_course(tmp_path / "course")
    for number in range(6):
        grade(of, f"s{number}", report(of, "eeeeeee"))
    made_up.enter(of)
    own = statistics.figures(load(of), of.assignments[0])
    assert own.counts[Result.NO_VERDICT] == 6 and own.scores == () and own.mean is None and own.hardest == []
    assert summary.of_data(load(of)).headline == ("6 learners may need help.",)


def test_a_folder_that_cannot_be_read_as_a_result_is_no_result(small):
    (small.root / "results" / "conv2d" / "dan.json").write_text("{", encoding="utf-8")
    os.unlink(small.root / "results" / "conv2d" / "eve.json")
    data = load(small)
    assert data.entries["conv2d", "dan"].checks == () and data.entries["conv2d", "eve"].points == 7
