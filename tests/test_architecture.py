"""What may be imported at all. pyproject.toml says which package may import which, and `make lint` checks it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.notebooks.saved_reports import FOLDER

PACKAGE = Path(__file__).resolve().parents[1] / "autograder"
CONTRIBUTING = PACKAGE.parent / "CONTRIBUTING.md"
MOST_LINES = 250


def test_nothing_unpickles() -> None:
    for path in (PACKAGE / "sandbox").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {alias.name.partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
        names |= {n.module.partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
        assert not names & {"pickle", "marshal", "shelve", "multiprocessing"}, path


def test_importing_a_package_imports_nothing_else() -> None:
    found = sorted(PACKAGE.rglob("__init__.py"))
    assert len(found) > 25
    for path in found:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree)), path


def test_files_of_the_package_are_short() -> None:
    answers = {"right_answers.py", "wrong_answers.py"}
    lengths = {
        str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
        if path.name not in answers
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}
    assert f"at most {MOST_LINES} lines" in CONTRIBUTING.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("module", ["autograder.grading.engine", "autograder.nbgrader.preprocessors"])
def test_whoever_only_collects_the_grades_does_not_import_pytorch(module: str) -> None:
    code = f"import sys, {module}; print({{'torch', 'pytest'}} & sys.modules.keys())"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True).stdout == "set()\n"


def test_only_one_module_knows_where_reports_are_saved() -> None:
    """Others get the path from it, or the report."""
    knows = []
    for path in PACKAGE.rglob("*.py"):
        parts = (node.right for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if _is_path(node))
        if any(isinstance(part, ast.Constant) and part.value == FOLDER for part in parts):
            knows.append(path.name)
    assert knows == []


def _is_path(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


EXCEPTIONS = ("Exception", "Error", "Problem", "Wrong")
BANKS = ("wrong_answers", "right_answers")


def test_no_file_is_long() -> None:
    files = [*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "solutions").glob("*.py")]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files if path.stem not in BANKS}
    assert {path: length for path, length in lengths.items() if length > 250} == {}


def test_the_docs_list_every_exception_with_its_module() -> None:
    table = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = table.partition("## Exceptions")[2].partition("## Ten files")[0]
    checked = 0
    for path in PACKAGE.rglob("*.py"):
        if {"steps", "students"} & {*path.parts}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith(EXCEPTIONS) for base in node.bases):
                checked += 1
                assert f"{node.name}`" in table, (path, node.name)
    assert checked > 20
