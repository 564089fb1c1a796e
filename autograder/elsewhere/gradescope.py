"""Gradescope's results.json: https://gradescope-autograders.readthedocs.io/en/latest/specs/.

Every check is visible: one hidden test would hide the total from the student. How much a check says is decided
before, by `feedback` in course.yml. What is for instructors goes to stdout, which students do not see.
"""

import json
from typing import Any

from autograder.elsewhere import words
from autograder.report.report import CheckResult, Outcome, Report

ZERO = "The 0 points stand here only because Gradescope needs a number."
# Nothing from a submission may be read as HTML, Markdown or a terminal's colours.
PLAIN = {"output_format": "text", "test_output_format": "text", "test_name_format": "text"}
SHOWN = {"visibility": "visible", "stdout_visibility": "hidden"}


def result(report: Report) -> str:
    """Return the file on a report."""
    fields: dict[str, Any] = {"score": report.score, "execution_time": round(report.seconds), **PLAIN, **SHOWN}
    if text := words.of_report(report):
        fields["output"] = text
    fields["tests"] = [_test(number, check) for number, check in enumerate(report.checks, 1)]
    fields["extra_data"] = {"sandbox": report.sandbox, "key": report.seed, "versions": report.versions}
    return _json(fields)


def no_verdict() -> str:
    """Return the file for a submission that was not graded."""
    return _json({"score": 0, "output": f"{words.NO_VERDICT} {ZERO}", **PLAIN, **SHOWN})


def log(report: Report) -> list[str]:
    """Return lines for stdout."""
    return [*words.for_instructors(report), *report.flags]


def _test(number: int, check: CheckResult) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": check.title,
        "name_format": "text",
        "number": str(number),
        "score": check.score,
        "max_score": check.max_score,
        "output": words.of_check(check),
        "output_format": "text",
        "visibility": "visible",
        "tags": [str(check.outcome)],
    }
    # Gradescope knows no third status, and a check without a verdict has not failed.
    if check.outcome is not Outcome.ERROR:
        fields["status"] = "passed" if check.outcome is Outcome.PASSED else "failed"
    return fields


def _json(fields: dict[str, Any]) -> str:
    return json.dumps(fields, indent=2, ensure_ascii=True) + "\n"
