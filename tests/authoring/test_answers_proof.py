"""The known answers: each wrong one is caught, named as itself, and shown by a small call; no right one is named."""

import contextlib
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from autograder.authoring import answers_proof
from autograder.course import Course
from autograder.explain.diagnose import diagnose
from autograder.judge import judge
from autograder.key import Key
from autograder.report.report import CheckResult, Outcome, Report
from autograder.sandbox.host import Sandbox
from autograder.sandbox.in_process import InProcess
from autograder.sandbox.worker.counting import Counting
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer, right_answers, wrong_answers
from autograder.suite.load import load_suite

CORE = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")
STEPS = (*CORE, "api", "unfold", "conv1d", "separable")
STEPS += ("fully_connected", "gradient", "large_kernel", "deformable")
# To explain each mistake of a step takes seconds. `make test` does so for one step, `make long` for the others.
QUICK = "conv1d"
EXPLAINED = [pytest.param(step, marks=pytest.mark.slow if step == QUICK else pytest.mark.long) for step in STEPS]
# Another class of cases than in tests/steps/test_suites.py.
SEED = 7
LARGEST = 25

Grade = Callable[[str], dict[KnownAnswer, Report]]


@pytest.fixture(scope="module")
def graded(the_course: Course) -> Iterator[Grade]:
    """Return the reports on all known answers of a step, without the line of a slip, which no test here looks at.

    Each step is graded once for all tests.
    """
    limits = the_course.limits.model_copy(update={"edit_calls": 0})

    @cache
    def grade(step: str) -> dict[KnownAnswer, Report]:
        known = [*wrong_answers(step), *right_answers(step)]
        reports = judge.grade(the_course.under(Key(str(SEED))), [each.submission for each in known], sandbox)
        return dict(zip(known, reports, strict=True))

    with Sandbox(limits) as sandbox:
        yield grade


def failures(grade: Grade, step: str) -> Iterator[tuple[KnownAnswer, CheckResult]]:
    """Yield the wrong answers that can be judged by their results, with each check that they fail."""
    for known, report in grade(step).items():
        if known.checks and not known.library:
            yield from ((known, check) for check in report.checks if check.outcome is Outcome.FAILED)


@pytest.mark.parametrize("step", CORE)
def test_there_are_enough_and_no_two_have_the_same_name(step):
    known = [*wrong_answers(step), *right_answers(step)]
    assert len(wrong_answers(step)) >= 15 and len(right_answers(step)) >= 6
    for function in load_suite(step).functions:
        names = [each.id for each in known if each.function == function]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("step", STEPS)
def test_each_mistake_is_told_in_a_sentence_with_a_hint(step):
    checks = {check.id for check in load_suite(step).checks}
    for known in wrong_answers(step):
        # It follows "This looks like: ".
        assert known.description[0].islower() and known.description[-1] == ".", known.name
        assert known.hint[0].isupper() and known.hint[-1] in ".?", known.name
        assert known.checks and set(known.checks) <= checks, known.name


@pytest.mark.slow
def test_an_answer_in_the_wrong_bank_is_named_with_its_seed(monkeypatch):
    """That none is in the wrong one, `verify` proves of every step: see test_notebooks_proof.py."""
    right, wrong = right_answers("conv1d")[0], wrong_answers("conv1d")[0]
    monkeypatch.setattr(answers_proof, "wrong_answers", lambda step: [replace(right, checks=wrong.checks)])
    monkeypatch.setattr(answers_proof, "right_answers", lambda step: [wrong])
    proof = answers_proof.try_seeds("conv1d", [Key("1")], 0)
    assert proof.survived == [(right.id, "1")]
    assert (wrong.id, wrong.checks[0], "1") in proof.refused
    assert not proof.holds


@pytest.mark.parametrize("step", EXPLAINED)
def test_right_ones_are_not_named_even_if_asked_about(step):
    suite = load_suite(step)
    for known in right_answers(step):
        learner = Learner(InProcess(known.submission, PRELUDE), SEED)
        assert diagnose(suite, learner, [check.id for check in suite.checks]) == {}, known.name


@pytest.mark.parametrize("step", EXPLAINED)
def test_a_mistake_fails_its_own_check_and_no_other(graded, step):
    for known, report in graded(step).items():
        failed = {check.id for check in report.checks if check.outcome is Outcome.FAILED}
        assert failed >= set(known.checks) if known.library else failed == set(known.checks), known.name
        assert not report.has_error, known.name


@pytest.mark.parametrize("step", EXPLAINED)
def test_each_mistake_is_named_as_itself_or_as_one_that_is_just_like_it(graded, step):
    alias = {(known.function, known.id): known.alias for known in wrong_answers(step)}
    for known, check in failures(graded, step):
        named = alias.get((known.function, check.misconception))
        if check.id in known.checks or named is not None:
            assert named == known.alias, f"{known.name}: {check.id} is named {check.misconception}"


@pytest.mark.parametrize("step", EXPLAINED)
def test_nothing_is_named_where_nothing_is_wrong(graded, step):
    for known, report in graded(step).items():
        named = [check.misconception for check in report.checks if check.misconception]
        if not known.checks or known.library:
            assert not named, f"{known.name} is named {named}"
        assert bool(known.checks) == (report.score < report.max_score), known.name


@pytest.mark.parametrize("step", EXPLAINED)
def test_the_call_that_shows_a_mistake_is_small(graded, step):
    for known, check in failures(graded, step):
        # A mistake in transforms of 32 numbers shows in no fewer than 33.
        largest = 40 if check.id == "large" else LARGEST
        for name in ("input", "X"):
            shown = torch.tensor(check.counterexample.arguments.get(name, []))
            assert shown.numel() <= largest, f"{known.name}: {check.id} is shown with {tuple(shown.shape)}"


@pytest.mark.parametrize("step", EXPLAINED)
def test_the_call_goes_wrong_where_it_is_pasted_into_the_notebook(graded, step):
    for known, check in failures(graded, step):
        assert goes_wrong(known, check), f"{known.name}: {check.id}\n{check.counterexample}"


def goes_wrong(known: KnownAnswer, check: CheckResult) -> bool:
    """Return whether the snippet returns a wrong result in the namespace of the learner's notebook."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for source in (PRELUDE, *(cell.source for cell in known.submission.cells)):
        exec(source, namespace)
    shown = check.counterexample
    with contextlib.redirect_stdout(io.StringIO()):
        if "matrix product" in check.message or "transforms" in check.message:
            with Counting() as made:
                eval(shown.snippet, namespace)
            products = "matrix product" in check.message
            return not one_product(made.shapes, shown.arguments) if products else made.transforms < 2
        if shown.snippet.endswith("print(" + (changed := shown.snippet.rpartition("print(")[2])):
            exec(shown.snippet, namespace)
            return plain(namespace[changed[:-1]]) != shown.arguments[changed[:-1]]
        try:
            got = eval(shown.snippet, namespace)
        except Exception as error:
            # If an exception is expected, a result is wrong.
            return type(error).__name__ not in str(shown.expected)
    if not isinstance(got, torch.Tensor) or not got.is_floating_point() or got.requires_grad:
        return True
    expected = torch.tensor(shown.expected) if isinstance(shown.expected, list) else torch.zeros(0)
    exact = 0.0 if check.id == "zeros" else 1e-4
    return got.shape != expected.shape or not torch.allclose(got.double(), expected.double(), rtol=exact, atol=exact)


def one_product(shapes: list[list[list[int]]], arguments: dict[str, Any]) -> bool:
    """Return whether these are a single matrix product, of the size that computes all outputs."""
    image, kernel = torch.tensor(arguments["input"]), torch.tensor(arguments["kernel"])
    image, kernel = (each[(None,) * (4 - each.dim())] for each in (image, kernel))
    right = sorted(F.unfold(image, kernel.shape[2:]).squeeze().shape), sorted(kernel.flatten(1).squeeze().shape)
    return len(shapes) == 1 and sorted(sorted(n for n in shape if n > 1) for shape in shapes[0]) == sorted(right)


def plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, torch.Tensor) else value


def test_a_submission_has_one_worker_for_all_its_checks(the_course, sandbox, monkeypatch):
    started = []
    fork = sandbox.fork
    monkeypatch.setattr(sandbox, "fork", lambda *forbids: started.append(1) or fork(*forbids))
    known = right_answers("conv2d")[:3]
    judge.grade(the_course, [each.submission for each in known], sandbox)
    assert len(started) == len(known)
