"""Answers to calls that were made together are compared in one pass, which marks those that are near the right ones."""

import math
from typing import Any

import pytest
import torch

from autograder.notebooks.read import Cell, Submission
from autograder.sandbox import outcomes
from autograder.sandbox.answers import Answer, NoAnswer, Raised, Wrong
from autograder.sandbox.host import Sandbox
from autograder.sandbox.outcomes import Outcome, mark_near
from autograder.sandbox.requests import Request
from autograder.sandbox.session import Session
from autograder.sandbox.worker.values import Traits
from autograder.suite import compare
from autograder.suite.cases import Case
from autograder.tolerance import TOLERANCE

FLOAT = Traits("float32", False)


def outcome(expected: Any, got: Any, *traits: Traits) -> Outcome:
    request = Request.of("f", {}, expected=expected)
    return Outcome(request, got if isinstance(got, Raised | NoAnswer) else Answer(got, traits or (FLOAT,)))


def marked(*each: Outcome) -> list[bool]:
    """Return, for each outcome, whether the pass has marked it."""
    mark_near(each)
    near = [one.result.near if isinstance(one.result, Answer) else None for one in each]
    assert all(value is None or value is one.request.expected for value, one in zip(near, each, strict=True))
    return [value is not None for value in near]


def numbers(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def test_each_is_marked_by_its_own_numbers():
    right = numbers(1, 300)
    near, far = right + numbers(TOLERANCE, -300 * TOLERANCE), right + numbers(0, -302 * TOLERANCE)
    assert marked(outcome(right, near), outcome(right, far), outcome(right, near)) == [True, False, True]
    assert marked(outcome(right, near), outcome(numbers(1), numbers(1))) == [True, True]
    assert marked() == [] and marked(outcome(right, far)) == [False]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_near(value):
    assert marked(outcome(numbers(value), numbers(value)), outcome(numbers(1), numbers(value))) == [False, False]


@pytest.mark.parametrize(
    "got",
    [
        numbers(1),
        numbers(1, 2, 3),
        torch.tensor([1, 2]),
        numbers(1, 2).half(),
        numbers(1, 2).to(torch.float8_e5m2),
        None,
        1.0,
        [1.0, 2.0],
        (numbers(1, 2),) * 2,
        [],
        (),
    ],
)
def test_what_is_not_alike_is_not_compared(got):
    right = numbers(1, 2)
    assert marked(outcome(right, numbers(1, 2)), outcome(right, got)) == [True, False]


def test_what_is_wrong_and_what_has_no_right_answer_are_left():
    wrong = [outcome(numbers(1), Raised("boom", ["ValueError"])), outcome(numbers(1), NoAnswer("gone"))]
    assert marked(*wrong, outcome(None, numbers(1)), outcome(7, 7), outcome((), [])) == [False] * 5


def test_a_tuple_is_near_if_all_its_parts_are():
    right = (numbers(1), numbers(2, 3))
    near, far = (numbers(1), numbers(2, 3.0001)), (numbers(1), numbers(2, 3.1))
    assert marked(outcome(right, near), outcome(right, far), outcome(right, [*near])) == [True, False, True]


def test_only_a_mark_for_the_same_answer_spares_the_comparison():
    right, other = numbers(1), numbers(1)
    far = Answer(numbers(9), (FLOAT,), near=right)
    compare.agree(far, right)
    for call in (lambda: compare.agree(far, other), lambda: compare.agree(far, right, scale=0.5)):
        with pytest.raises(Wrong):
            call()
    with pytest.raises(Wrong, match="detach"):
        compare.agree(Answer(numbers(1), (Traits("float32", True),), near=right), right)
    parts = (right, other)
    case = Case("f", {}, (), parts, {})
    compare.agree_in_part(Answer((far.value, far.value), (FLOAT,) * 2, near=parts), case, ("x", "y"), "y")
    with pytest.raises(Wrong):
        compare.agree_in_part(Answer((far.value, far.value), (FLOAT,) * 2, near=right), case, ("x", "y"), "x")


SOURCE = """
def double(input, calls=[]):
    calls.append(1)
    if len(calls) == {at}:
        {what}
    return 2 * input + 1e-6
"""
INPUTS = [torch.arange(float(size)) for size in (1, 2, 3, 4)]


def session_of(sandbox: Sandbox, what: str = "pass", at: int | str = 3) -> Session:
    source = "import os\n" + SOURCE.format(what=what, at=at)
    return Session(sandbox, Submission("x", "x", (Cell("cell 1", source),)), "import torch")


def requests(**extras: Any) -> list[Request]:
    return [Request.of("double", {"input": each}, expected=2 * each, **extras) for each in INPUTS]


@pytest.mark.slow
@pytest.mark.parametrize("extras", [{}, {"after": True}])
def test_a_session_compares_what_it_calls_ahead_in_one_pass(sandbox, monkeypatch, extras):
    passes: list[int] = []
    cat = torch.cat
    monkeypatch.setattr(outcomes.torch, "cat", lambda parts: passes.append(len(parts)) or cat(parts))
    first, *others = requests(**extras)
    with session_of(sandbox) as session:
        assert session.ask(first).near is None
        session.ahead(others)
        answers = [session.ask(each) for each in others]
    assert [answer.near is each.expected for answer, each in zip(answers, others, strict=True)] == [True] * 3
    assert passes == [3, 3]


@pytest.mark.slow
@pytest.mark.parametrize(("what", "said"), [("raise ValueError('three')", "three"), ("os._exit(3)", "exit status 3")])
def test_what_goes_wrong_ahead_belongs_to_its_own_call(sandbox, what, said):
    first, second, third, fourth = requests()
    with session_of(sandbox, what) as session:
        session.ask(first)
        session.ahead([second, third, fourth])
        assert session.ask(second).near is second.expected
        with pytest.raises(Wrong, match=said):
            session.ask(third)
        assert torch.allclose(session.ask(fourth).value, fourth.expected, atol=1e-4)


@pytest.mark.slow
def test_what_was_called_ahead_and_is_not_asked_for_is_forgotten(sandbox):
    first, second, third, fourth = requests()
    with session_of(sandbox, "input = input + 50", at="2 or len(calls) == 6") as session:
        session.ask(first)
        session.ahead([second, third])
        assert session.ask(fourth).value.shape == (4,)
        assert torch.allclose(session.ask(second).value, second.expected, atol=1e-4), "it is called again"
        session.ahead([third, fourth])
        session.renew()
        assert session.ask(third).value[0] < 1, "the fresh worker counts anew"
        assert session.kept.keys() == {first, second, third, fourth}
