"""Any input gets a clear message, the other checks go on, and no learner's mistake is an `error`."""

import json
from pathlib import Path

import pytest

from autograder.report.report import Outcome, Report

ROOT = Path(__file__).resolve().parents[2]
MASTER = ROOT / "solutions" / "conv2d" / "conv2d.ipynb"
NAME = "matrix_multiplication_for_conv2d"
GOOD = f"""\
import torch.nn.functional as F

def {NAME}(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding, padding, padding))
    windows = image.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    return (windows * kernel).sum(dim=(2, 3)) + bias
"""


def function(*lines: str) -> str:
    """Return the source of conv2d's function with this body."""
    return f"def {NAME}(input, kernel, bias=0, stride=1, padding=0):\n" + "\n".join(f"    {line}" for line in lines)


def huge(path: Path) -> None:
    """Write a right notebook with 50 MB of output in a cell."""
    cells = json.loads(MASTER.read_text(encoding="utf-8"))
    cells["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}]
    path.write_text(json.dumps(cells), encoding="utf-8")


UNREADABLE = {
    "missing": (lambda path: None, "cannot be read (No such file or directory). Check the path"),
    "empty": (lambda path: path.write_text(""), "is empty. Save the notebook in Jupyter and hand it in again."),
    "binary": (lambda path: path.write_bytes(b"PK\x03\x04\xff\xfe"), "is not UTF-8 text. Save it again as a notebook"),
    "broken": (lambda path: path.write_text('{"cells": [\n'), "is not a notebook: broken JSON (line 2)."),
    "deep": (lambda path: path.write_text('{"cells": ' + "[" * 100_000), "is not a notebook: broken JSON"),
    "other": (lambda path: path.write_text("[1, 2]"), "is not a notebook: it has no cells. Hand in the .ipynb file"),
    "folder": (lambda path: path.mkdir(), "is a folder. Name the notebook in it."),
    "huge": (huge, "is larger than 40 MB. Clear the outputs of the cells and save it again."),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_no_notebook_is_told_with_status_2(run_cli, tmp_path, kind):
    make, words = UNREADABLE[kind]
    path = tmp_path / "conv2d.ipynb"
    make(path)
    for json_too in ([], ["--json"]):
        done = run_cli("check", path, *json_too, "--course", ROOT)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(f"{path}: ")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_notebook_of_another_assignment_is_told_with_status_2(run_cli, tmp_path):
    for path, arguments in ((MASTER, ["--assignment", "full"]), (tmp_path / "full.ipynb", [])):
        if path != MASTER:
            path.write_bytes(MASTER.read_bytes())
        done = run_cli("check", path, *arguments, "--course", ROOT)
        assert (done.exit_code, done.stdout) == (2, "")
        assert f"{path}: looks like a notebook of the assignment 'conv2d', not of 'full'" in done.stderr
        assert "--assignment conv2d" in done.stderr


def outcomes(report: Report) -> dict[str, Outcome]:
    return {check.id: check.outcome for check in report.checks}


def first(report: Report) -> str:
    """Return the message on the first check, which failed. Assert that no check is an error, and that none passed."""
    assert report.checks[0].outcome is Outcome.FAILED
    assert not report.has_error
    assert report.score == 0
    return report.checks[0].message


WRONG = {
    "nothing": ("x = 1", f"Expected a function named {NAME}; the notebook defines none."),
    "renamed": (GOOD.replace(NAME, "matrix_multiplication_conv2d"), "defines matrix_multiplication_conv2d instead."),
    "not a function": (f"{NAME} = 5", f"Expected a function named {NAME}; the notebook defines none."),
    "parameters": (f"def {NAME}(input): return input", "but your function has the parameters (input)."),
    "syntax": (GOOD + ")", "stopped with SyntaxError"),
    "raises": (function("return kernel[9, 9, 9]"), f"{NAME} raised IndexError: too many indices"),
    "stub": (function("raise NotImplementedError"), f"{NAME} is not implemented yet"),
    "none": (function("input + kernel.sum()"), "got None. Is the return statement missing?"),
    "list": (function("return [[1.0, 2.0], [3.0, 4.0]]"), "got a list of 2 items"),
    "number": (function("return 5"), "got the number 5"),
    "text": (function("return 'done'"), "got the text done"),
    "shape": (function("return input[None]"), "Expected the shape ("),
    "broadcasts": (function("return torch.zeros(1, 1)"), "Expected the shape ("),
    "sparse": (function("return torch.eye(2).to_sparse()"), "Expected a torch.Tensor with shape"),
    "nan": (GOOD.replace("+ bias", "+ float('nan')"), "the result holds NaN or infinity"),
    "integers": (GOOD.replace("+ bias", "+ bias).long()").replace("return (w", "return ((w"), "got int64"),
    "gradient": (GOOD.replace("+ bias", "+ torch.zeros(1, requires_grad=True)"), "got one that requires grad"),
    "exit": (function("import sys", "sys.exit(0)"), f"{NAME} raised SystemExit"),
    "gone": (function("import os", "os._exit(0)"), f"{NAME} ended the Python process"),
    "aborts": (function("import os", "os.abort()"), f"{NAME} ended the Python process"),
    "recursion": (function(f"return {NAME}(input, kernel)"), "raised RecursionError"),
    "prints": (function("while True: print('x' * 1000)"), f"{NAME} printed more than"),
    "interrupts": (function("raise KeyboardInterrupt"), f"{NAME} raised KeyboardInterrupt"),
    "half a letter": (function("raise ValueError('\\ud800')"), f"{NAME} raised ValueError: ?"),
    "evil text": (function("class E(Exception):", "    def __str__(self): raise self", "raise E"), f"{NAME} raised E"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_fails_in_words(graded, kind):
    source, words = WRONG[kind]
    report = graded(f"import torch\n{source}")
    assert words in first(report)
    assert Report.from_json(report.to_json()) == report


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("while True: pass", "was stopped in a loop that never ends"),
        ("n = 1\n    while n: n += 1", "The loop changes n, but its condition stays true for ever."),
        ("n = 1\n    while n: n = -n", "was stopped after 2 seconds of computing"),
        ("import time; time.sleep(1000)", "was stopped after waiting for 10 seconds"),
        ("return torch.zeros(10**11)", "raised RuntimeError"),
        (
            "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
            "was stopped after",
        ),
    ],
)
def test_what_never_ends_is_ended(graded, body, words):
    report = graded(f"import torch\n{function(body)}")
    assert words in first(report)


def test_a_cell_that_raises_does_not_stop_the_rest(graded):
    report = graded("undefined_name", GOOD, "1 / 0")
    assert report.score == report.max_score
    expected = [
        "cell 1, line 1 raised NameError: name 'undefined_name' is not defined. The other cells were still graded.",
        "cell 3, line 1 raised ZeroDivisionError: division by zero. The other cells were still graded.",
    ]
    assert list(report.notes) == expected


@pytest.mark.slow
def test_a_cell_that_never_ends_or_dies_does_not_stop_the_rest(graded):
    report = graded("while True: pass", GOOD, "import os; os._exit(3)")
    assert report.score == report.max_score
    assert "cell 1 was stopped after 2 seconds" in report.notes[0]
    assert "cell 3 ended the Python process" in report.notes[1]


@pytest.mark.parametrize("cell", ["import sys; sys.exit()", "while True: print('x' * 1000)", "def f(:", "%matplotlib"])
def test_an_odd_cell_does_not_stop_the_rest(graded, cell):
    report = graded(cell, GOOD)
    assert report.score == report.max_score


def test_a_right_answer_that_warns_keeps_its_points(graded):
    warning = "    import sys, warnings\n    warnings.warn('old')\n    print('careful', file=sys.stderr)\n    image ="
    report = graded(GOOD.replace("    image =", warning, 1))
    assert report.score == report.max_score


@pytest.mark.parametrize(
    "forged",
    [
        "print(10.0)",
        "import sys; sys.stdout.write('10.0'); sys.stderr.write('10.0')",
        "get_ipython().displayhook(10.0)",
        'print(\'{"score": 10.0, "outcome": "passed"}\')',
        "torch.allclose = torch.equal = torch.isclose = lambda *a, **k: True",
    ],
)
def test_a_forged_score_gains_nothing(graded, forged):
    report = graded(f"import torch\n{forged}", f"import torch\n{function(forged, 'return torch.zeros(1, 1)')}")
    assert report.score == 0


def test_the_last_definition_counts_and_the_first_is_forgotten(graded):
    assert graded(GOOD, "import torch\n" + function("return torch.zeros(1)")).score == 0
    assert graded("import torch\n" + function("return torch.zeros(1)"), GOOD).score == 10
