"""Names of mistakes: an answer that only raises the same kind of error gets no name."""

import pytest

from autograder.explain.diagnose import diagnose
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.answers import Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer, right_answers, wrong_answers
from autograder.suite.load import load_suite

KEY = 2026


def named(step: str, *sources: str) -> set[str]:
    """Return the mistakes named for this code, which comes after right answers to all functions of a step."""
    right: dict[str, KnownAnswer] = {}
    for known in right_answers(step):
        right.setdefault(known.function, known)
    cells = [*(source for known in right.values() for source in known.sources), *sources]
    submission = Submission(step, "test", tuple(Cell(f"cell {n}", source) for n, source in enumerate(cells, 1)))
    suite = load_suite(step)
    learner = Learner(InProcess(submission, PRELUDE), KEY, digest=submission.digest)
    return {known.id for known in diagnose(suite, learner, [check.id for check in suite.checks]).values()}


TRANSPOSED = """
def matrix_multiplication_for_conv_transpose2d(input, kernel):
    size = (input.shape[0] + kernel.shape[0] - 1, input.shape[1] + kernel.shape[1] - 1)
    return (get_kernel_matrix(kernel, {size}){T} @ input.reshape(-1, 1)).reshape(size)
"""
SIZE_OF_THE_INPUT = "matrix-for-the-size-of-the-input"


def test_the_forgotten_transpose_is_not_taken_for_a_matrix_of_another_size():
    assert named("transposed", TRANSPOSED.format(size="size", T="")) == set()


def test_the_mistake_itself_is_named_though_all_it_does_is_to_raise():
    assert named("transposed", TRANSPOSED.format(size="input.shape", T=".T")) == {SIZE_OF_THE_INPUT}


@pytest.mark.parametrize(
    ("step", "source"),
    [
        # They raise in the very calls in which a known mistake does.
        (
            "full",
            "def matrix_multiplication_for_conv2d_full(input, kernel, bias=None, stride=1, padding=0):\n"
            "    if bias is None:\n"
            "        raise TypeError('a bias is needed')\n"
            "    return F.conv2d(input, kernel, bias, stride, padding)\n",
        ),
        (
            "transposed",
            "def matrix_multiplication_for_conv_transpose2d(input, kernel):\n"
            "    if kernel.numel() > 1:\n"
            "        raise RuntimeError('not for this kernel')\n"
            "    return input * kernel\n",
        ),
    ],
)
def test_an_error_of_the_same_kind_is_no_evidence(step, source):
    assert named(step, source) == set()


def test_a_name_must_fit_calls_that_are_drawn_anew():
    """A function makes a known mistake only in the cases that the class shares."""
    known = next(known for known in wrong_answers("transposed") if known.name == "kernel_not_turned")
    suite = load_suite("transposed")
    right = next(style for style in right_answers("transposed") if style.function == known.function)
    shared = {id(case) for check in suite.checks for case in check.drawn(KEY)}
    right_one = Learner(InProcess(right.submission, PRELUDE), KEY)

    class Remembering(Learner):
        """Lets a right answer handle the cases that the class does not share."""

        def call(self, case, **options):
            return super().call(case, **options) if id(case) in shared else right_one.call(case, **options)

    wrong_one = InProcess(known.submission, PRELUDE)
    assert diagnose(suite, Remembering(wrong_one, KEY), list(known.checks)) == {}
    assert {one.id for one in diagnose(suite, Learner(wrong_one, KEY), list(known.checks)).values()} == {known.id}


FULL = "def matrix_multiplication_for_conv2d_full(input, kernel, bias=None, stride=1, padding=0):\n"
FINAL = """
def matrix_multiplication_for_conv2d_final(input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
"""


def named_by_check(step: str, source: str) -> dict[str, str]:
    """Return the mistake that is named for each check that this code fails."""
    submission = Submission(step, "test", (Cell("cell 1", source),))
    suite = load_suite(step)
    learner = Learner(InProcess(submission, PRELUDE), KEY, digest=submission.digest)
    failed = []
    for check in suite.checks:
        try:
            check.try_all(learner)
        except Wrong:
            failed.append(check.id)
    return {check: known.id for check, known in diagnose(suite, learner, failed).items()}


def test_each_check_gets_a_name_of_its_own():
    """Three mistakes at once are not in the bank, neither alone nor as a pair."""
    body = (
        "    if padding:\n        raise KeyError('padding')\n"
        "    output = F.conv2d(input, kernel)\n"
        "    return output if bias is None else output + bias[0]\n"
    )
    found = named_by_check("full", FULL + body)
    assert found == {"bias": "first-bias-for-all", "stride": "stride-ignored"}


def test_any_exception_counts_for_any_other_beside_a_wrong_value():
    """Only squares work, and another exception is raised for other kernels than by the known mistake."""
    body = """
    if padding:
        raise IndexError("not yet")
    side = kernel.shape[2]
    size = (input.shape[2] - side) // stride + 1
    output = torch.zeros(len(input), len(kernel), size, size)
    try:
        for i in range(0, size * stride, stride):
            for j in range(0, size * stride, stride):
                window = input[:, :, i : i + side, j : j + side]
                output[:, :, i // stride, j // stride] = torch.einsum("nckl,fckl->nf", window, kernel)
    except RuntimeError as error:
        raise KeyError("shape") from error
    return output
"""
    assert named_by_check("full", FULL + body)["rectangles"] == "squares-only"


def test_in_a_refusal_it_does_not_matter_what_is_returned():
    body = (
        "    if kernel.shape[0] % groups:\n        raise ValueError('groups')\n"
        "    if input.shape[1] % groups or kernel.shape[1] * groups != input.shape[1]:\n        return {returned}\n"
        "    return F.conv2d(input, kernel, None, stride, padding, dilation, groups)\n"
    )
    for returned in ("torch.zeros(1)", "None"):
        code = FINAL + body.format(returned=returned)
        assert named_by_check("dilation_groups", code)["divides"] == "input-channels-not-checked"
    # That is a refusal, too, but not by an exception.
    assert "divides" not in named_by_check("dilation_groups", FINAL + body.format(returned="ValueError('groups')"))
