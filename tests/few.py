"""Parameters of which `make test` tries a few, and `make long` the others."""

from collections.abc import Iterable
from typing import Any

import pytest

FEW = ("conv2d", "pooling", "gradient")


def few(values: Iterable[Any], *tried: Any) -> list[Any]:
    """Return the values as parameters of a test, most of them long: all but `tried`, or the steps in FEW."""
    chosen = tried or FEW
    return [value if value in chosen else pytest.param(value, marks=pytest.mark.long) for value in values]
