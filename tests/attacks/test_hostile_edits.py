"""Submissions whose edited code attacks, or that behave otherwise once they are edited: nothing false is said."""

import dataclasses

import pytest

from autograder.course import Course
from autograder.judge import judge
from autograder.notebooks.read import Cell, Submission
from autograder.report.report import Outcome, Report
from autograder.sandbox.host import Sandbox
from tests import courses
from tests.few import few

NAME = "matrix_multiplication_for_conv2d"
BEGIN = f"""\
import os, threading
import torch.nn.functional as F
CALLS = []

def {NAME}(input, kernel, bias=0, stride=1, padding=0):
"""
REST = """\
    input = F.pad(input, [padding] * 4)
    (h, w), (kh, kw) = input.shape, kernel.shape
    oh, ow = (h - kh) // stride + 1, (w - kw) // stride + 1
    out = torch.zeros(oh, ow)
    for i in range(oh):
        for j in range(ow):
            region = input[i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[i, j] = (region * kernel).sum() + bias
    return out
"""
WRONG = REST.replace("j * stride + kw", "j * stride + kh")
# Each is added to a function with one slip, which is still found.
IN_EDITS = {
    "allocates": "    torch.zeros(10**11 * 0)\n",
    "forks": "    if False:\n        os.fork()\n",
    "starts a thread": "    if False:\n        threading.Thread(target=print).start()\n",
    "prints": "    if False:\n        print('x' * 10**8)\n",
    "ends the worker": "    if False:\n        os._exit(0)\n",
    "kills": "    if False:\n        os.kill(os.getppid(), 9)\n",
}
# They behave otherwise where the search looks. Only the line that does so may be named.
PRETENDERS = {
    "knows its line": f"    if {NAME}.__code__.co_firstlineno == 5:\n        return input\n" + REST,
    "counts the calls": "    CALLS.append(1)\n    if len(CALLS) < 300:\n        return input\n" + REST,
    "knows its own code": (
        f"    if sum({NAME}.__code__.co_code) == TOTAL:\n        return input\n"
        + REST
        + f"\nTOTAL = sum({NAME}.__code__.co_code)\n"
    ),
    "loops for ever when edited": (
        f"    if {NAME}.__code__.co_firstlineno == 5:\n        return input\n    while True:\n        pass\n"
    ),
}
# No edit changes a decorator. To the search, it makes any code right; where the code was handed in, it makes it wrong.
DECORATED = BEGIN.replace(
    "def ", "wrap = [lambda f: f if f.__code__.co_firstlineno == 1 else lambda *a, **k: a[0]][0]\n\n@wrap\ndef "
) + REST.replace("    return out", "    none = 0.0\n    return out + none")


def graded(the_course: Course, sandbox: Sandbox, source: str) -> Report:
    """Grade a submission between two right ones, which keep their points. Return its report."""
    right = Submission("conv2d", "right", (Cell("cell 1", courses.RIGHT),))
    attack = Submission("conv2d", "attack", (Cell("cell 1", source),))
    reports = judge.grade(the_course, [right, attack, dataclasses.replace(right, name="other")], sandbox)
    assert [report.score for report in reports[::2]] == [10, 10]
    assert not any(report.has_error for report in reports)
    return reports[1]


def lines(report: Report) -> set[str]:
    return {check.slip.code for check in report.checks if check.slip}


@pytest.mark.parametrize("attack", few(IN_EDITS, "forks", "kills"))
def test_what_an_edit_sets_free_is_locked_in(the_course: Course, sandbox: Sandbox, attack: str) -> None:
    report = graded(the_course, sandbox, BEGIN + IN_EDITS[attack] + WRONG)
    assert report.score == 8
    assert lines(report) == {"region = input[i * stride : i * stride + kh, j * stride : j * stride + kh]"}


@pytest.mark.parametrize("pretender", few(PRETENDERS, "knows its line", "counts the calls"))
def test_who_is_right_only_in_the_search_is_told_no_other_line(
    the_course: Course, sandbox: Sandbox, pretender: str
) -> None:
    report = graded(the_course, sandbox, BEGIN + PRETENDERS[pretender])
    assert any(check.outcome is Outcome.FAILED for check in report.checks)
    assert all(line.startswith("if ") for line in lines(report))


def test_an_edit_is_proved_in_the_place_of_the_code_that_was_handed_in(the_course: Course, sandbox: Sandbox) -> None:
    report = graded(the_course, sandbox, DECORATED)
    assert any(check.outcome is Outcome.FAILED for check in report.checks)
    assert lines(report) == set()


def test_an_edit_that_never_ends_is_tried_last(the_course: Course, sandbox: Sandbox) -> None:
    loop = REST.replace("    for i in range(oh):\n", "    i = 0\n    while i < oh:\n").replace(
        "    return out", "        i += 1\n    return out"
    )
    report = graded(the_course, sandbox, BEGIN + loop.replace("[padding] * 4", "[padding] * 3"))
    assert lines(report) == {"input = F.pad(input, [padding] * 3)"}


def test_the_same_line_every_time(the_course: Course, sandbox: Sandbox) -> None:
    first, second = (graded(the_course, sandbox, BEGIN + WRONG) for _ in range(2))
    assert first.model_copy(update={"seconds": 0}) == second.model_copy(update={"seconds": 0})
