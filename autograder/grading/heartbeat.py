"""How a judge's process shows that it gets further: it counts, and the parent looks. Imports nothing large."""

from typing import Any

from autograder.grading.end_with_parent import end_with

# The counter that a judge's process shares with its parent; none in any other process.
SHARED: list[Any] = []


def begin(parent: int, counter: Any) -> None:
    """In a judge's process, first of all: end with the parent, and count for it."""
    end_with(parent)
    SHARED[:] = [counter]


def beat() -> None:
    """Count: one more step is done."""
    for counter in SHARED:
        counter.value += 1
