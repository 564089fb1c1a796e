"""Laws stay silent where nothing can be measured, and their calls stay within the budget."""

from typing import Any

import pytest

from autograder.explain.explain import LAW_CALLS, explain
from autograder.explain.laws import broken_law
from autograder.sandbox.answers import Answer, NoAnswer
from autograder.suite.load import load_suite
from tests.explain.test_laws import CONV, CONV2D, Counting, first_wrong, learner_of


def test_nothing_is_said_of_what_gives_no_tensor():
    for body in (
        "return None",
        "raise ValueError('no')",
        "return [1.0]",
        "return torch.zeros(2, 2, dtype=torch.int64)",
    ):
        learner = learner_of(f"def {CONV}(input, kernel, bias=0, stride=1, padding=0):\n    {body}")
        assert broken_law(learner, first_wrong("conv2d", "slides", learner), LAW_CALLS) is None


def test_where_one_stops_there_is_no_law(monkeypatch):
    def stops(learner: Counting, request: Any) -> Answer:
        calls.append(request)
        raise NoAnswer("It was stopped.")

    calls: list[Any] = []
    learner = learner_of(CONV2D.replace("return output", "return output + 1"))
    wrong = first_wrong("conv2d", "slides", learner)
    monkeypatch.setattr(Counting, "ask", stops)
    assert broken_law(learner, wrong, LAW_CALLS) is None
    assert len(calls) == 1


def test_a_right_submission_pays_nothing():
    learner = learner_of(CONV2D)
    assert explain(load_suite("conv2d"), learner, {}, 200) == {}
    assert learner.session.calls == 0


@pytest.mark.parametrize("calls", [1, 3, 20, 60])
def test_shrinking_laws_conditions_and_traces_stay_within_the_budget(calls, monkeypatch):
    monkeypatch.setattr("autograder.explain.explain.diagnose", lambda *_: {})
    learner = learner_of(CONV2D.replace("j * stride : j * stride + kw", "j : j + kw"))
    wrong = first_wrong("conv2d", "stride", learner)
    learner.session.calls = 0
    explained = explain(load_suite("conv2d"), learner, {"stride": wrong}, calls)["stride"]
    # Twice as many more may tell when it goes wrong, and as many where it reads.
    assert learner.session.calls <= 4 * calls
    assert explained.law is None or calls >= 20
    assert explained.law is not None or calls < 60
