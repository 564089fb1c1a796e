"""Parameters of which `make test` tries a few, and `make long` the others."""

from collections.abc import Iterable
from typing import Any

import pytest

FEW = ("conv2d", "pooling", "gradient")


def few(values: Iterable[Any], *tried: Any) -> list[Any]:
    """Return the values as parameters of a test, most of them long: all but `tried`, or the steps in FEW."""
    values, chosen = [*values], tried or FEW
    assert any(value in chosen for value in values), "make test would try none of them"
    assert all(value in values for value in tried), "a misspelt one would be tried by make long only"
    return [value if value in chosen else pytest.param(value, marks=pytest.mark.long) for value in values]
