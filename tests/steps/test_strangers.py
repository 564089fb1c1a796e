"""Wrong answers that are not in the bank: they lose points all the same, and none is given a cause that it has not."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from autograder.authoring import answers_proof
from autograder.report.report import Outcome
from autograder.sandbox.host import Sandbox
from autograder.suite.load import load_suite
from tests.few import few
from tests.strangers.names import IN_ONE_CHECK, IN_THE_BANK

STRANGERS = Path(__file__).parents[1] / "strangers" / "__main__.py"
STEPS = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")
STEPS += ("api", "unfold", "fully_connected", "conv1d", "separable", "network")
STEPS += ("gradient", "large_kernel", "deformable")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """tests/strangers as a module."""
    spec = importlib.util.spec_from_file_location("strangers", STRANGERS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def without_edits(script: ModuleType) -> Iterator[Sandbox]:
    """One sandbox for all steps."""
    with Sandbox.for_course(script.kit()) as started:
        yield started


@pytest.mark.slow
@pytest.mark.parametrize("step", few(STEPS))
def test_every_stranger_loses_points_under_every_seed(script, step):
    checks = load_suite(step).checks
    for seed in (1, 2, 2026):
        for known in script.strangers(step):
            assert any(answers_proof.fails(known, check, seed) for check in checks), (known.name, seed)


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS)
def test_none_is_given_a_cause_that_it_has_not(script, step, without_edits):
    graded = script.graded(step, without_edits)
    text = script.PAGE.read_text(encoding="utf-8")
    for known, report in graded:
        named = {check.misconception for check in report.checks} - {None}
        right = {names[known.name] for names in (IN_THE_BANK, IN_ONE_CHECK) if known.name in names}
        assert named == right, known.name
        assert report.score < report.max_score and not report.has_error
        assert any(check.outcome is Outcome.FAILED for check in report.checks)
    assert sum(known.name not in IN_THE_BANK for known, _ in graded) >= 10
    assert script.table(step, graded) in text, "run `python tests/strangers`"
