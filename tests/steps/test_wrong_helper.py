"""A wrong kernel matrix costs its own points, and not those of the product that is built on it."""

import pytest

from autograder.judge import judge
from autograder.notebooks.read import Cell, Submission
from autograder.report import messages
from autograder.report.report import CheckResult, Outcome, Report
from autograder.sandbox.host import Sandbox
from autograder.sandbox.worker import serve
from autograder.suite.known_answers import KnownAnswer, right_answers, wrong_answers
from autograder.suite.load import load_suite
from tests.few import few

HELPER, MATRIX = "get_kernel_matrix", "matrix_multiplication_for_conv_transpose2d"
HELPED = messages.HELPED.format(helper=HELPER)
ON_THE_HELPER = ("matrix", "matrix_rectangles")
NOT_WRITTEN = "def get_kernel_matrix(kernel, input_size):\n    raise NotImplementedError"
NEVER_RETURNS = "def get_kernel_matrix(kernel, input_size):\n    while True:\n        pass"


def known(name: str, function: str) -> KnownAnswer:
    both = (*wrong_answers("transposed"), *right_answers("transposed"))
    (found,) = (each for each in both if each.name == name and each.function == function)
    return found


def cells(*answers: KnownAnswer | str) -> list[str]:
    """Return the cells of a notebook with these answers, after right answers to everything."""
    right = known("by_the_helper", MATRIX).submission.cells
    sources = [answer if isinstance(answer, str) else "\n".join(answer.sources) for answer in answers]
    return [*(cell.source for cell in right), *sources]


def result(report: Report, name: str) -> CheckResult:
    return next(check for check in report.checks if check.id == name)


@pytest.fixture
def grade(graded):
    return lambda *answers: graded(*cells(*answers), assignment="transposed")


WRONG_HELPERS = [each for each in wrong_answers("transposed") if each.function == HELPER]


@pytest.mark.parametrize("helper", WRONG_HELPERS, ids=lambda helper: helper.name)
def test_a_wrong_helper_is_named_and_the_product_has_all_its_points(grade, helper):
    report = grade(helper)
    check = result(report, "helper")
    assert (check.outcome, check.score, check.misconception) == (Outcome.FAILED, 0, helper.id)
    built = [result(report, name) for name in ON_THE_HELPER]
    assert all(check.outcome is Outcome.PASSED and check.score == check.max_score for check in built)
    # A mistake that shows only on rectangles does not show in the check of squares.
    assert [check.message for check in built] in (2 * [HELPED], ["", HELPED])
    assert all(check.misconception is check.hint is check.counterexample is None for check in built)
    # Only the helper's own check is lost: it leaves its arguments as they are, and so do the others.
    assert {check.id for check in report.checks if check.score < check.max_score} == {"helper"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "helper", few(["", NOT_WRITTEN, NEVER_RETURNS], NOT_WRITTEN), ids=["missing", "not written", "never returns"]
)
def test_so_it_has_where_the_helper_gives_no_answer(the_course, helper):
    quick = the_course.limits.model_copy(update={"call_seconds": 0.3})
    right = known("by_the_helper", MATRIX).submission
    sources = [cell.source for cell in right.cells if f"{HELPER} = " not in cell.source] + [helper]
    submission = Submission("transposed", "x", tuple(Cell(f"cell {n}", text) for n, text in enumerate(sources, 1)))
    with Sandbox(quick) as sandbox:
        (report,) = judge.grade(the_course, [submission], sandbox)
    assert result(report, "helper").outcome is Outcome.FAILED
    assert [result(report, name).message for name in ON_THE_HELPER] == [HELPED, HELPED]
    assert result(report, "matrix").score == result(report, "matrix").max_score


def test_a_wrong_product_with_a_wrong_helper_is_explained_by_its_own_mistake(grade):
    report = grade(known("row_number_is_i_plus_j", HELPER), known("left_as_a_column", MATRIX))
    helper, matrix = result(report, "helper"), result(report, "matrix")
    assert (helper.misconception, matrix.misconception) == ("row-number-is-i-plus-j", "left-as-a-column")
    assert (matrix.outcome, matrix.score) == (Outcome.FAILED, 0)
    assert "Expected the shape" in matrix.message
    assert matrix.message.endswith("tried with the course's own get_kernel_matrix in its place.)")
    # What came is what comes with the right helper: the shape is wrong, the numbers are not.
    shown = matrix.counterexample
    assert [number for row in shown.expected for number in row] == [number for row in shown.got for number in row]


def test_a_wrong_helper_that_changes_its_arguments_loses_that_check_by_itself(grade):
    careless = f"def {HELPER}(kernel, input_size):\n    return kernel.mul_(2)"
    report = grade(careless)
    assert {check.id for check in report.checks if check.score < check.max_score} == {"helper", "arguments"}
    assert "The argument kernel was changed by the call." in result(report, "arguments").message
    # It is the learner's own helper that was asked, and its call is the one to paste.
    assert result(report, "arguments").counterexample.snippet.endswith("print(kernel)")


def test_a_product_without_the_helper_is_not_affected(grade):
    helper = known("row_number_is_i_plus_j", HELPER)
    fine = grade(helper, known("row_times_matrix_without_the_helper", MATRIX))
    assert [(result(fine, name).outcome, result(fine, name).message) for name in ON_THE_HELPER] == 2 * [("passed", "")]
    wrong = grade(helper, f"def {MATRIX}(input, kernel):\n    return input")
    assert result(wrong, "matrix").outcome is Outcome.FAILED
    assert result(wrong, "matrix").score == 0


def test_where_the_helper_is_right_nothing_is_tried_twice(grade):
    report = grade(known("left_as_a_column", MATRIX))
    assert result(report, "helper").outcome is Outcome.PASSED
    assert result(report, "matrix").outcome is Outcome.FAILED
    assert "course's own" not in result(report, "matrix").message


def test_a_stolen_right_helper_earns_nothing(grade):
    thief = f"""
stolen = []
def {HELPER}(kernel, input_size):
    return stolen[0](kernel, input_size) if stolen else None
own = {HELPER}
product = {MATRIX}
def {MATRIX}(input, kernel):
    if {HELPER} is not own:
        stolen.append({HELPER})
    return product(input, kernel)
"""
    report = grade(thief)
    assert result(report, "matrix").message == HELPED
    assert result(report, "helper").outcome is Outcome.FAILED


def called(namespace: dict, instead: dict[str, str]) -> dict:
    request = {"function": "f", "arguments": {}, "positional": [], "instead": instead}
    return serve.call(request, [], namespace, [])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("return helper()", "returned"),
        ("helper(); raise ValueError", "raised"),
        ("global helper; helper = 3", "returned"),
    ],
)
@pytest.mark.parametrize("own", [True, False], ids=["its own helper", "no helper"])
def test_the_namespace_is_as_before_after_the_call(own, body, status):
    namespace: dict = {}
    exec(f"def f():\n    {body}\n" + ("def helper():\n    return 1\n" if own else ""), namespace)
    before = dict(namespace)
    reply = called(namespace, {"helper": "def helper():\n    return 2\n"})
    assert reply["status"] == status
    assert "return" not in body or reply["value"] == {"number": "2"}
    assert namespace == before


def test_the_stand_in_is_a_reference_that_needs_nothing_of_the_learners():
    check = next(check for check in load_suite("transposed").checks if check.id == "helper")
    scope: dict = {}
    exec(check.stand_in[HELPER], scope)
    for case in check.drawn(1):
        assert scope[HELPER](**case.arguments).equal(case.expected)


def test_a_report_says_so_unless_only_titles_are_shown(the_course, sandbox):
    wrong = known("row_number_is_i_plus_j", HELPER).submission
    for feedback, expected in (("full", HELPED), ("hint", HELPED), ("title", "")):
        (report,) = judge.grade(the_course.model_copy(update={"feedback": feedback}), [wrong], sandbox)
        assert result(report, "matrix").message == expected
