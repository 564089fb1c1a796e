"""Imports go one way: from the command line down to the wire, and never back."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "autograder"
# What runs inside the sandbox sees only these; all else is not even readable there.
INSIDE = "autograder.sandbox.worker"


def imports() -> dict[str, set[str]]:
    """For every module of the package, the modules of the package that it imports anywhere in its text."""
    modules = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}
    modules = {name.removesuffix(".__init__"): path for name, path in modules.items()}
    found: dict[str, set[str]] = {}
    for name, path in modules.items():
        wanted: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                wanted |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
        found[name] = {other for other in wanted if other in modules and other not in ("autograder", name)}
    return found


def test_no_import_cycle() -> None:
    graph = imports()
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"import cycle: {' -> '.join((*path, name))}"
        if name not in done:
            for other in graph[name]:
                visit(other, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_what_runs_in_the_sandbox_imports_nothing_of_the_judge() -> None:
    for name, others in imports().items():
        if name.startswith(INSIDE):
            outside = {other for other in others if not other.startswith(INSIDE)} - {"autograder.sandbox"}
            assert not outside, f"{name} imports {outside}"


def test_only_the_judges_side_imports_the_answers() -> None:
    for name, others in imports().items():
        if "autograder.suite.references" in others:
            assert name.startswith("autograder.steps"), name


def test_nothing_unpickles() -> None:
    for path in (PACKAGE / "sandbox").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {alias.name.partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
        names |= {n.module.partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
        assert not names & {"pickle", "marshal", "shelve", "multiprocessing"}, path


@pytest.mark.parametrize("module", ["autograder.grading.engine", "autograder.nbgrader.preprocessors"])
def test_whoever_only_collects_the_grades_does_not_import_pytorch(module: str) -> None:
    code = f"import sys, {module}; print({{'torch', 'pytest'}} & sys.modules.keys())"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True).stdout == "set()\n"
