"""How numbers and tensors are put into words."""

from typing import Any

import pytest

from autograder.explain import counterexample
from autograder.report.wording import beside, number
from tests.pictures import cases, wrong_at


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (-0.25, "-0.25"), (0.0, "0"), (1e-9, "1e-09"), (2.5e7, "2.5e+07"), ("nan", "nan")]
)
def test_numbers_are_short(value: Any, text: str):
    assert number(value) == text


def test_expected_beside_got():
    example = counterexample.counterexample(wrong_at(cases("conv2d", "slides")[0], (0, 0)))
    example = example.model_copy(update={"expected": [[14.0, 2.0], [3.0, 4.0]], "got": [[16.0, 2.0], [3.0, 4.0]]})
    assert beside(example) == ["expected    got    (* differs)", " 14   2      16*  2", "  3   4       3   4"]
    shapes = example.model_copy(update={"got": [[16.0]], "position": None})
    assert beside(shapes) == ["expected    got", " 14   2      16", "  3   4"]


def test_a_result_without_numbers_is_told_without_a_shape_that_its_lists_do_not_have():
    """A list of the shape (0, 3) is empty, as one of (0, 0) is; the message has the shape."""
    example = counterexample.counterexample(wrong_at(cases("conv2d", "slides")[0], (0, 0)))
    empty = example.model_copy(update={"expected": [[1.0]], "got": [], "position": None})
    assert [line.split() for line in beside(empty)] == [["expected", "got"], ["1", "no", "numbers"]]
