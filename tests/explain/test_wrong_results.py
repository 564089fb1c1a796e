"""The digest of wrong results: the same for one bug in two spellings, and empty where it would say little."""

import pytest
import torch

from autograder.explain.wrong_results import wrong_results
from autograder.key import Key
from autograder.sandbox.answers import Raised, Wrong
from tests.overview.test_alike import PLANTED, renamed

KEY = Key("1234")


def digest(*numbers: float, key: Key = KEY, check: str = "stride") -> str:
    """Return the digest of a call that should have returned ones."""
    got = torch.tensor(numbers)
    return wrong_results({check: Wrong("", got=got, expected=torch.ones(len(numbers)), case=object())}, key)


def test_the_same_wrong_results_have_the_same_digest():
    assert digest(2, 3, 4) == digest(2, 3, 4 + 1e-6) == digest(2.0, 3.0, 4.0) != ""
    different = {digest(2, 3, 4), digest(2, 3, 5), digest(2, 4, 3), digest(2, 3, 4, 1), digest(2, 3, 4, check="bias")}
    assert len(different) == 5 and "" not in different


def test_it_depends_on_the_key():
    assert digest(2, 3, 4) != digest(2, 3, 4, key=Key("another"))


def test_results_that_say_little_have_none():
    assert digest(0, 0, 0) == "", "many return zeros"
    assert digest(2, 2, 2) == "", "one number thrice"
    assert digest(1, 1, 1, 2, 3) == "", "right numbers say nothing"
    assert wrong_results({"stride": Raised("", ("ValueError",))}, KEY) == ""
    assert wrong_results({}, KEY) == ""


@pytest.mark.parametrize(
    "got",
    [None, "text", True, 7, float("nan"), torch.tensor([float("nan"), float("inf")]), torch.ones(0),
     torch.arange(400_000), torch.tensor(1 + 2j), (torch.ones(2), "text", [1]), [torch.ones(2)], torch.tensor([True])],
    ids=lambda got: str(got)[:20],
)  # fmt: skip
def test_whatever_was_returned_does_no_harm(got):
    assert wrong_results({"stride": Wrong("", got=got, expected=torch.ones(2), case=object())}, KEY) == ""


@pytest.mark.long
def test_one_bug_in_two_spellings_has_one_digest_and_a_known_mistake_has_none(graded):
    bug = PLANTED.replace("+ bias", "+ bias * 2 + stride")
    first, second = graded(bug), graded(renamed(bug))
    assert first.checks[0].outcome == "failed" and not any(check.misconception for check in first.checks)
    assert first.wrong_results == second.wrong_results != ""
    other = graded(PLANTED.replace("+ bias", "+ bias * 2 - stride"))
    assert other.wrong_results not in ("", first.wrong_results)
    known = graded(PLANTED.replace("* kernel).sum", "* kernel.flip(0, 1)).sum"))
    assert known.checks[0].misconception == "kernel-flipped" and known.wrong_results == ""
    assert graded(PLANTED).wrong_results == ""
