"""How much of a failed check shows where: at the terminal, in the JSON, in the notebook and on the feedback page."""

import io
import json
import re
import shutil

import nbformat
import pytest
import torch
from nbgrader.utils import determine_grade
from rich.console import Console

from autograder import course
from autograder.course import Course
from autograder.explain.counterexample import plain
from autograder.feedback.give import give
from autograder.grading import engine
from autograder.judge import judge
from autograder.nbgrader import commands
from autograder.notebooks.fill import fill
from autograder.notebooks.read import Cell, Submission
from autograder.report.report import Report
from autograder.sandbox.host import Sandbox
from autograder.step_files import FOLDER
from autograder.suite.cases import Case
from autograder.suite.load import load_suite
from autograder.terminal import tables
from tests import courses

LEVELS = ("full", "hint", "title")
WORDS = ["Expected 3 at [0, 1]", "An output should depend on its own window alone", "no such padding"]
# Moves by the stride downwards only, and raises for a padding of 2.
WRONG = courses.RIGHT.replace("j * stride : j * stride + kw", "j : j + kw").replace(
    "(h, w)", 'if padding == 2:\n        raise ValueError("no such padding")\n    (h, w)', 1
)


def graded(the_course: Course, sandbox: Sandbox, level: str, answer: str = WRONG) -> Report:
    limited = the_course.model_copy(update={"feedback": level})
    (report,) = judge.grade(
        limited, [Submission("conv2d", "test.ipynb", (Cell("cell 1", answer),))], sandbox, pictures=True
    )
    return report


@pytest.fixture(scope="module")
def reports(the_course: Course, sandbox: Sandbox) -> dict[str, Report]:
    return {level: graded(the_course, sandbox, level) for level in LEVELS}


def terminal(report: Report, width: int = 110) -> str:
    out = Console(file=io.StringIO(), width=width, highlight=False)
    tables.show_report(out, report)
    return out.file.getvalue()


def notebook(the_course: Course, report: Report) -> nbformat.NotebookNode:
    return fill(nbformat.read(the_course.stub(report.assignment), as_version=4), report)


def outlets(the_course: Course, report: Report) -> dict[str, str]:
    """Return everything that a learner can see, as text."""
    cells = [cell for cell in notebook(the_course, report).cells if cell.get("outputs")]
    return {
        "terminal": terminal(report),
        "json": report.to_json(),
        "notebook": json.dumps([cell.outputs for cell in cells], ensure_ascii=False),
    }


def of(report: Report, check: str):
    return next(one for one in report.checks if one.id == check)


def test_scores_are_the_same_at_every_level(reports):
    assert len({report.score for report in reports.values()}) == 1
    assert {tuple((one.id, one.outcome) for one in report.checks) for report in reports.values()} == {
        tuple((one.id, one.outcome) for one in reports["full"].checks)
    }


def test_full_shows_all(reports):
    stride = of(reports["full"], "stride")
    assert stride.message and stride.law and stride.counterexample.snippet and stride.picture.png
    assert stride.counterexample.position == (0, 1)
    assert stride.counterexample.window.left == stride.counterexample.arguments["stride"]
    padding = of(reports["full"], "padding")
    assert padding.picture and padding.counterexample.position is None and "no such padding" in padding.message


def test_hint_shows_words_and_no_example(reports):
    stride = of(reports["hint"], "stride")
    assert stride.message and stride.law
    assert stride.counterexample is None and stride.picture is None


def test_title_shows_the_outcome_alone(reports):
    for one in reports["title"].checks:
        assert (one.message, one.law, one.hint, one.misconception) == ("", None, None, None)
        assert one.counterexample is None and one.picture is None


@pytest.mark.parametrize(
    ("level", "shown", "hidden"),
    [
        ("full", [*WORDS, "stride=2", "What it reads: for the value at row 0, column 1, your function reads"], []),
        ("hint", WORDS, ["torch.tensor(", "stride=2", "expected  ", "What it reads"]),
        ("title", ["moves by the stride"], [*WORDS, "Expected", "Hint", "torch.tensor(", "stride=2", "What it reads"]),
    ],
)
def test_each_outlet_keeps_to_the_level(the_course, reports, level, shown, hidden):
    for outlet, text in outlets(the_course, reports[level]).items():
        flat = re.sub(r"(\s|\\n)+", " ", text)
        for words in shown:
            assert re.sub(r"\s+", " ", words) in flat, (outlet, words)
        for words in hidden:
            assert words not in text, (outlet, words)
        assert ("iVBOR" in text) == (level == "full" and outlet != "terminal"), outlet


@pytest.mark.parametrize("level", LEVELS)
def test_no_source_of_a_suite_shows(the_course, reports, level):
    lines = [line.strip() for line in (FOLDER / "conv2d" / "test_conv2d.py").read_text(encoding="utf-8").splitlines()]
    titles = {check.title for check in load_suite("conv2d").checks}
    lines = [line for line in lines if len(line) > 12 and line.strip('"') not in titles]
    for outlet, text in outlets(the_course, reports[level]).items():
        assert not [line for line in lines if line in text], outlet


@pytest.mark.parametrize("level", LEVELS)
def test_no_other_hidden_case_shows(the_course, reports, level):
    """Assert that no hidden tensor of four numbers or more is shown, in any spelling; the example was made for it."""
    hidden = [case for check in load_suite("conv2d").checks for case in check.drawn(the_course.key)]
    for outlet, text in outlets(the_course, reports[level]).items():
        squeezed = re.sub(r"[\s\\n]|\.0\b", "", text)
        for case in hidden:
            for tensor in tensors(case):
                rows = re.sub(r"\s|\.0\b", "", str(plain(tensor)))
                assert rows not in squeezed, (outlet, case.row)


def tensors(case: Case) -> list[torch.Tensor]:
    values = [*case.arguments.values(), case.expected]
    return [value for value in values if isinstance(value, torch.Tensor) and value.numel() >= 4 and value.any()]


def test_the_notebook_tells_shows_and_scores_in_this_order(the_course, reports):
    cell = courses.cell(notebook(the_course, reports["full"]), "check-stride")
    assert [output.output_type for output in cell.outputs] == ["stream", "display_data", "execute_result"]
    assert cell.outputs[1].metadata["image/png"]["alt"] == cell.outputs[1].data["text/plain"]
    assert determine_grade(cell) == (0.0, 2.0)
    passed = courses.cell(notebook(the_course, reports["full"]), "check-slides")
    assert [output.output_type for output in passed.outputs] == ["stream", "execute_result"]
    assert dict(passed.outputs[1].data) == {"text/plain": "2.0", "text/html": "2 of 2 points"}
    assert determine_grade(passed) == (2.0, 2.0)
    single = courses.cell(notebook(the_course, reports["full"]), "check-bias").outputs
    assert "passed (1 of 1 point)\n" in single[0].text and single[1].data["text/html"] == "1 of 1 point"
    nbformat.validate(notebook(the_course, reports["full"]))


def test_lines_of_the_notebook_fit_a_feedback_page(the_course, reports):
    for cell in notebook(the_course, reports["full"]).cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "stream":
                assert max(map(len, output.text.splitlines())) <= 90


def test_the_terminal_sets_expected_beside_got(reports):
    text = terminal(reports["full"])
    assert re.search(r"expected +got +\(\* differs\) *\n +1 +3 +1 +2\*", text)
    assert max(map(len, text.splitlines())) <= 110


def test_a_right_answer_shows_nothing_more(the_course, sandbox):
    report = graded(the_course, sandbox, "full", courses.RIGHT)
    assert report.score == report.max_score
    for one in report.checks:
        assert (one.message, one.law, one.counterexample, one.picture) == ("", None, None, None)


def test_nothing_is_drawn_for_who_cannot_show_it(the_course, sandbox):
    submission = Submission("conv2d", "test.ipynb", (Cell("cell 1", WRONG),))
    (report,) = judge.grade(the_course, [submission], sandbox)
    assert of(report, "stride").counterexample and not of(report, "stride").picture


def test_a_report_comes_back_from_json(reports):
    for report in reports.values():
        assert Report.from_json(report.to_json()) == report


@pytest.mark.long
def test_the_command_line_draws_for_json_only(run_cli, tmp_path):
    path = tmp_path / "conv2d.py"
    path.write_text("import torch\nimport torch.nn.functional as F\n" + WRONG, encoding="utf-8")
    checks = {one["id"]: one for one in json.loads(run_cli("check", path, "--json").stdout)["checks"]}
    assert checks["stride"]["picture"]["alt"].startswith("Picture of the call that goes wrong")
    assert checks["slides"]["picture"] is None
    text = run_cli("check", path).stdout
    assert "A rule that it breaks" in text and "matrix_multiplication_for_conv2d(" in text


def page(of_course: Course, level: str) -> str:
    """Return the feedback page of a submission at one level of feedback."""
    path = of_course.root / course.FILE
    text = re.sub(r"(?m)^feedback: .*\n", "", path.read_text(encoding="utf-8"))
    path.write_text(f"feedback: {level}\n{text}", encoding="utf-8")
    there = course.load(of_course.root)
    engine.grade_class(there, ["conv2d"])
    shutil.rmtree(there.root / "feedback", ignore_errors=True)
    give(commands.connect(there), there, ["conv2d"], lambda line: None)
    return (there.root / "feedback" / "ada" / "conv2d" / "conv2d.html").read_text(encoding="utf-8")


@pytest.mark.long
def test_the_feedback_page_at_every_level(a_course):
    courses.hand_in(a_course, "ada", courses.answered(a_course, courses.NO_STRIDE))
    full, hint, title = (page(a_course, level) for level in LEVELS)
    picture = re.search(r'<img alt="Picture of the call[^"]+" src="data:image/png;base64,iVBOR[^"]+" width="\d+"', full)
    assert picture and "The smallest call that goes wrong" in full
    for less in (hint, title):
        assert "Picture of the call" not in less and "The smallest call that goes wrong" not in less
    assert "Expected the shape (" in hint and "Expected the shape (" not in title
    for text in (full, hint, title):
        assert "Score: 7.0 / 10.0" in re.sub(r"\s+", " ", text)


# A height for a width: one edit of one line mends it.
SLIP = courses.RIGHT.replace("j * stride : j * stride + kw", "j * stride : j * stride + kh")


@pytest.mark.parametrize("level", ["solution", *LEVELS])
def test_only_solution_tells_learners_the_change_that_mends_a_slip(the_course, sandbox, level):
    report = graded(the_course, sandbox, level, SLIP)
    told = {one.id: one.slip for one in report.checks if one.slip}
    assert set(told) == (set() if level == "title" else {"rectangles"})
    for outlet, text in outlets(the_course, report).items():
        flat = re.sub(r"(\s|\\n)+", " ", text)
        assert ("every check of matrix_multiplication_for_conv2d passes" in flat) == (level != "title"), outlet
        change = level == "solution" or (outlet == "json" and level != "title")
        assert (" → " in flat) == change, outlet
