"""The call that is shown: called what it is, left out where none is needed, cut to what helps; and a hint or two."""

import json

import pytest
import torch

from autograder.explain.advice import advice
from autograder.report.report import CheckResult, Counterexample, Outcome, Report
from autograder.report.wording import lines_of
from autograder.sandbox.answers import Raised
from autograder.suite.cases import Case

NAME = "matrix_multiplication_for_conv2d"
HEAD = f"def {NAME}(input, kernel, bias=0, stride=1, padding=0):\n"


def first(report: Report) -> CheckResult:
    return next(check for check in report.checks if check.outcome is Outcome.FAILED)


def text(report: Report) -> str:
    return "\n".join(lines_of(first(report)))


def test_only_a_call_that_was_made_smaller_is_called_the_smallest(graded):
    assert "The smallest call that goes wrong:" in text(graded(f"{HEAD}    return input"))
    for body in ("return F.conv2d(input[None, None], kernel[None, None])[0, 0]", "raise NotImplementedError"):
        page = text(graded(f"{HEAD}    {body}"))
        assert "A call that goes wrong:" in page
        assert "smallest" not in page


@pytest.mark.parametrize("source", ["x = 1", f"{HEAD}    return (", f"{HEAD[:-2]}\n    return 1"])
def test_a_missing_function_needs_no_call(graded, source):
    check = first(graded(source))
    assert check.message.startswith("Expected a function named")
    assert check.counterexample is None


def test_what_was_expected_is_short_where_nothing_came():
    example = Counterexample(arguments={}, snippet="f()", expected=[[float(n) for n in range(12)]] * 9)
    check = CheckResult(id="x", title="x", outcome=Outcome.FAILED, score=0, max_score=1, counterexample=example)
    lines = lines_of(check)
    assert lines[-1] == " … rows 0–3, columns 0–5"
    assert len(lines) == 10


def test_products_are_told_in_words_and_the_snippet_is_the_call(graded):
    source = """
def matrix_multiplication_for_conv2d_flatten(input, kernel, bias=0, stride=1, padding=0):
    (h, w), (kh, kw) = input.shape, kernel.shape
    windows = F.pad(input, [padding] * 4).unfold(0, kh, stride).unfold(1, kw, stride).reshape(-1, kh * kw)
    size = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    return torch.stack([row @ kernel.flatten() for row in windows]).reshape(size) + bias
"""
    report = graded(source, assignment="flatten")
    check = next(check for check in report.checks if "matrix product" in check.message)
    assert "Your function made" in check.message
    assert "times)" in check.message
    assert check.counterexample.snippet.startswith("matrix_multiplication_for_conv2d_flatten(")
    assert "class" not in check.counterexample.snippet


def test_an_array_of_numpys_is_told_how_to_become_a_tensor(graded):
    message = first(graded(f"{HEAD}    return input.numpy()")).message
    assert "got a value of type numpy.ndarray. Compute with torch, or turn the result into a tensor" in message


@pytest.mark.parametrize("what", ["input.cuda()", "input.to('cuda')", "torch.zeros(1, device='cuda')"])
def test_where_there_is_no_gpu_it_is_said(graded, what):
    check = first(graded(f"{HEAD}    return {what}"))
    assert check.hint == 'There is no GPU where this is graded. Leave out .cuda() and device="cuda".'


NO_PADDING = """    (h, w), (kh, kw) = input.shape, kernel.shape
    return torch.zeros((h - kh) // stride + 1, (w - kw) // stride + 1)
"""


def test_negative_sizes_are_told_to_be_those_without_padding(graded):
    source = f"{HEAD}    if len(input) >= len(kernel):\n        return right(input, kernel, padding)\n{NO_PADDING}"
    right = """
def right(input, kernel, padding):
    windows = F.pad(input, [padding] * 4).unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return (windows * kernel).sum((2, 3))
"""
    found = [check.hint for check in graded(right, source).checks if "must be non-negative" in check.message]
    assert found
    assert all(hint.startswith("Without its padding, this call would have an output of size (-") for hint in found)


def raised(message: str, size: tuple[int, ...] = (1, 1), **options) -> Raised:
    wrong = Raised("", ["RuntimeError"], message)
    arguments = {"input": torch.ones(size), "kernel": torch.ones(3, 3), **options}
    wrong.case = Case(NAME, arguments, (), torch.ones(3, 3), {})
    return wrong


def test_the_size_must_be_that_of_the_call():
    error = "Trying to create tensor with negative dimension -1: [-1, -1]"
    assert advice(raised(error, padding=2)) == (
        "Without its padding, this call would have an output of size (-1, -1); with it, the size is (3, 3). "
        "Does your function count the padding in?"
    )
    assert advice(raised(error, padding=0)) is None
    assert advice(raised(error, size=(3, 3), padding=2)) is None
    assert advice(raised("another", padding=2)) is None


def test_the_json_says_whether_the_call_is_the_smallest(graded):
    report = json.loads(graded(f"{HEAD}    raise NotImplementedError").to_json())
    assert report["checks"][0]["counterexample"]["smallest"] is False
