"""The name that is None where a function raises: the line that sets it is told, and nothing where there is doubt."""

import pytest

from autograder.explain.none_names import none_name
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.answers import Raised, Wrong

SAID = "unsupported operand type(s) for +: 'NoneType' and 'int'"


def told(source: str, line: int, said: str = SAID) -> str | None:
    submission = Submission("conv2d", "test", (Cell("cell 1", source),))
    return none_name(submission, Raised(f"f raised TypeError: {said} (cell 1, line {line}: …)", ("TypeError",), said))


def test_the_line_that_sets_it_is_told() -> None:
    source = "def f(x):\n    total = None\n    y = x\n    return total + y\n"
    assert told(source, 4) == "In line 4 of cell 1, total is None: line 2 sets it so."


def test_what_a_loop_runs_over_counts() -> None:
    assert told("def f(x):\n    y = None\n    for i in y.rows:\n        x + i\n", 3)
    assert told("def f(x):\n    y = None\n    for i in x.rows:\n        y + i\n", 3) is None


@pytest.mark.parametrize(
    ("source", "line"),
    [
        # It is set twice, or by a loop as well.
        ("def f(x):\n    y = None\n    y = x.sort()\n    return y + 1\n", 4),
        ("def f(x):\n    y = None\n    for y in x:\n        y + 1\n", 4),
        ("def f(x):\n    y = None\n    y += 1\n", 3),
        # It is a parameter, or not a name of this function.
        ("def f(y):\n    y = None\n    return y + 1\n", 3),
        ("y = None\ndef f(x):\n    return y + 1\n", 3),
        ("def f(x):\n    y = None\n    def g():\n        return y + 1\n    return g()\n", 4),
        # There are two of them, or none.
        ("def f(x):\n    y = None\n    z = None\n    return y + z\n", 4),
        ("def f(x):\n    y = None\n    return x + 1\n", 3),
        # It is set later.
        ("def f(x):\n    for i in x:\n        x + 1\n        y = None\n", 2),
        ("def f(:\n", 1),
    ],
)
def test_nothing_is_told_where_it_may_be_otherwise(source: str, line: int) -> None:
    assert told(source, line) is None


def test_only_an_error_about_none_counts() -> None:
    source = "def f(x):\n    y = None\n    return y + x\n"
    assert told(source, 3)
    assert told(source, 3, "index 3 is out of range") is None
    assert none_name(Submission("conv2d", "test", (Cell("cell 1", source),)), Wrong("Expected 4, got 6.")) is None
