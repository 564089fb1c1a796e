"""A session keeps first answers, so that nobody asks twice; but not many bytes of them."""

import pytest
import torch

from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.answers import NoAnswer, Raised
from autograder.sandbox.host import Sandbox
from autograder.sandbox.kept_answers import LEAST, MOST_KEPT, KeptAnswers
from autograder.sandbox.requests import Request
from autograder.sandbox.session import Session

pytestmark = pytest.mark.slow

CODE = """
import torch
calls = []
def count(x):
    calls.append(x)
    return len(calls)
def large(x):
    return torch.zeros(100_000)
def fails(x):
    raise KeyError(x)
def missing(x):
    raise NotImplementedError
"""


def request(function: str) -> Request:
    return Request.of(function, {"x": 1})


@pytest.fixture
def session(sandbox: Sandbox):
    with Session(sandbox, Submission("conv2d", "kept", (Cell("cell 1", CODE),))) as opened:
        yield opened


def test_the_first_answer_is_kept(session):
    one = request("count")
    assert [session.ask(one).value, session.ask(one).value] == [1, 2]
    assert session.kept[one].value == 1


def test_what_was_raised_is_kept_but_not_that_there_was_no_answer(session):
    fails, missing = request("fails"), request("missing")
    with pytest.raises(Raised):
        session.ask(fails)
    with pytest.raises(NoAnswer):
        session.ask(missing)
    assert session.kept[fails].kinds[0] == "KeyError"
    assert missing not in session.kept


def test_few_errors_are_kept():
    kept = KeptAnswers()
    for _ in range(2 * MOST_KEPT // LEAST):
        kept.keep(request("fails"), Raised("", ["KeyError"]))
    assert len(kept) == MOST_KEPT // LEAST


def test_little_is_kept(session):
    for _ in range(10):
        assert torch.equal(session.ask(request("large")).value, torch.zeros(100_000))
    kept = sum(answer.value.nbytes for answer in session.kept.values())
    assert 0 < kept <= MOST_KEPT < 10 * 400_000
