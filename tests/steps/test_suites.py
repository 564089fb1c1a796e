"""The hidden suites: right answers keep every point, and each mistake loses just its own check."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.judge import judge
from autograder.key import Key
from autograder.notebooks.read import Cell, Submission, read
from autograder.report.report import Outcome, Report
from autograder.sandbox.host import Sandbox
from autograder.suite.known_answers import right_answers, wrong_answers
from autograder.suite.load import load_suite

STEPS = tuple(assignment.id for assignment in course.load(Path(__file__).resolve().parents[2]).assignments)
# The mistakes that learners are known to make, and a wrong answer or two that make each.
MISTAKES = {
    "a region's row in the matrix is row + column, not a running number": "row_number_is_i_plus_j",
    "rows and columns exchanged in F.pad's tuple": "rows_and_columns_exchanged_in_pad",
    "height and width mixed: right on squares only": "width_from_the_height squares_only",
    "the size comes from a global variable, not from the argument": "size_of_a_global_input",
    "the bias added once for each input channel": "bias_for_each_channel",
    "a bias that is left out or None breaks the call": "bias_must_be_a_tensor bias_none_forgotten",
    "a padding tuple with too few entries": "padding_left_and_right_only",
    "padding that reaches channels or the batch": "channels_padded_too batch_padded_too",
    "output size without the stride, or rounded up": "size_without_the_stride size_rounded_up",
    "stride on one axis only": "stride_moves_down_only stride_moves_right_only",
    "only the last input channel counts": "last_channel_only",
    "dilation in the size but not in the slice, or a span off by one": "dilation_in_the_size_only span_one_too_long",
    "groups: the input channel counted from the group's own beginning": "channel_not_offset_by_the_group",
    "groups: the bias counted from the group's own beginning": "bias_counted_inside_the_group",
    "the kernel flipped": "kernel_flipped",
    "pooling: zeros as padding for the maximum": "zeros_around_the_maximum",
    "pooling: padding left out of the mean, stride 1 for None": "padding_left_out_of_the_mean stride_1_for_none",
    "transposed convolution by convolving, or with a kernel that is not turned": "convolves_instead kernel_not_turned",
    "the library function that the step is about": "library_convolution",
    "in place": "axes_added_in_place input_overwritten_at_the_end",
    "whole numbers, axes squeezed": "whole_numbers_only axes_of_length_1_squeezed",
    "right for the plainest call only": "contiguous_kernel_only first_image_only",
}


@pytest.fixture(scope="module")
def grade(the_course: Course) -> Iterator[Callable[..., list[Report]]]:
    """Grades submissions; failures are not explained, which would take most of the time."""
    limits = the_course.limits.model_copy(update={"explain_calls": 0})

    def run(submissions: list[Submission]) -> list[Report]:
        return judge.grade(the_course.under(Key("2026")), submissions, sandbox)

    with Sandbox(limits) as sandbox:
        yield run


def outcomes(report: Report) -> str:
    return "\n".join(f"{check.outcome} {check.id}: {check.message}" for check in report.checks)


def failed(report: Report) -> set[str]:
    return {check.id for check in report.checks if check.outcome is Outcome.FAILED}


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_right_answers_keep_every_point(grade, step):
    answers = right_answers(step)
    assert len(answers) >= 4
    for report in grade([answer.submission for answer in answers]):
        assert report.score == report.max_score == 10, f"{report.submission}\n{outcomes(report)}"


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_mistake_fails_its_own_check_and_no_other(grade, step):
    """So it is under another class of cases: see tests/authoring/test_answers_proof.py."""
    answers = [answer for answer in wrong_answers(step) if not answer.library]
    for answer, report in zip(answers, grade([answer.submission for answer in answers]), strict=True):
        failed = {check.id for check in report.checks if check.outcome is Outcome.FAILED}
        assert failed == set(answer.checks), f"{answer.name}\n{outcomes(report)}"
        assert not report.has_error, f"{answer.name}\n{outcomes(report)}"


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_the_library_function_earns_nothing_for_its_check(grade, step):
    answers = [answer for answer in wrong_answers(step) if answer.library]
    for answer, report in zip(answers, grade([answer.submission for answer in answers]), strict=True):
        failed = {check.id for check in report.checks if check.outcome is Outcome.FAILED}
        assert failed >= set(answer.checks), f"{answer.name}\n{outcomes(report)}"


@pytest.mark.slow
def test_master_notebooks_keep_every_point(grade, the_course):
    for report in grade([read(the_course.master(step), step) for step in STEPS]):
        assert report.score == 10, f"{report.assignment}\n{outcomes(report)}"


def test_every_known_mistake_has_a_wrong_answer():
    names = {answer.name for step in STEPS for answer in wrong_answers(step)}
    assert {name for examples in MISTAKES.values() for name in examples.split()} <= names


@pytest.mark.parametrize("step", STEPS)
def test_every_check_has_a_mistake_that_only_it_finds(step):
    alone = {answer.checks for answer in wrong_answers(step) if not answer.library}
    # A matrix of a wrong shape fails its size too; what two checks before have found right is the adjoint.
    spared = {"shape", "adjoint"}
    needed = {checks[0] for checks in alone if len(checks) == 1}
    assert {check.id for check in load_suite(step).checks} - needed <= spared


@pytest.mark.slow
@pytest.mark.parametrize("error", ["NotImplementedError", "ValueError", "AssertionError"])
def test_functions_that_only_raise_earn_nothing(grade, error):
    stubs = [raising(step, error) for step in STEPS]
    for report in grade(stubs):
        assert report.score == 0, outcomes(report)
        assert {check.outcome for check in report.checks} <= {Outcome.FAILED, Outcome.SKIPPED}
        words = "is not implemented yet" if error == "NotImplementedError" else f"raised {error}"
        told = [check.message for check in report.checks if check.outcome is Outcome.FAILED]
        assert all(words in message or message.startswith("The same error as in “") for message in told), told
        functions = {name for name in load_suite(report.assignment).functions if f"{name} {words}" in "".join(told)}
        assert len(functions) == sum(words in message for message in told) or error == "NotImplementedError", told


RAISES_FOR = """
right = conv2d_backward


def conv2d_backward(input, kernel, grad_output, stride=1, padding=0):
    if {condition}:
        raise ValueError("not yet")
    return right(input, kernel, grad_output, stride, padding)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("condition", "checks"),
    [
        ("True", {"bias", "kernel", "input"}),
        ("stride > 1", {"stride"}),
        ("padding", {"padding"}),
        ("len(input) > 1 or input.shape[1] > 1", {"batch"}),
        ("len(kernel) > 1", {"bias"}),
        ("kernel.shape[2] != kernel.shape[3]", {"rectangles"}),
    ],
)
def test_an_error_for_some_calls_fails_only_the_checks_of_such_calls(grade, condition, checks):
    sources = (*right_answers("gradient")[0].sources, RAISES_FOR.format(condition=condition))
    cells = tuple(Cell(f"cell {n}", source) for n, source in enumerate(sources, 1))
    (report,) = grade([Submission("gradient", "some-calls", cells)])
    assert failed(report) == checks, outcomes(report)
    assert sum("raised ValueError: not yet" in check.message for check in report.checks) == 1, outcomes(report)


def raising(step: str, error: str) -> Submission:
    functions = load_suite(step).functions
    source = "\n".join(f"def {name}(*args, **options):\n    raise {error}" for name in functions)
    return Submission(step, error, (Cell("cell 1", source),))


@pytest.mark.parametrize("step", STEPS)
def test_points_add_up_to_ten(step):
    assert sum(check.points for check in load_suite(step).checks) == 10
