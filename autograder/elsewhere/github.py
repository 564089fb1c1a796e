"""GitHub Actions: a job summary in Markdown, and annotations.

Text that may quote a submission stands in fences that it cannot close, and on a line of the log only as the text of a
workflow command: otherwise it could add HTML to the page, or commands to the run.
"""

import re

from autograder.elsewhere import words
from autograder.elsewhere.workflow_commands import error, notice, warning
from autograder.notebooks.fill import MARKS
from autograder.report.report import CheckResult, Outcome, Report

# GitHub shows no summary of a step above 1 MiB, and ten annotations of a kind.
MOST_BYTES = 1 << 20
MOST_ANNOTATIONS = 10
LEFT_OUT = "\nWhat these checks say is left out here, because a summary has room for 1 MiB: {titles}.\n"
SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@-])")
BACKTICKS = re.compile(r"`+")


def summary(report: Report, room: int = MOST_BYTES) -> str:
    """Return the job summary, in at most `room` bytes of UTF-8: a table of all checks, then what each one says."""
    rows = "".join(map(_row, report.checks))
    notes = words.of_report(report)
    head = (
        f"### {_escaped(report.assignment)}: {words.points(report)}\n\n"
        f"| | check | | points | of |\n|---|---|---|---|---|\n{rows}\n"
        + (f"{_fenced(notes)}\n" if notes else "")
        + f"{' '.join(words.for_instructors(report)[1:])}\n"
    )
    parts = {check.title: _part(check) for check in report.checks if check.outcome is not Outcome.PASSED}
    left = room - len(head.encode()) - len(LEFT_OUT.format(titles=", ".join(map(_escaped, parts))).encode())
    missing = []
    for title, part in parts.items():
        left -= len(part.encode())
        if left < 0:
            left += len(part.encode())
            missing.append(_escaped(title))
        else:
            head += part
    return head + (LEFT_OUT.format(titles=", ".join(missing)) if missing else "")


def result(report: Report) -> str:
    """Return the job summary on a report."""
    return summary(report)


def no_verdict() -> str:
    """Return the job summary for a submission that was not graded."""
    return f"### No verdict\n\n{words.NO_VERDICT}\n"


def log(report: Report) -> list[str]:
    """Return lines for stdout: one annotation for each check that did not pass, errors first."""
    errors = [error(words.of_check(check), check.title) for check in report.checks if check.outcome is Outcome.ERROR]
    failed = [warning(words.of_check(check), check.title) for check in report.checks if check.outcome is Outcome.FAILED]
    notices = [notice(line) for line in (*words.for_instructors(report), *report.flags)]
    return [*errors[:MOST_ANNOTATIONS], *failed[:MOST_ANNOTATIONS], *notices]


def _row(check: CheckResult) -> str:
    columns = (MARKS[check.outcome], _escaped(check.title), check.outcome, f"{check.score:g}", f"{check.max_score:g}")
    return f"| {' | '.join(columns)} |\n"


def _part(check: CheckResult) -> str:
    return f"\n#### {MARKS[check.outcome]} {_escaped(check.title)}\n\n{_fenced(words.of_check(check))}"


def _fenced(text: str) -> str:
    fence = "`" * max(3, *(len(run) + 1 for run in BACKTICKS.findall(text)), 3)
    return f"{fence}text\n{text}\n{fence}\n"


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)
