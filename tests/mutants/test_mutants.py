"""Reports on right answers with a small change say nothing false."""

import ast

import pytest

from autograder.sandbox.in_process import InProcess
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE, wrong_answers
from autograder.suite.load import load_suite
from tests.mutants import names
from tests.mutants.__main__ import GRADED, NAMES, RIGHT, WRONG, Tally, examine, known
from tests.mutants.mutate import STEPS, mutants

SOME, EVERY = 20, 24


def test_the_same_seed_makes_the_same_mutants_and_no_two_are_alike():
    made = list(mutants(30, 5))
    assert [mutant.submission for mutant in made] == [mutant.submission for mutant in mutants(30, 5)]
    assert len({mutant.submission.digest for mutant in made}) == 30
    assert {mutant.origin.step for mutant in made} == set(STEPS)
    assert all(mutant.changes for mutant in made)
    for mutant in made:
        for cell in mutant.submission.cells:
            ast.parse(cell.source)


@pytest.mark.long
def test_nothing_false_is_said_of_some(the_course, sandbox):
    tally = Tally()
    examine(the_course, [mutant.submission for mutant in mutants(SOME, 2026)], sandbox, tally)
    assert tally.false == []
    assert tally.counts[RIGHT] + tally.counts[WRONG] == tally.counts[GRADED] == SOME


@pytest.mark.long
def test_nothing_false_is_said_of_known_ones_and_of_strangers(the_course, sandbox):
    """Test some answers of each step. `make mutants ARGS=--known` tests all."""
    tally = Tally()
    some = [submission for step in STEPS for submission in list(known((step,)))[::EVERY]]
    examine(the_course, some, sandbox, tally)
    assert tally.false == []
    assert tally.counts[NAMES] >= sum(len(wrong_answers(step)) for step in STEPS) / EVERY / 2


def test_a_false_name_would_be_found():
    """The same test finds a name that the answers contradict."""
    suite = load_suite("transposed")
    one, other = (
        next(known for known in wrong_answers("transposed") if known.name == name)
        for name in ("kernel_not_turned", "kernel_mirrored_only")
    )
    learner = Learner(InProcess(one.submission, PRELUDE), 2026)
    assert names.doubts(suite, learner, {"padding": one.id}) == []
    assert len(names.doubts(suite, learner, {"padding": other.id})) == 1
    assert len(names.doubts(suite, learner, {"padding": "made-up"})) == 1
