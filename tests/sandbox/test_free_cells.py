"""Free cells may call what the functions may not: that costs no points, and the notes on it are true."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.judge import notebooks
from autograder.report.report import Report
from autograder.sandbox.host import Sandbox
from tests import courses
from tests.attack_files import FOLDER
from tests.few import few

ROOT = Path(__file__).resolve().parents[2]
NAME = "matrix_multiplication_for_conv2d"
SHARED = (FOLDER / "shared" / "answer.py").read_text(encoding="utf-8")
RIGHT = (
    f"def {NAME}(input, kernel, bias=0, stride=1, padding=0):\n    return right(input, kernel, bias, stride, padding)"
)
EXPECTED = "x, k = torch.ones(4, 5), torch.ones(2, 3)\nexpected = F.conv2d(x[None, None], k[None, None])[0, 0]"
COMPARED = f"assert torch.allclose({NAME}(x, k), expected)"

Graded = Callable[..., Report]


@pytest.mark.parametrize(
    "cells",
    [
        [RIGHT, EXPECTED, COMPARED],
        [f"{EXPECTED}\nprint(expected.sum())\n{RIGHT}\n{COMPARED}"],
        [EXPECTED, f"height, width = expected.shape\n{RIGHT}"],
        ["try:\n    found = F.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))\nexcept Exception: found = None",
         f"assert found.shape == (1, 1, 2, 2)\n{RIGHT}"],
        [f"from __future__ import annotations\n{EXPECTED}\ndef hint(x: Nowhere): pass\n{RIGHT}"],
        [f"layer = nn.Conv2d(1, 1, 3)\nloss = layer(torch.ones(1, 1, 5, 5)).sum()\nloss.backward()\n{RIGHT}"],
    ],
    ids=["after", "before", "missed by a later cell", "caught", "from the future", "trained"],
)  # fmt: skip
def test_a_comparison_costs_nothing(cells: list[str], graded: Graded) -> None:
    report = graded(SHARED, *cells)
    assert report.score == 10, [check.message for check in report.checks]
    assert report.notes == ()


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "AdamW", "RMSprop"])
def test_a_free_cell_may_train_a_layer(optimizer: str, graded: Graded) -> None:
    train = f"""
layer = nn.Conv2d(1, 2, 3)
optimizer = torch.optim.{optimizer}(layer.parameters(), lr=0.1)
for _ in range(3):
    loss = layer(torch.ones(1, 1, 6, 6)).pow(2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
    dense = train.replace("nn.Conv2d(1, 2, 3)", "nn.Linear(6, 2)")
    report = graded(SHARED, train + RIGHT, dense)
    assert (report.score, report.notes) == (10, ())


def test_what_a_comparison_finds_is_said(graded: Graded) -> None:
    report = graded(SHARED, RIGHT, EXPECTED, COMPARED.replace("expected", "expected + 1"), "print(1)")
    assert report.score == 10
    (note,) = report.notes
    assert note.startswith("cell 4, line 1 raised AssertionError")


def test_a_function_that_is_lost_by_a_comparison_is_said_to_be(graded: Graded) -> None:
    report = graded(
        SHARED, f"if True:\n    F.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))\n    {NAME} = right"
    )
    assert report.checks[0].message.startswith(
        f"Expected a function named {NAME}; cell 2, line 2 calls conv2d where it should be defined. This step forbids"
    )


def test_a_call_in_a_cell_is_no_way_to_keep_it(graded: Graded) -> None:
    kept = "graph = torch.jit.trace(F.conv2d, (torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2)))"
    code = RIGHT.replace("right(input, kernel, bias, stride, padding)", "graph(input[None, None], kernel[None, None])")
    assert graded(kept, code).score == 0


@pytest.mark.parametrize(
    "free, forks",
    [("print(1)", 1), (EXPECTED, 2), ("print(picture_image.sum())", 1)],
    ids=["as it was", "with a comparison", "with what the course's cell set"],
)
def test_the_courses_own_cells_cost_no_second_process(
    a_course: Course, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, free: str, forks: int
) -> None:
    notebook = courses.answered(a_course)
    # The course's pictures, drawn by the library, are locked cells, which are not run.
    assert "picture_output = F.conv2d(" in "".join(courses.cell(notebook, "picture")["source"])
    source = f"import torch.nn.functional as F\n{free}"
    cell = {"cell_type": "code", "id": "free", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
    notebook["cells"].append(cell)
    counted = []
    fork = Sandbox.fork
    monkeypatch.setattr(Sandbox, "fork", lambda *its: counted.append(1) or fork(*its))
    path = courses.hand_in(a_course, "ada", notebook)
    ((report, _),) = notebooks.grade(a_course, [notebooks.prepare(a_course, "conv2d", path)], sandbox)
    assert (report.score, report.notes) == (10, ())
    assert len(counted) == forks


@pytest.mark.parametrize("name", few(one.id for one in course.load(ROOT).assignments))
def test_the_courses_own_pictures_bring_no_note(name: str, the_course: Course, sandbox: Sandbox) -> None:
    """Neither as they are nor with other numbers, which makes them the learner's cells."""
    whole = notebooks.prepare(the_course, name, the_course.master(name))
    changed = replace(whole, submission=replace(whole.submission, own=0))
    for report, _ in notebooks.grade(the_course, [whole, changed], sandbox):
        assert (report.score, [note for note in report.notes if "raised" in note]) == (10, [])
