"""Classroom 50's result.json (`classroom50/result/v1`).

The runner adds who owns the submission and when it was made, and refuses a result for another classroom. Where a check
has no verdict, the command's exit status makes the runner publish an error in place of this result.
"""

import json
import os
from typing import Any

from autograder.elsewhere import words
from autograder.elsewhere.workflow_commands import notice
from autograder.errors import Problem
from autograder.report.report import CheckResult, Outcome, Report

SCHEMA = "classroom50/result/v1"
# Whole numbers only. Points of a check are whole hundredths, so nothing is lost.
HUNDREDTHS = 100


def result(report: Report) -> str:
    """Return the file on a report, with the fields that the runner's environment names."""
    scale = 1 if all(check.max_score.is_integer() for check in report.checks) else HUNDREDTHS
    tests = [_test(check, scale) for check in report.checks]
    fields = {
        "schema": SCHEMA,
        "classroom": _variable("CLASSROOM"),
        "assignment": _variable("ASSIGNMENT"),
        "submission": _variable("SUBMISSION_TAG"),
        "commit": _variable("COMMIT_URL"),
        "release": _variable("RELEASE_URL"),
        "review": _variable("REVIEW_URL"),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(fields, indent=2, ensure_ascii=True) + "\n"


def no_verdict() -> None:
    """Return nothing: without a result.json, and with an exit status other than 0, the runner publishes an error."""


def log(report: Report) -> list[str]:
    """Return lines for stdout: a log in the learner's own repository, so no flag is in it."""
    return [notice(line) for line in words.for_instructors(report)]


def _test(check: CheckResult, scale: int) -> dict[str, Any]:
    return {
        "test-name": check.title,
        "passed": check.outcome is Outcome.PASSED,
        "score": round(check.score * scale),
        "max-score": round(check.max_score * scale),
        "outcome": str(check.outcome),
        "output": words.of_check(check),
    }


def _variable(name: str) -> str:
    """Return what Classroom 50's runner says about the submission. Raises Problem where it says nothing."""
    value = os.environ.get(name, "")
    if not value:
        raise Problem(name, "is not set", "Classroom 50's runner sets it: call this from its autograder.py.")
    return value
