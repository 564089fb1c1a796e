"""PrairieLearn's results.json of an external grader: https://docs.prairielearn.com/externalGrading/.

A file that cannot be read is "not gradable" there: the student loses no attempt. The same holds where the grader itself
failed. PrairieLearn takes no file above 1 MB, so pictures go first, then long texts.
"""

import json
from typing import Any

from autograder.elsewhere import words
from autograder.report.report import CheckResult, Look, Report

MOST_BYTES = 1_000_000
CUT = "… (cut)"
UNGRADABLE = "This file cannot be graded."
UNREADABLE = {Look.UNREADABLE, Look.WRONG_STEP}


def result(report: Report) -> str:
    """Return the file on a report, in at most 1 MB."""
    if report.has_error:
        return _json({**_fields(report), "gradable": False, "format_errors": [words.NO_VERDICT]})
    if UNREADABLE.intersection(report.looks):
        reason = next((check.message for check in report.checks if check.message), UNGRADABLE)
        return _json({**_fields(report), "gradable": False, "format_errors": [reason]})
    fields = {**_fields(report), "gradable": True, "score": _share(report)}
    for test in reversed(fields["tests"]):
        if len(_json(fields)) > MOST_BYTES:
            test.pop("images", None)
    most = MOST_BYTES
    while len(_json(fields)) > MOST_BYTES and most > len(CUT):
        most //= 2
        for test in fields["tests"]:
            test["output"] = _cut(test["output"], most)
        fields["output"] = _cut(fields["output"], most)
    return _json(fields)


def no_verdict() -> str:
    """Return the file for a submission that was not graded."""
    return _json({"gradable": False, "format_errors": [words.NO_VERDICT], "message": words.NO_VERDICT})


def log(report: Report) -> list[str]:
    """Return lines for stdout."""
    return [*words.for_instructors(report), *report.flags]


def _fields(report: Report) -> dict[str, Any]:
    tests = [_test(check) for check in report.checks]
    return {"message": words.points(report), "output": words.of_report(report), "images": [], "tests": tests}


def _share(report: Report) -> float:
    return report.score / report.max_score if report.max_score else 0.0


def _test(check: CheckResult) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": check.title,
        "description": str(check.outcome).capitalize(),
        "points": check.score,
        "max_points": check.max_score,
        "message": "",
        "output": words.of_check(check),
    }
    if check.picture:
        png = check.picture.png.replace("\n", "")
        fields["images"] = [{"label": check.picture.alt, "url": f"data:image/png;base64,{png}"}]
    return fields


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(CUT)] + CUT


def _json(fields: dict[str, Any]) -> str:
    return json.dumps(fields, indent=1, ensure_ascii=True) + "\n"
