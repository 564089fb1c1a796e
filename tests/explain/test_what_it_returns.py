"""What a function returns instead: the same simple change of the right result in all wrong calls."""

import pytest
import torch

from autograder.explain.what_it_returns import CHANGES, what_it_returns
from autograder.sandbox.answers import Wrong
from autograder.suite.load import load_suite
from tests.diagnose import returned

SPACE = load_suite("full").checks[-2].spaces[0]
CASES = [case for case in load_suite("full").checks[-2].drawn(2026) if "bias" in case.arguments]


def said(change) -> str | None:
    """Return what is said of a function that changes the right results."""
    wrongs = [
        Wrong("", expected=case.expected, got=change(case.expected, case.arguments), case=case)
        for case in CASES
        if case.arguments["bias"] is not None
    ]
    return what_it_returns(wrongs, [SPACE.reference] * len(wrongs))


@pytest.mark.parametrize(("phrase", "change"), CHANGES)
def test_each_change_is_told_and_means_what_it_says(phrase, change):
    text = said(change)
    assert text is not None and phrase in text
    for case in CASES:
        if case.arguments["bias"] is not None:
            right = case.expected.double()
            told = returned.returned(text, right, case, SPACE.reference)
            assert torch.allclose(told, change(right, case.arguments).double(), 1e-4, 1e-4)


def test_a_number_or_a_fixed_option_is_told():
    assert "2.5 times the right result" in said(lambda right, _: right * 2.5)
    assert "the right result plus -3," in said(lambda right, _: right - 3)
    assert "for stride=2" in said(lambda _, given: SPACE.reference(**{**given, "stride": 2}))
    assert "for padding=2" in said(lambda _, given: SPACE.reference(**{**given, "padding": 2}))


def test_nothing_is_said_of_another_change_or_of_few_calls():
    assert said(lambda right, _: right + torch.arange(right.numel()).reshape(right.shape)) is None
    assert said(lambda right, _: right * right.numel()) is None
    assert what_it_returns([], []) is None
    few = [Wrong("", expected=case.expected, got=-case.expected, case=case) for case in CASES[:1]] * 5
    assert what_it_returns(few, [SPACE.reference] * 5) is None
