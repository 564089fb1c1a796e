"""The functions that the course's notebooks leave to be written decide which assignment a file is for."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.judge import notebooks
from autograder.notebooks import identify, master
from autograder.notebooks.master import functions_to_write
from autograder.notebooks.read import Cell, Submission
from autograder.suite.load import load_suite
from tests import courses

TRANSPOSED = ("get_kernel_matrix", "matrix_multiplication_for_conv_transpose2d", "conv_transpose2d_by_padding")


def submission(assignment: str, *names: str) -> Submission:
    return Submission(assignment, "x.py", (Cell("x.py", "\n".join(f"def {name}(): pass" for name in names)),))


@pytest.mark.parametrize("step", [one.id for one in course.load(courses.ROOT).assignments])
def test_the_notebooks_ask_for_what_the_hidden_suite_checks(the_course: Course, step: str, tmp_path: Path):
    functions = load_suite(step).functions
    assert functions_to_write(the_course, step) == functions
    shutil.copytree(the_course.master(step).parent, tmp_path / "solutions" / step)
    without_stubs = the_course.model_copy(update={"root": tmp_path})
    assert functions_to_write(without_stubs, step) == functions


def test_a_stub_is_read_once_until_it_is_made_anew(a_course: Course, monkeypatch):
    real, opened = master.load_notebook, []
    monkeypatch.setattr(master, "load_notebook", lambda path: opened.append(path) or real(path))
    stub = a_course.stub("transposed")
    assert [functions_to_write(a_course, "transposed") for _ in range(3)] == [TRANSPOSED] * 3
    assert opened == [stub]
    renamed = stub.read_text(encoding="utf-8").replace("conv_transpose2d_by_padding", "by_padding")
    stub.unlink()
    stub.write_text(renamed, encoding="utf-8")
    assert functions_to_write(a_course, "transposed") == (*TRANSPOSED[:2], "by_padding")


@pytest.mark.parametrize("text", [None, "", "{}", "not a notebook", json.dumps({"cells": [3, {"source": 3}]})])
def test_without_a_stub_the_master_notebook_tells(a_course: Course, text: str | None):
    stub = a_course.stub("transposed")
    stub.unlink()
    if text is not None:
        stub.write_text(text, encoding="utf-8")
    assert functions_to_write(a_course, "transposed") == TRANSPOSED


def test_without_either_a_file_is_taken_for_what_it_is_said_to_be(a_course: Course):
    for path in (a_course.stub("conv2d"), a_course.master("conv2d")):
        path.unlink()
    assert functions_to_write(a_course, "conv2d") == ()
    functions = identify.functions_by_assignment(a_course)
    assert identify.foreign_to(functions, submission("conv2d", *TRANSPOSED)) is None
    assert identify.foreign_to(functions, submission("transposed", "matrix_multiplication_for_conv2d")) is None
    assert identify.guess(functions, Path("x.py"), submission("", *TRANSPOSED)) == "transposed"


@pytest.mark.slow
def test_whoever_tells_assignments_apart_does_not_import_the_suites():
    code = """
import sys
from pathlib import Path
from autograder import course
from autograder.notebooks.identify import identify
assert identify(course.load(), Path("solutions/conv2d/conv2d.ipynb")).assignment == "conv2d"
print({"torch", "autograder.suite"} & sys.modules.keys())
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=courses.ROOT, capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


def test_grading_a_class_tells_a_notebook_of_another_assignment(a_course: Course):
    answered = courses.answered(a_course, "def conv_transpose2d_by_padding(input, kernel): return 1", "transposed")
    path = courses.hand_in(a_course, "ada", answered, "conv2d")
    assert notebooks.prepare(a_course, "conv2d", path).submission.unreadable == (
        "The file looks like a notebook of the assignment 'transposed', not of 'conv2d': it does not define "
        "matrix_multiplication_for_conv2d. Hand in the notebook of this assignment."
    )


@pytest.mark.parametrize(
    "answer", [courses.RIGHT, "", "def another(input): return 1", "def f(:", "get_kernel_matrix = 1"]
)
def test_a_notebook_of_its_own_is_never_taken_for_anothers(a_course: Course, answer: str):
    path = courses.hand_in(a_course, "ada", courses.stub(a_course))
    notebook = json.loads(path.read_text(encoding="utf-8"))
    courses.cell(notebook, "solution")["source"] = answer
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert notebooks.prepare(a_course, "conv2d", path).submission.unreadable == ""
