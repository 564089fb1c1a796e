"""Every answer can be shown, however many axes it has and however few numbers; one that cannot is its own error."""

import logging
from typing import Any

import pytest
import torch

from autograder.course import Course
from autograder.explain.counterexample import MAX_NUMBERS, plain
from autograder.judge import judge, notebooks
from autograder.notebooks import fill
from autograder.report.report import Counterexample, Outcome
from autograder.report.wording import beside
from autograder.sandbox.host import Sandbox
from tests import courses


@pytest.mark.parametrize("shape", [(2**26, 0), (2**26, 2**26, 0), (0, 2**40), (MAX_NUMBERS + 1, 0), (1,) * 7 + (401,)])
def test_rows_without_numbers_are_not_listed(shape: tuple[int, ...]) -> None:
    # A large axis is no learner's slip, nor is a seventh one, and either could carry numbers.
    sizes = [">9999" if size > 9999 else str(size) for size in shape[:6]] + ["…"] * (len(shape) > 6)
    assert plain(torch.empty(shape)) == f"a tensor of float32 with shape ({', '.join(sizes)}{',' * (len(shape) == 1)})"


@pytest.mark.parametrize("shape", [(0,), (20, 0), (0, 20), (2, 0, 3), (1, 1, 20, 0), (0, 0, 0, 0)])
@pytest.mark.parametrize("expected", [(2, 2), (1, 1, 2, 2), (20, 20)])
def test_an_empty_answer_is_shown(shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    example = Counterexample(arguments={}, expected=plain(torch.ones(expected)), got=plain(torch.empty(shape)))
    assert beside(example)


@pytest.mark.parametrize(
    "got", [[], [[]], [[1, 2], 3], [[1], [2, 3]], [1, [2]], [[[1]], 2], [[], [1]], "words", 3, None]
)
@pytest.mark.parametrize("expected", [5, [[1.0, 2.0], [3.0, 4.0]]])
def test_uneven_lists_are_shown_or_left_out(got: Any, expected: Any) -> None:
    assert beside(Counterexample(arguments={}, expected=expected, got=got))


def test_a_list_is_no_longer_than_a_tensor_may_be() -> None:
    assert plain([torch.ones(300), torch.ones(300)]) == "a list of 2 items"
    assert plain([[0] * 50] * 50) == "a list of 50 items"
    assert plain([[0] * 5] * 5) == [[0] * 5] * 5


@pytest.mark.parametrize("part", ["report", "page"])
def test_what_cannot_be_shown_is_one_submissions_error(
    a_course: Course, sandbox: Sandbox, monkeypatch, caplog, part: str
) -> None:
    paths = [
        courses.hand_in(a_course, name, courses.answered(a_course, answer))
        for name, answer in (("ada", courses.RIGHT), ("ben", courses.NO_STRIDE), ("zoe", courses.RIGHT))
    ]
    wholes = [notebooks.prepare(a_course, "conv2d", path) for path in paths]

    def fails(*arguments: Any) -> None:
        raise IndexError("not for the learner's eyes")

    monkeypatch.setattr(*((judge, "attempt", fails) if part == "report" else (fill, "lines_of", only_failed)))
    with caplog.at_level(logging.CRITICAL):
        graded = notebooks.grade(a_course, wholes, sandbox)
    assert [report.score for report, _ in graded] == [10, 0, 10]
    assert {check.outcome for check in graded[1][0].checks} == {Outcome.ERROR}


def only_failed(result: Any) -> list[str]:
    if result.outcome is Outcome.FAILED:
        raise IndexError("not for the learner's eyes")
    return []
