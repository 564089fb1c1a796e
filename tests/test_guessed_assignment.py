"""`check` guesses the assignment of a file from its name, or from the functions that it defines."""

from pathlib import Path

import pytest

from autograder.errors import Problem
from autograder.notebooks import identify
from autograder.notebooks.read import Cell, Submission


def submission(*names: str) -> Submission:
    return Submission("", "x.py", (Cell("x.py", "\n".join(f"def {name}(): pass" for name in names)),))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("conv2d.ipynb", "conv2d"),
        ("conv2d (1).ipynb", "conv2d"),
        ("conv2d-Copy2.ipynb", "conv2d"),
        ("kernel_matrix.py", "kernel_matrix"),
        ("homework.ipynb", None),
        ("myconv2d.ipynb", None),
    ],
)
def test_a_file_name_tells_the_assignment(the_course, path, name):
    assert identify.named(the_course, Path(path)) == name


@pytest.mark.parametrize(
    ("functions", "name"),
    [
        (["matrix_multiplication_for_conv2d"], "conv2d"),
        (["get_kernel_matrix"], "kernel_matrix"),
        (
            ["get_kernel_matrix", "conv_transpose2d_by_padding", "matrix_multiplication_for_conv_transpose2d"],
            "transposed",
        ),
        (["get_kernel_matrix", "my_own_helper"], "kernel_matrix"),
        (["pool2d"], "pooling"),
    ],
)
def test_functions_tell_the_assignment(the_course, functions, name):
    assert identify.guess(identify.functions_by_assignment(the_course), Path("x.py"), submission(*functions)) == name


def test_what_tells_nothing_is_said(the_course):
    with pytest.raises(Problem, match=r"defines none of the functions.*--assignment ID, one of conv2d, flatten, full"):
        identify.guess(identify.functions_by_assignment(the_course), Path("x.py"), submission("main"))
    both = submission("matrix_multiplication_for_conv2d", "matrix_multiplication_for_conv2d_full")
    with pytest.raises(Problem, match=r"several assignments \(conv2d, full\)"):
        identify.guess(identify.functions_by_assignment(the_course), Path("x.py"), both)
