"""One check's result in words, a line each: the same at the terminal and on the feedback page."""

from typing import Any

from autograder.report import CheckResult


def lines_of(result: CheckResult) -> list[str]:
    """What is said about a check beneath its title: the message, the smallest call that goes wrong, the hint."""
    lines = [result.message] if result.message else []
    example = result.counterexample
    if example is not None and example.snippet:
        lines += ["The smallest call that goes wrong:", example.snippet]
        lines += [f"expected {_rows(example.expected)}"] if example.expected is not None else []
        lines += [f"got      {_rows(example.got)}"] if example.got is not None else []
    return [*lines, f"Hint: {result.hint}"] if result.hint else lines


def _rows(value: Any) -> str:
    """Nested lists as text, one row of numbers a line."""
    return str(value).replace("], [", "],\n          [")
