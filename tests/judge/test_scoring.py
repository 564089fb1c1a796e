"""Points share out exactly, only passed checks earn them, and a report's score is the sum of its checks."""

import pytest

from autograder.course import Assignment
from autograder.errors import Problem
from autograder.explain.counterexample import Counterexample
from autograder.explain.explain import Explanation
from autograder.judge import judge
from autograder.judge.pytest_plugin import Run, Verdict
from autograder.notebooks.read import Submission
from autograder.report import messages
from autograder.report.report import CheckResult, Outcome, Picture, Report, Slip, Trace
from autograder.report.wording import lines_of
from autograder.sandbox.answers import NoAnswer, Raised, Words, Wrong
from autograder.suite.check import Check
from autograder.suite.known_answers import wrong_answers
from autograder.suite.load import Suite, load_suite

CONV2D = load_suite("conv2d")
IDS = [check.id for check in CONV2D.checks]
SLIP = Slip(cell="cell 1", line=2, code="x", family="names", change="x for y", text="Look at line 2.")
TRACE = Trace(argument="input", reads=((0,), (1,)), should=((0,), (0,)), text="A trace.")


def suite(*points: float) -> Suite:
    return Suite("conv2d", tuple(Check(f"c{n}", "does it", each, (), (), print) for n, each in enumerate(points)))


def assignment(points: float) -> Assignment:
    return Assignment(id="conv2d", points=points, due=None)


@pytest.mark.parametrize(
    ("checks", "total", "shares"),
    [
        ((2, 1, 1), 4, [2, 1, 1]),
        ((2, 1, 1), 10, [5, 2.5, 2.5]),
        ((1, 3), 1, [0.25, 0.75]),
        ((1, 1, 1), 30, [10, 10, 10]),
        ((1, 99), 1, [0.01, 0.99]),
    ],
)
def test_points_share_out_in_proportion(checks, total, shares):
    assert list(suite(*checks).points(assignment(total)).values()) == shares


@pytest.mark.parametrize(("checks", "total"), [((1, 1, 1), 10), ((1, 199), 1), ((2, 1), 1)])
def test_points_that_leave_fractions_of_a_hundredth_are_a_problem(checks, total):
    with pytest.raises(Problem) as caught:
        suite(*checks).points(assignment(total))
    problem = f"course.yml: conv2d: {total} points do not share out over its checks. Use a multiple of {sum(checks)}."
    assert str(caught.value) == problem


def reported(course, pictures: bool = False, unreadable: str = "", **facts) -> Report:
    submission = Submission("conv2d", "ada.ipynb", (), unreadable=unreadable)
    return judge.report(course, Run(submission, "", **facts), "A", pictures=pictures)


def passed(*names: str) -> dict[str, Verdict]:
    return {name: Verdict(Outcome.PASSED) for name in names}


def test_only_what_passed_earns_points(the_course):
    points = CONV2D.points(the_course.assignment("conv2d"))
    for failing in IDS:
        for outcome in (Outcome.FAILED, Outcome.SKIPPED, Outcome.ERROR):
            verdicts = passed(*IDS) | {failing: Verdict(outcome, "why")}
            report = reported(the_course, verdicts=verdicts)
            assert report.score == pytest.approx(10 - points[failing]) and report.max_score == 10
            assert {check.id: check.score for check in report.checks} == {**points, failing: 0}
            assert {check.id: check.max_score for check in report.checks} == points
            check = next(check for check in report.checks if check.id == failing)
            assert (check.outcome, check.message) == (outcome, "why")
            assert report.has_error == (outcome is Outcome.ERROR)


def test_a_check_without_a_verdict_is_an_error_and_earns_nothing(the_course):
    report = reported(the_course)
    assert report.score == 0 and report.has_error
    assert {(check.outcome, check.message) for check in report.checks} == {(Outcome.ERROR, messages.GRADER_ERROR)}
    report = reported(the_course, unreadable="It is empty.")
    assert report.score == 0 and not report.has_error
    assert {(check.outcome, check.message) for check in report.checks} == {(Outcome.FAILED, "It is empty.")}
    slow = Run(Submission("conv2d", "ada.ipynb", (), unreadable="It takes too long to read.", is_slow=True), "")
    assert {check.outcome for check in judge.report(the_course, slow, "A").checks} == {Outcome.ERROR}


def test_a_report_says_what_was_graded_and_how(the_course):
    report = reported(the_course, verdicts=passed(*IDS), seconds=1.23456789)
    assert (report.assignment, report.submission, report.score) == ("conv2d", "ada.ipynb", 10)
    assert (report.seed, report.versions, report.sandbox) == (the_course.key.shown, judge.VERSIONS, "A")
    assert report.seconds == 1.2346 and report.notes == ()
    assert [check.title for check in report.checks] == [check.title for check in CONV2D.checks]
    assert all(check.message == "" and check.counterexample is None for check in report.checks)
    assert Report.from_json(report.to_json()) == report
    assert "\n" in report.to_json() and "\n" not in report.to_json(indent=None)
    assert report.to_json().startswith('{\n  "schema": "autograder/report/v1"')


def test_notes_come_in_order_and_not_too_many(the_course):
    run = Run(Submission("conv2d", "x", (), notes=("of the file",)), "", notes=[f"note {n}" for n in range(31)])
    report = judge.report(the_course, run, "C")
    assert report.notes[:3] == (messages.NOT_ISOLATED, "of the file", "note 0")
    assert report.notes[-2:] == ("note 29", messages.MORE_NOTES.format(count=1))
    run = Run(Submission("conv2d", "x", ()), "", notes=[f"note {n}" for n in range(30)])
    assert judge.report(the_course, run, "B").notes == tuple(run.notes)


def test_a_helped_check_says_so_and_has_its_points(the_course):
    points = CONV2D.points(the_course.assignment("conv2d"))
    verdicts = {"slides": Verdict(Outcome.PASSED), "stride": Verdict(Outcome.FAILED, "It is wrong.")}
    report = reported(the_course, verdicts=verdicts, helped={"slides": "half", "stride": "half"})
    slides, _, stride = report.checks[:3]
    assert (slides.score, slides.message) == (points["slides"], messages.HELPED.format(helper="half"))
    message = messages.NOT_HELPED.format(helper="half", message="It is wrong.")
    assert (stride.score, stride.message) == (0, message)


def test_an_explanation_is_told_and_drawn_where_the_course_lets_it(the_course):
    case = CONV2D.checks[0].drawn(1)[0]
    got = case.expected + 1
    first = Wrong("At first.", expected=case.expected, got=got, case=case)
    small = Wrong("Small.", expected=case.expected, got=got, case=case)
    known = wrong_answers("conv2d")[0]
    facts = {
        "verdicts": {"slides": Verdict(Outcome.FAILED, "At first.", first)},
        "explanations": {"slides": Explanation(small, known, "A law.", condition="A condition.", trace=TRACE)},
    }
    check = judge.report(the_course, Run(Submission("conv2d", "x", ()), "", **facts), "A").checks[0]
    assert (check.message, check.misconception, check.law) == ("Small.", known.id, "A law.")
    words = ["A rule that it breaks: A law.", "A condition.", TRACE.text]
    assert check.condition == "A condition." and lines_of(check)[3:6] == words
    assert check.hint == f"This looks like: {known.description} {known.hint}"
    assert isinstance(check.counterexample, Counterexample) and check.picture is None
    check = reported(the_course, pictures=True, **facts).checks[0]
    assert isinstance(check.picture, Picture) and check.picture.alt.endswith(TRACE.text)
    check = reported(the_course, pictures=True, verdicts=facts["verdicts"]).checks[0]
    assert (check.message, check.misconception, check.hint, check.law) == ("At first.", None, None, None)
    assert check.counterexample is not None
    for feedback, message in (("hint", "Small."), ("title", "")):
        limited = the_course.model_copy(update={"feedback": feedback})
        check = reported(limited, pictures=True, **facts).checks[0]
        assert (check.message, check.picture, check.counterexample, check.trace) == (message, None, None, None)
        words = (check.hint, check.law, check.misconception, check.condition)
        assert [word is None for word in words] == [feedback == "title"] * len(words)
        assert (check.title, check.outcome, check.max_score) == (CONV2D.checks[0].title, Outcome.FAILED, 2)


def test_parts_of_points_add_up(the_course):
    small = the_course.model_copy(update={"assignments": (Assignment(id="conv2d", points=2.5, due=None),)})
    report = judge.report(small, Run(Submission("conv2d", "x", ()), "", verdicts=passed("stride", "bias")), "A")
    assert (report.score, report.max_score, report.bonus) == (0.75, 2.5, False)
    bonus = the_course.model_copy(update={"assignments": (Assignment(id="conv2d", points=10, due=None, bonus=True),)})
    assert judge.report(bonus, Run(Submission("conv2d", "x", ()), ""), "A").bonus


def test_what_the_course_does_not_show_is_left_out():
    words = {"message": "m", "misconception": "x", "hint": "h", "law": "l", "condition": "c", "slip": SLIP}
    example = {"counterexample": Counterexample(arguments={}), "picture": Picture(alt="", png="", width=1)}
    example["trace"] = TRACE
    result = CheckResult(id="c", title="t", outcome="failed", score=0, max_score=1, **words, **example)
    assert result.limited_to("full") == result.limited_to("solution") == result
    shown = CheckResult(id="c", title="t", outcome="failed", score=0, max_score=1)
    assert result.limited_to("hint") == shown.model_copy(update=words)
    assert result.limited_to("title") == result.limited_to("what is this") == shown


def test_words_of_a_submission_are_cleaned_wherever_they_come_in():
    assert Wrong("a\x1b[31mb").message == "ab" and NoAnswer("x\x07").message == "x"
    wrong = Wrong("m", expected=1, got=2, case=3, changed="kernel", counted="products")
    assert (wrong.expected, wrong.got, wrong.case, wrong.changed, wrong.counted) == (1, 2, 3, "kernel", "products")
    plain = Wrong("m")
    assert (plain.expected, plain.got, plain.case, plain.changed, plain.counted) == (None, None, None, "", "")
    assert str(plain) == "m" and (plain.shrunk, plain.no_function, plain.plain, plain.words) == (False, False, {}, None)
    words = Words("own", "name", "brief", "briefest")
    raised = Raised("m", ["ValueError"], "said", words)
    assert (raised.kinds, raised.said, raised.words) == (("ValueError",), "said", words)
    assert Raised("m", []).said == ""
    result = CheckResult(id="c", title="t", outcome="failed", score=0, max_score=1, message="a\x1b[31mb")
    assert result.message == "ab"
