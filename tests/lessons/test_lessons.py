"""Lessons: masters and stubs have the promised form, use the words of the suites, and run."""

import ast
import doctest
import re
import runpy
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
import torch
from nbclient import NotebookClient

from autograder import course
from autograder.course import Course
from autograder.nbgrader import commands
from autograder.notebooks.read import grade_id
from autograder.suite.load import load_suite

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = [assignment.id for assignment in course.load(ROOT).assignments]
# The cells of a lesson, by their ids; each function to write is followed by its hints.
ORDER = re.compile(
    "title facts (map )?(why why-picture )?idea settings (movement )?picture (movement )?shapes-and-rules (explorer )?"
    "imports (worked-example-text )?worked-example ((solution(-\\w+)? )+hints(-\\w+)? )+try-it visible-checks "
    "see (see-settings )?(digits )?see-picture (play )?(digits-text digits see-digits )?"
    "hidden-checks question (question-settings question-picture )?next"
)
# Where movement explains, pictures with a slider stand before or after the picture.
MOVING = ("conv2d", "flatten", "transposed")
PLAYED = ("explorer", "play")
WIDGET = "application/vnd.jupyter.widget-view+json"
IMPORTS = "import math\n\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F"
MAP = re.compile(r"^```text\n\w+ ─.*?^```$", re.MULTILINE | re.DOTALL)
FOLDED = (
    "why-picture",
    "picture",
    "movement",
    "explorer",
    "visible-checks",
    "digits",
    "see-picture",
    "play",
    "see-digits",
    "question-picture",
)
LOCKED = ("imports", "worked-example", *FOLDED)


def master(name: str) -> nbformat.NotebookNode:
    return nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)


def cell(notebook: nbformat.NotebookNode, cell_id: str) -> nbformat.NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == cell_id)


def code_of(name: str) -> str:
    return "\n\n".join(c.source for c in master(name).cells if c.id == "imports" or c.id.startswith("solution"))


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A copy of the course with freshly generated stubs."""
    root = tmp_path_factory.mktemp("course")
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "solutions", root / "solutions", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    copied = course.load(root)
    commands.generate(commands.connect(copied), copied, ASSIGNMENTS, lambda text: None)
    return copied


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_committed_stub_is_the_generated_one(name: str, regenerated: Course) -> None:
    assert (ROOT / "assignments" / name / f"{name}.ipynb").read_bytes() == regenerated.stub(name).read_bytes()


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_cells_stand_in_the_order_of_the_course(name: str) -> None:
    ids = " ".join(c.id for c in master(name).cells)
    assert ORDER.fullmatch(ids), ids
    assert ("movement" in ids) == (name in MOVING)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_machinery_is_folded_and_what_learners_change_is_not(name: str) -> None:
    for c in (c for c in master(name).cells if c.cell_type == "code"):
        folded = c.metadata.get("jupyter", {}).get("source_hidden", False)
        assert folded == (c.metadata.get("cellView") == "form") == c.source.startswith("# @title ") == (c.id in FOLDED)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_lesson_needs_no_other_package_and_no_file_beside_it(name: str) -> None:
    """So that it runs in Colab, where only the notebook arrives."""
    stub = nbformat.read(ROOT / "assignments" / name / f"{name}.ipynb", as_version=4)
    assert [path.name for path in (ROOT / "assignments" / name).iterdir()] == [f"{name}.ipynb"]
    imports: set[str] = set()
    for c in stub.cells:
        if c.cell_type == "markdown":
            assert not re.search(r"!\[|<img|attachment:", c.source), c.id
            continue
        for node in ast.walk(ast.parse(c.source)):
            if isinstance(node, ast.Import):
                imports |= {each.name.partition(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom):
                imports.add(str(node.module).partition(".")[0])
    # matplotlib brings numpy and PIL; without ipywidgets, pictures drawn beforehand take the place of sliders.
    allowed = {"torch", "matplotlib", "numpy", "PIL", "IPython", "ipywidgets"}
    assert imports <= allowed | sys.stdlib_module_names


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_hints_and_answers_are_folded(name: str) -> None:
    cells = master(name).cells
    for c in cells:
        if c.id.startswith("hints"):
            assert re.findall("<details><summary>Hint ([123]):", c.source) == ["1", "2", "3"], c.id
    questions = re.findall(r"^(\d)\. ", cell(master(name), "question").source, re.MULTILINE)
    answers = re.findall(
        r"^<details><summary>Answer (\d)</summary>$", cell(master(name), "question").source, re.MULTILINE
    )
    assert questions == answers and questions


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_cells_are_locked_where_the_course_says(name: str) -> None:
    for c in master(name).cells:
        flags = c.metadata.get("nbgrader")
        if c.id in LOCKED:
            assert flags["locked"] and not flags["solution"] and flags["grade_id"] == c.id
        elif c.id.startswith("solution"):
            assert flags["solution"] and not flags["locked"] and flags["grade_id"] == c.id
        else:
            assert flags is None
        assert not c.get("outputs") and c.get("execution_count") is None
    assert cell(master(name), "imports").source == IMPORTS


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_visible_checks_say_the_same_words_as_the_hidden_ones(name: str) -> None:
    tree = ast.parse(cell(master(name), "visible-checks").source)
    calls = [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and getattr(n.func, "id", "").endswith(("check", "compare"))
    ]
    titles = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    hidden = {check.title for check in load_suite(name).checks}
    assert {title.partition(": ")[0] for title in titles} <= hidden
    # Checks of several functions make their titles in a loop; test_visible_wrong_answers.py finds missing ones.


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_stub_has_a_locked_cell_for_each_hidden_check_and_nothing_of_the_answer(name: str, the_course: Course) -> None:
    suite = load_suite(name)
    assignment = the_course.assignment(name)
    points, bonus = suite.points(assignment), "bonus " if assignment.bonus else ""
    stub = nbformat.read(ROOT / "assignments" / name / f"{name}.ipynb", as_version=4)
    graded = {c.metadata.nbgrader.grade_id: c for c in stub.cells if c.metadata.get("nbgrader", {}).get("grade")}
    assert list(graded) == [grade_id(check.id) for check in suite.checks]
    for check in suite.checks:
        noun = "point" if points[check.id] == 1 else "points"
        first, second = graded[grade_id(check.id)].source.splitlines()
        assert first == f"# {check.title} ({points[check.id]:g} {bonus}{noun})"
        assert second == f'visible_check_passed("{check.title}")'
        assert graded[grade_id(check.id)].metadata.nbgrader.points == (0 if bonus else points[check.id])
        assert graded[grade_id(check.id)].metadata.nbgrader.locked
    for c in stub.cells:
        if c.id.startswith("solution"):
            assert c.source.rstrip().endswith("raise NotImplementedError")
            assert "SOLUTION" not in c.source


TEMPLATE = ROOT / "autograder" / "authoring" / "template" / "lesson.ipynb"


@pytest.mark.parametrize("path", [*(ROOT / "solutions").glob("*/*.ipynb"), TEMPLATE], ids=lambda path: path.stem)
def test_how_many_points_a_step_has_is_said_in_course_yml_alone(path: Path) -> None:
    for c in nbformat.read(path, as_version=4).cells:
        assert not re.search(r"\d+ (bonus )?points?\b", c.source), c.id


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_bonus_step_says_that_it_is_one(name: str, the_course: Course) -> None:
    assert ("A bonus step" in cell(master(name), "title").source) == the_course.assignment(name).bonus


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_docstring_examples_are_true(name: str) -> None:
    namespace: dict = {}
    exec(compile(code_of(name), name, "exec"), namespace)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    tried = 0
    for function in load_suite(name).functions:
        for example in doctest.DocTestFinder().find(namespace[function], function, globs=namespace):
            tried += runner.run(example).attempted
    assert tried > 0 and runner.summarize(verbose=False).failed == 0


@pytest.mark.long
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_master_runs_from_top_to_bottom_without_a_warning(name: str, tmp_path: Path) -> None:
    notebook = master(name)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for c in notebook.cells for output in c.get("outputs", [])]
    assert not [o for o in outputs if o.get("name") == "stderr" or o.output_type == "error"]
    assert "All visible checks passed." in "".join(o.get("text", "") for o in outputs)
    pictures = [o for o in cell(notebook, "picture").outputs if "image/png" in o.get("data", {})]
    assert pictures, "the picture cell draws nothing"
    # JupyterLab would put a white box behind such a picture on a dark page, or a black one on a light page.
    boxed = [c.id for c in notebook.cells for o in c.get("outputs", ()) if "needs_background" in str(o.get("metadata"))]
    assert not boxed, f"give the labels of both axes' ticks two greys: {boxed}"
    if name in MOVING:
        (page,) = (output.data.get("text/html", "") for output in cell(notebook, "movement").outputs)
        assert "anim-slider" in page and "Last frame" in page
        assert 2 <= page.count("data:image/png") <= 12 and len(page) <= 250_000
    for c in notebook.cells:
        if c.id in PLAYED:
            still, sliders = c.outputs
            assert len(still.data["text/html"]) < 100_000 and WIDGET in sliders.data and WIDGET not in still.data
    # The site shows these outputs; its test need not make them again.
    kept = runpy.run_path(str(ROOT / "docs" / "site" / "build.py"))["run_of"](
        ROOT / "solutions" / name / f"{name}.ipynb"
    )
    kept.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, kept)


def test_the_first_notebook_and_the_readme_show_one_map_of_all_steps(the_course: Course) -> None:
    shown = MAP.search((ROOT / "README.md").read_text(encoding="utf-8")).group()
    assert shown in cell(master(ASSIGNMENTS[0]), "map").source
    bonus = [one.id for one in the_course.assignments if one.bonus]
    assert sorted(re.findall(r"\w+", shown.removeprefix("```text"))) == sorted(ASSIGNMENTS)
    assert sorted(re.findall(r"(\w+) \*", shown)) == sorted(bonus)


def test_worked_numbers_of_the_lecture() -> None:
    namespaces: dict[str, dict] = {}
    for name in ("conv2d", "flatten", "pooling"):
        exec(compile(code_of(name), name, "exec"), namespaces.setdefault(name, {}))
    rows = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    image, kernel = torch.tensor(rows).float(), torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]])
    expected = torch.tensor([[12.0, 12, 17], [10, 17, 19], [9, 6, 14]])
    assert torch.equal(namespaces["conv2d"]["matrix_multiplication_for_conv2d"](image, kernel), expected)
    assert torch.equal(namespaces["flatten"]["matrix_multiplication_for_conv2d_flatten"](image, kernel), expected)
    pool, small = namespaces["pooling"]["pool2d"], torch.arange(9.0).reshape(3, 3)
    assert torch.equal(pool(small, (2, 2)), torch.tensor([[4.0, 5], [7, 8]]))
    assert torch.equal(pool(small, (2, 2), "avg"), torch.tensor([[2.0, 3], [5, 6]]))
