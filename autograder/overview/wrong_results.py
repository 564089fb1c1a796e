"""Reduce the wrong results in a report to a digest, so that learners with the same ones can be found."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from autograder.report.report import CheckResult, Outcome, Report

# With fewer different numbers, two mistakes may agree by chance: many return zeros, or an argument as it is.
FEWEST_NUMBERS = 4


def wrong_results(report: Report) -> str:
    """Return a digest of the failed calls and what they returned; empty where this would say little.

    That is so where a known mistake is named, which many make; where few numbers were returned, or none, as after an
    exception; and where the course keeps examples out of its reports.
    """
    failed = [check for check in report.checks if check.outcome is Outcome.FAILED]
    if any(check.misconception for check in failed):
        return ""
    numbers = {number for check in failed for number in _wrong_numbers(check)}
    if len(numbers) < FEWEST_NUMBERS:
        return ""
    return hashlib.sha256(json.dumps([_facts(check) for check in failed]).encode()).hexdigest()


def _facts(check: CheckResult) -> list[Any]:
    """Return what failed and how. Messages are left out: they may quote names that a learner chose."""
    example = check.counterexample
    return [check.id, check.law, *((example.snippet, example.got) if example else ())]


def _wrong_numbers(check: CheckResult) -> Iterator[float]:
    """Yield the numbers other than 0 that a call returned and should not have returned."""
    example = check.counterexample
    if example is None:
        return
    expected = set(_flat(example.expected))
    yield from (number for number in _flat(example.got) if number and number not in expected)


def _flat(value: Any) -> Iterator[float]:
    if isinstance(value, list):
        for each in value:
            yield from _flat(each)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value
