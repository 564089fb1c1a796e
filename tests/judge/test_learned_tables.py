"""A table of learned answers, which knows every case that a whole class shares, does not win a check."""

import json

import pytest
import torch

from autograder.suite.cases import Case
from autograder.suite.load import load_suite

TABLE = """
import json

import torch

LEARNED = json.loads({learned!r})


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    plain = [value.tolist() if isinstance(value, torch.Tensor) else value for value in (input, kernel, bias)]
    answer = LEARNED.get(json.dumps([*plain, stride, padding]), [[0.0]])
    return torch.tensor(answer)
"""


def as_text(case: Case) -> str:
    """The call as the table looks it up."""
    given = {"bias": 0, "stride": 1, "padding": 0, **case.arguments}
    names = ("input", "kernel", "bias", "stride", "padding")
    return json.dumps(
        [given[name].tolist() if isinstance(given[name], torch.Tensor) else given[name] for name in names]
    )


@pytest.fixture(scope="module")
def table(the_course) -> str:
    """A submission that looks up what it returns: all that it could have learned, from however many pages."""
    cases = [case for check in load_suite("conv2d").checks for case in check.drawn(the_course.key)]
    assert len(cases) > 60
    return TABLE.format(learned=json.dumps({as_text(case): case.expected.tolist() for case in cases}))


def test_a_table_of_all_that_a_class_shares_wins_no_check(graded, table):
    report = graded(table)
    assert report.score == 0 and not report.has_error
    assert report.checks[0].counterexample.snippet
