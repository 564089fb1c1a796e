"""The smallest call keeps what its numbers mean."""

from dataclasses import replace

import pytest
import torch

from autograder.explain.shrink import SmallDraw, smallest
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.answers import Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE
from autograder.suite.load import load_suite


def test_whole_numbers_stay_when_the_others_are_counted():
    step = next(check for check in load_suite("network").checks if check.id == "step")

    def body(learner: Learner, case):
        raise Wrong("Wrong.", case=case)

    case = step.drawn(2026)[0]
    small = smallest(Learner(None, 2026), replace(step, body=body), Wrong("Wrong.", case=case), 20)
    assert not small.case.arguments["labels"].is_floating_point()
    assert torch.equal(small.case.arguments["images"].flatten()[:3], torch.tensor([1.0, 2, 3]))


def stride_of(kernel: str, stride: str) -> tuple[object, Wrong]:
    """Return the stride in the smallest call that goes wrong in full's check of strides, and the wrong answer."""
    code = (
        "def matrix_multiplication_for_conv2d_full(input, kernel, bias=None, stride=1, padding=0):\n"
        f"    return F.conv2d(input, {kernel}, bias, {stride}, padding)\n"
    )
    submission = Submission("full", "test", (Cell("cell 1", code),))
    learner = Learner(InProcess(submission, PRELUDE), 2026)
    check = next(check for check in load_suite("full").checks if check.id == "stride")
    with pytest.raises(Wrong) as raised:
        check.try_all(learner)
    small = smallest(learner, check, raised.value, 100)
    return small.case.arguments.get("stride"), small


def test_a_call_loses_the_option_that_the_check_is_about_where_it_goes_wrong_without_it():
    stride, small = stride_of("kernel[..., :1, :1]", "stride")
    assert stride == 1 and small.plain == {"stride": 1}
    stride, small = stride_of("kernel", "1")
    assert stride in (2, 3) and small.plain == {}


def test_options_need_not_be_hashable():
    assert SmallDraw(lambda _: 1, {}).choice([[1], [2]]) == [2]
