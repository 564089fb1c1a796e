"""Hand-ins that a person should look at are recognised from the notebook, before anything runs."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.judge import notebooks
from autograder.report.report import Look
from tests import courses


def without_checks(course: Course) -> bytes:
    made = courses.answered(course)
    cells = [cell for cell in made["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")]
    return json.dumps({**made, "cells": cells}).encode()


FLATTEN = "solutions/flatten/flatten.ipynb"
HANDED_IN: dict[str, tuple[Callable[[Course], bytes], tuple[Look, ...]]] = {
    "a right answer": (lambda course: json.dumps(courses.answered(course)).encode(), ()),
    "the untouched stub": (lambda course: course.stub("conv2d").read_bytes(), (Look.EMPTY,)),
    "a file of no bytes": (lambda course: b"", (Look.EMPTY,)),
    "no notebook": (lambda course: b"{", (Look.UNREADABLE,)),
    "another step's notebook": (lambda course: courses.ROOT.joinpath(FLATTEN).read_bytes(), (Look.WRONG_STEP,)),
    "a notebook without its checks": (without_checks, (Look.REPAIRED,)),
}


@pytest.mark.parametrize("name", HANDED_IN)
def test_a_person_is_asked_to_look(the_course: Course, tmp_path: Path, name: str) -> None:
    made, looks = HANDED_IN[name]
    path = tmp_path / "conv2d.ipynb"
    path.write_bytes(made(the_course))
    whole = notebooks.prepare(the_course, "conv2d", path)
    assert whole.submission.looks == looks
    assert notebooks.read_prepared(whole.notebook, "conv2d", "ada").looks == looks


def test_a_folder_without_a_notebook_is_empty(the_course: Course, tmp_path: Path) -> None:
    assert notebooks.prepare(the_course, "conv2d", tmp_path / "conv2d.ipynb").submission.looks == (Look.EMPTY,)
