"""Run a test body on random texts, JSON and bytes.

`make test` uses a hundred draws or fewer, `make long` some hundreds, `make fuzz` thousands.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SOME = [100, pytest.param(300, marks=pytest.mark.long), pytest.param(10_000, marks=pytest.mark.fuzz)]
FEWER = [20, pytest.param(60, marks=pytest.mark.long), pytest.param(1_000, marks=pytest.mark.fuzz)]
SECONDS_EACH = 5


def fuzz(examples: int, strategy: st.SearchStrategy, body: Callable[[Any], None]) -> None:
    """Run the body on this many draws; none may take long. Small numbers of draws are the same in every run."""

    def timed(drawn: Any) -> None:
        # A busy machine may be slow once or twice. A hang repeats every time.
        for _ in range(3):
            begun = time.monotonic()
            body(drawn)
            if time.monotonic() - begun < SECONDS_EACH:
                return
        raise AssertionError(f"took more than {SECONDS_EACH} seconds, three times")

    with_settings = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=examples < 1000,
        suppress_health_check=list(HealthCheck),
    )
    with_settings(given(strategy)(timed))()


TEXT = st.text(max_size=20) | st.sampled_from(
    ["\ud800", "\x00", "%%bash", "!ls", "\u202e", "x" * 5000, "def f(:", "1/0"]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=10
)


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """Return the bytes unchanged most of the time; else cut off, changed, extended, repeated or replaced."""
    kind = draw(st.sampled_from(["as it is"] * 6 + ["cut", "flip", "insert", "repeat", "nest", "other"]))
    at = draw(st.integers(0, len(data)))
    if kind == "cut":
        return data[:at]
    if kind == "flip":
        return data[:at] + draw(st.binary(min_size=1, max_size=4)) + data[at + 1 :]
    if kind == "insert":
        return data[:at] + draw(st.binary(max_size=20)) + data[at:]
    if kind == "repeat":
        return data[:at] + data[at : at + 50] * draw(st.integers(2, 200)) + data[at + 50 :]
    if kind == "nest":
        return data[:at] + b"[" * draw(st.integers(1, 5000)) + data[at:]
    return draw(st.binary(max_size=50)) if kind == "other" else data
