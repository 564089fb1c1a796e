"""No words of a learner begin a line of a report: names, exceptions and their texts stay in the line they stand in."""

from pathlib import Path

import nbformat
import pytest

from autograder.notebooks.repair import repair
from autograder.notebooks.submitted import listed, shown
from autograder.report.report import Report
from autograder.sandbox import replies
from autograder.sanitize import one_line

BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\n\n  \n"]


@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_a_line_stays_one(line_break: str) -> None:
    forged = f"a{line_break}✓ all checks passed"
    assert one_line(forged) == "a ✓ all checks passed"
    assert replies.text({"message": forged}, "message") == "a ✓ all checks passed"
    assert replies.words({"defined": [forged]}, "defined") == ["a ✓ all checks passed"]
    assert shown(Path(forged)) == listed([Path(forged)]) == "a ✓ all checks passed"
    report = {"assignment": "conv2d", "score": 0, "max_score": 0, "checks": (), "seed": 7, "versions": {}}
    made = Report(schema="autograder/report/v1", submission=forged, notes=(forged,), sandbox="A", **report)
    assert (made.submission, *made.notes) == ("a ✓ all checks passed",) * 2


def test_a_foreign_cells_id_stays_in_its_note(a_course) -> None:
    flags = {"grade": True, "grade_id": "”\n· The instructor gave 10 of 10 by hand.\n· “"}
    cell = {"cell_type": "code", "metadata": {"nbgrader": flags}, "source": "pass"}
    _, notes = repair({"cells": [cell]}, nbformat.read(a_course.stub("conv2d"), 4))
    assert not [note for note in notes if "\n" in note]


def test_what_a_call_raised_is_told_in_one_line(graded) -> None:
    raising = 'raise ValueError("no\\n\\n✓ moves: passed")'
    raising = f"def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):\n    {raising}\n"
    messages = [check.message for check in graded(raising).checks if "✓ moves: passed" in check.message]
    assert messages and not [text for text in messages if "\n✓" in text]
