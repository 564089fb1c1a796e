"""The answers of a check are compared in one pass, which decides as each comparison by itself would."""

import math
from typing import Any

import pytest
import torch

from autograder.sandbox.answers import Answer, Raised, Wrong
from autograder.sandbox.worker.values import Traits
from autograder.suite import compare
from autograder.suite.at_once import Pass, at_once
from autograder.suite.cases import Case, Space
from autograder.suite.check import Learner, check
from autograder.suite.compare import agree, agree_in_part
from autograder.suite.tolerance import TOLERANCE

FLOAT = (Traits("float32", False),)
SPACE = Space("f", lambda draw: {"x": draw.row["x"]}, lambda x: torch.arange(float(x)), {"x": (1, 2, 3, 4)}, ("x",))


def answer(*numbers: float) -> Answer:
    return Answer(torch.tensor(numbers, dtype=torch.float64), FLOAT)


def case(*numbers: float, scale: float = 1.0) -> Case:
    return Case("f", {}, (), torch.tensor(numbers), {"scale": scale})


def first_wrong(*calls: tuple[Case, Any]) -> Wrong | None:
    """Return what is wrong in a block of these cases, each with what its call returned or raised."""
    try:
        with at_once() as answers:
            for each, got in calls:
                answers.case = each
                if isinstance(got, Exception):
                    raise got
                agree(got, each.expected, scale=each.row["scale"])
    except Wrong as wrong:
        return wrong
    return None


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many numbers each pass compares, as they come. Nothing can be compared by itself."""
    sizes: list[int] = []
    all_close = Pass.all_close

    def counted(answers: Pass) -> bool:
        sizes.append(sum(each.got.numel() for each in answers.waiting))
        return all_close(answers)

    monkeypatch.setattr(Pass, "all_close", counted)
    monkeypatch.setattr(compare, "differing", None)
    return sizes


class Fake:
    """A session whose function returns the right answer, but for an error in the last place of float32."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def ask(self, request: Any) -> Answer:
        self.sizes.append(int(request.header["arguments"]["x"]["number"]))
        return Answer(torch.arange(float(self.sizes[-1])) * (1 + 1e-6), FLOAT)

    def foresee(self, request: Any) -> None:
        """Do nothing: nothing is forbidden."""

    def ahead(self, requests: Any) -> None:
        """Do nothing: there is no worker that could wait."""


def test_a_check_compares_its_first_answer_and_then_all_others_in_one_pass(passes):
    @check(points=1, cases=SPACE)
    def test_counts(learner, case):
        """counts"""
        agree(learner.call(case), case.expected)

    session = Fake()
    test_counts.check.try_all(Learner(session, 7))
    assert passes == [session.sizes[0], sum(session.sizes[1:])] and len(session.sizes) >= 8


def test_the_first_wrong_answer_is_named_with_its_case():
    right, wrong, later = case(1, 2), case(3, 4), case(5, 6)
    found = first_wrong((right, answer(1, 2)), (wrong, answer(3, 7)), (later, answer(9, 9)))
    assert found and found.case is wrong and found.message.startswith("Expected 4 at [1], got 7; 1 of 2")


@pytest.mark.parametrize("later", [Raised("boom", ["ValueError"]), RuntimeError("the grader's own fault")])
def test_an_answer_that_is_wrong_comes_before_a_later_call_that_raises(later):
    wrong = case(3)
    found = first_wrong((wrong, answer(4)), (case(5), later))
    assert found and found.case is wrong and found.message.startswith("Expected 3")


def test_a_call_that_raises_after_right_answers_is_named_with_its_case():
    bad, raised = case(5), Raised("boom", ["ValueError"])
    found = first_wrong((case(3), answer(3)), (bad, raised))
    assert found is raised and found.case is bad
    with pytest.raises(RuntimeError, match="own fault"):
        first_wrong((case(3), answer(3)), (bad, RuntimeError("the grader's own fault")))


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_numbers_that_are_none_are_wrong(number):
    found = first_wrong((case(1), answer(1)), (case(0), answer(number)))
    assert found and found.got.isfinite().logical_not().all()
    assert not first_wrong((case(math.inf), answer(math.inf)), (case(1), answer(1.00001)))


def test_each_answer_keeps_its_own_tolerance():
    wide, narrow = case(0, scale=10), case(0)
    near = answer(9 * TOLERANCE)
    assert not first_wrong((wide, near), (narrow, answer(0.9 * TOLERANCE)))
    found = first_wrong((wide, near), (narrow, near))
    assert found and found.case is narrow


def test_a_part_is_named_with_its_own_window():
    whole = Case("f", {}, (), (torch.zeros(1), torch.ones(1)), {})
    with pytest.raises(Wrong, match="In y: Expected 1") as caught, at_once() as answers:
        answers.case = whole
        agree_in_part(Answer((torch.zeros(1), torch.zeros(1)), FLOAT * 2), whole, ("x", "y"), "y", window=print)
    assert caught.value.case.window is print


def test_what_is_compared_outside_of_a_block_does_not_wait():
    with pytest.raises(Wrong):
        agree(answer(1), torch.tensor([2.0]))
    with pytest.raises(KeyboardInterrupt), at_once():
        agree(answer(1), torch.tensor([2.0]))
        raise KeyboardInterrupt
    with pytest.raises(Wrong):
        agree(answer(1), torch.tensor([2.0]))
