"""A missing function is blamed on the learner's own cells only, and the message is true."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.judge import judge
from autograder.notebooks.identify import identify
from autograder.report.report import Report
from autograder.sandbox.cells_run import FailedLines
from autograder.sandbox.host import Sandbox
from tests import courses
from tests.few import few

NAME = "matrix_multiplication_for_conv2d"
EXPECTED = f"Expected a function named {NAME}; "
Checked = Callable[..., Report]


def place(step: str) -> tuple[int, int]:
    """Return the numbers that people count for a stub's first solution cell, and for a cell behind all of them."""
    cells = json.loads((courses.ROOT / "assignments" / step / f"{step}.ipynb").read_text(encoding="utf-8"))["cells"]
    own = next(n for n, cell in enumerate(cells, 1) if cell["metadata"].get("nbgrader", {}).get("solution"))
    return own, len(cells) + 1


(OWN, BEHIND), (POOL, _) = place("conv2d"), place("pooling")


@pytest.fixture
def checked(the_course: Course, sandbox: Sandbox, tmp_path: Path) -> Checked:
    """Grade a step's stub with these sources in its solution cells, as `autograder check` does; or a .py file."""

    def check(assignment: str, *sources: str, behind: str = "", name: str = "") -> Report:
        path = tmp_path / (name or f"{assignment}.ipynb")
        if name.endswith(".py"):
            path.write_text(sources[0], encoding="utf-8")
        else:
            notebook = json.loads(the_course.stub(assignment).read_text(encoding="utf-8"))
            flags = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
            solutions = [cell for cell, flag in zip(notebook["cells"], flags, strict=True) if flag.get("solution")]
            for cell, source in zip(solutions, sources, strict=False):
                cell["source"] = source
            if behind:
                notebook["cells"].append({**solutions[0], "metadata": {}, "id": "behind", "source": behind})
            path.write_text(json.dumps(notebook), encoding="utf-8")
        return judge.grade(the_course, [identify(the_course, path, assignment)], sandbox)[0]

    return check


def message(report: Report, check: str = "") -> str:
    return next(one.message for one in report.checks if one.id == check or not check)


STEPS = [one.id for one in course.load(courses.ROOT).assignments]


@pytest.mark.parametrize("step", few(STEPS))
def test_the_courses_own_cells_are_never_blamed(checked: Checked, step: str) -> None:
    text = message(checked(step, *["pass"] * 5))
    assert text.startswith("Expected a function named ")
    assert text.endswith("; the notebook defines none.")


BROKEN = f"if 1 / 0:\n    {NAME} = print"
SYNTAX = f"def {NAME}(input, kernel)\n    return kernel"
BANNED = f"if F.conv2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 1, 1)).sum():\n    {NAME} = print"


@pytest.mark.parametrize(
    ("source", "behind", "ending"),
    [
        ("x = 1", "1 / 0", "the notebook defines none."),
        (BROKEN, "", f"cell {OWN}, line 1 stopped with ZeroDivisionError: division by zero"),
        (SYNTAX, "", f"cell {OWN}, line 1 stopped with SyntaxError: expected ':'"),
        ("assert False", f"def {NAME}(:", f"cell {BEHIND}, line 1 stopped with SyntaxError: invalid syntax"),
        (
            BANNED,
            "",
            f"cell {OWN}, line 1 calls conv2d where it should be defined. This step forbids library convolution (plain "
            "or transposed): write it by hand.",
        ),
    ],
    ids=["elsewhere", "before it", "syntax", "behind", "forbidden"],
)
def test_the_cell_that_should_define_it_is_told(checked: Checked, source: str, behind: str, ending: str) -> None:
    assert message(checked("conv2d", source, behind=behind)) == EXPECTED + ending


@pytest.mark.parametrize(
    ("sources", "missing", "ending"),
    [
        (["def pool2d(X, pool_size, mode='max'): return X", "pass"], "pool2d_full", "the notebook defines none."),
        (["def pool2d_fully(X): return X", "pass"], "pool2d", "the notebook defines pool2d_fully instead. Rename it."),
        (["from torch.nn.functional import max_pool2d", "pass"], "pool2d", "the notebook defines none."),
    ],
)
def test_no_function_of_the_step_or_of_a_library_is_to_be_renamed(
    checked: Checked, sources: list[str], missing: str, ending: str
) -> None:
    """In the first case, the similar name is that of another function that the step asks for."""
    texts = {one.message for one in checked("pooling", *sources).checks}
    assert f"Expected a function named {missing}; {ending}" in texts


NEEDS_EXAMPLE = f"def {NAME}(input, kernel, bias=0, stride=1, padding=0):\n    return image"
NOT_RUN = "image is defined in one of the course's own cells, which are not run when your function is graded. "


def test_a_name_of_an_example_cell_is_told(checked: Checked) -> None:
    report = checked("conv2d", NEEDS_EXAMPLE, behind="print(image)")
    assert message(report) == (
        f"{NAME} raised NameError: name 'image' is not defined (cell {OWN}, line 2: return image). {NOT_RUN}"
        "A function is called with its arguments only."
    )
    assert report.notes == (
        f"cell {BEHIND}, line 1 stopped at image, which one of the course's own cells defines; "
        "those cells are not run in grading. "
        "The other cells were still graded.",
    )


def test_a_file_is_called_a_file(checked: Checked) -> None:
    none = checked("conv2d", "x = 1", name="answer.py")
    assert message(none) == EXPECTED + "the file defines none."
    near = checked("conv2d", "def matrix_multiplication_conv2d(): pass", name="answer.py")
    assert message(near) == EXPECTED + "the file defines matrix_multiplication_conv2d instead. Rename it."
    stopped = checked("conv2d", f"def {NAME}(input): return input\n1 / 0\nx = 2", name="answer.py")
    assert stopped.notes == (
        "answer.py, line 2 raised ZeroDivisionError: division by zero. The rest of the file was not run.",
    )
    unread = checked("conv2d", f"def {NAME}(input): return input\nprint 3", name="answer.py")
    assert unread.notes == (
        "answer.py, line 2 raised SyntaxError: Missing parentheses in call to 'print'. "
        "Did you mean print(...)? None of the file was run.",
    )


LACKS = "import no_such_library\nimport math, another_one as other\n"
RIGHT = courses.RIGHT.replace("F.pad", "torch.nn.functional.pad")


def test_an_import_that_fails_costs_only_what_uses_it(checked: Checked) -> None:
    report = checked("conv2d", f"{LACKS}import torch\n{RIGHT}", name="answer.py")
    assert report.score == report.max_score
    note = "answer.py, line {} raised ModuleNotFoundError: No module named '{}'."
    told = [note.format(*each) for each in ((1, "no_such_library"), (2, "another_one"))]
    assert list(report.notes) == [f"{each} Code that does not use this import was still graded." for each in told]


def test_what_uses_an_import_that_failed_is_told_of_it(checked: Checked) -> None:
    uses = RIGHT.replace("(region * kernel)", "other.add(region * kernel)")
    for report in (checked("conv2d", LACKS + uses, name="answer.py"), checked("conv2d", LACKS + uses)):
        where = "answer.py" if report.submission == "answer.py" else f"cell {OWN}"
        line = f"{where}, line 12: output[i, j] = other.add(region * kernel).sum() + bias"
        why = f"The import of other had failed ({where}, line 2: No module named 'another_one')."
        assert message(report) == f"{NAME} raised NameError: name 'other' is not defined ({line}). {why}"


HEAD = f"def {NAME}(input, kernel, bias=0, stride=1, padding=0):\n"
SEVERAL = """    for row in range(
        len(input)
    ):
        output = torch.tensordot(
            input,  # the image
            kernel[0, 0, 0],
        )
"""


def test_a_statement_over_several_lines_is_shown_whole(checked: Checked) -> None:
    text = message(checked("conv2d", HEAD + SEVERAL))
    assert text.endswith(f"(cell {OWN}, line 7: output = torch.tensordot(input, kernel[0, 0, 0]))")
    text = message(checked("conv2d", HEAD + SEVERAL.replace("len(input)", "len(3)")))
    assert text.endswith(f"(cell {OWN}, line 3: for row in range(len(3)):)")


def test_an_exception_without_words_is_told_without_a_colon(checked: Checked) -> None:
    report = checked("conv2d", f"{HEAD}    assert bias == 7", behind="assert 1 == 2")
    assert message(report) == f"{NAME} raised AssertionError (cell {OWN}, line 2: assert bias == 7)"
    assert report.notes == (f"cell {BEHIND}, line 1 raised AssertionError. The other cells were still graded.",)


POOL2D = """def pool2d(X, pool_size, mode="max"):
    assert mode in ("max", "avg")
    X = X.unfold(0, pool_size[0], 1).unfold(1, pool_size[1], 1)
    return X.amax((2, 3)) if mode == "max" else X.mean((2, 3))
"""
POOL2D_FULL = """def pool2d_full(X, pool_size, mode="max", stride=None, padding=0):
    size = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    return torch.stack([torch.stack([pool2d(channel, size, mode) for channel in image]) for image in X])
"""


def test_another_exception_than_expected_is_told_once(checked: Checked) -> None:
    text = message(checked("pooling", POOL2D, POOL2D_FULL), "mode")
    raised = f"pool2d raised AssertionError (cell {POOL}, line 2: assert mode in ('max', 'avg'))"
    assert text == f"Expected ValueError to be raised, but {raised}".replace("'", '"')


def test_what_a_step_forbids_is_told_as_a_list(checked: Checked) -> None:
    report = checked("unfold", "def unfold(*a, **k): return F.unfold(*a, **k)")
    assert "This step forbids library convolution (plain or transposed), F.unfold and F.fold: " in message(report)


def test_a_line_full_of_imports_is_read_once():
    # Quadratic time would be minutes, for each check.
    source = f"# {'import ' * 42_000}"
    assert not FailedLines(source, "cell 1", "NameError", "").would_define("conv2d")
    assert FailedLines(f"{source} conv2d", "cell 1", "NameError", "").would_define("conv2d")
    assert FailedLines("from mine import one, conv2d as two", "cell 1", "NameError", "").would_define("conv2d")
    assert not FailedLines("import mine", "cell 1", "NameError", "").would_define("conv2d")
