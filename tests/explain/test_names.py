"""Names of mistakes: an answer that only raises the same kind of error gets no name."""

import pytest

from autograder.explain.diagnose import diagnose
from autograder.notebooks.read import Cell, Submission
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
