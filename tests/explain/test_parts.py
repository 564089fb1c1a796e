"""Each part of an explanation fails alone: the other parts are still shown, and no verdict depends on one."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import torch

from autograder.explain import explain as explaining
from autograder.explain import smallest_call
from autograder.explain.laws import LAWS
from autograder.explain.probe import Probe, Silent
from autograder.judge import judge
from autograder.notebooks.read import Cell
from autograder.report.report import CheckResult, Outcome
from autograder.sandbox.answers import NoAnswer, Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE, right_answers, wrong_answers
from autograder.suite.load import load_suite
from tests.explain.test_laws import KEY, MORE_STEPS, STEPS

KNOWN = next(each for each in wrong_answers("conv2d") if each.name == "padding_at_the_end_only")
PARTS = {
    (smallest_call, "smallest_call"): "small",
    (explaining, "diagnose"): "mistake",
    (explaining, "broken_law"): "law",
    (explaining, "trace"): "trace",
    (judge, "counterexample"): "example",
    (judge, "draw"): "picture",
}


def padding(the_course, sandbox) -> CheckResult:
    (report,) = judge.grade(the_course, [KNOWN.submission], sandbox, pictures=True)
    return next(check for check in report.checks if check.id == "padding")


@pytest.fixture(scope="module")
def complete(the_course, sandbox) -> CheckResult:
    return padding(the_course, sandbox)


@pytest.mark.parametrize("problem", [RuntimeError("broken"), NoAnswer("stopped")], ids=["raises", "stops"])
@pytest.mark.parametrize("broken", PARTS, ids=PARTS.get)
def test_each_part_fails_alone(broken, problem, complete, the_course, sandbox, monkeypatch):
    def fail(*_: Any) -> None:
        raise problem

    monkeypatch.setattr(*broken, fail)
    check = padding(the_course, sandbox)
    assert check.outcome is Outcome.FAILED
    shown = {
        "small": check.counterexample and check.counterexample.snippet == complete.counterexample.snippet,
        "mistake": check.misconception == complete.misconception == KNOWN.id,
        "law": bool(check.law) and bool(complete.law),
        "trace": bool(check.trace) and bool(complete.trace),
        "example": bool(check.counterexample),
        "picture": bool(check.picture),
    }
    # Of an example, the small call and the picture are made.
    missing = {"example": {"small", "picture"}}.get(PARTS[broken], set()) | {PARTS[broken]}
    assert {part for part, there in shown.items() if not there} == missing


def test_what_tells_when_it_fails_fails_alone(the_course, sandbox, monkeypatch):
    """An answer without a name, so that a condition is looked for."""
    own = "matrix_multiplication_for_conv2d = lambda *a, **k: _right(*a, **{**k, 'stride': min(2, k.get('stride', 1))})"
    right = next(each for each in right_answers("conv2d")).submission
    odd = replace(right, cells=(*right.cells, Cell("odd", f"_right = matrix_multiplication_for_conv2d\n{own}")))

    def stride() -> CheckResult:
        return next(check for check in judge.grade(the_course, [odd], sandbox)[0].checks if check.id == "stride")

    complete = stride()
    assert "the stride is above 2" in complete.condition and not complete.misconception
    assert stride() == complete
    monkeypatch.setattr(explaining, "when_it_fails", lambda *_: 1 / 0)
    assert stride() == complete.model_copy(update={"condition": None})


ODD = {
    "no rows": "r[..., :0, :]",
    "no columns": "r[..., :0]",
    "no first axis": "r[:0]",
    "no second axis": "r[:, :0]",
    "one of the first axis": "r[:1]",
    "one of the second axis": "r[:, :1]",
    "twice": "torch.cat([r, r], -1)",
    "turned": "r.transpose(-1, -2)",
    "sometimes turned": "r.transpose(-1, -2) if r.numel() % 2 else r",
}


@pytest.mark.parametrize("odd", ODD)
def test_no_law_trips_over_an_odd_shape(odd):
    for step in (*STEPS, *MORE_STEPS, "deformable", "large_kernel"):
        for known in {known.function: known for known in right_answers(step) if LAWS.get(known.function)}.values():
            body = f"    r = _right(*a, **k)\n    return {ODD[odd]}"
            odd_one = f"_right = {known.function}\ndef {known.function}(*a, **k):\n{body}"
            cells = (*known.submission.cells, Cell("odd", odd_one))
            learner = Learner(InProcess(replace(known.submission, cells=cells), PRELUDE), KEY)
            cases = [case for check in load_suite(step).checks for case in check.drawn(KEY)]
            cases = [
                case for case in cases if case.function == known.function and isinstance(case.expected, torch.Tensor)
            ]
            for case in cases[:: max(1, len(cases) // 6)]:
                wrong = Wrong("", expected=case.expected, got=case.expected + 1, case=case)
                for law in LAWS[known.function]:
                    with suppress(Silent):
                        law(Probe(learner, wrong, 50))
