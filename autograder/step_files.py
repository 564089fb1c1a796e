"""Find a step's hidden suite, and its digest, without importing it: that would import PyTorch."""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import Problem

FOLDER = Path(__file__).parent / "steps"
# What suites are written in: it draws the calls and compares the answers.
SHARED = Path(__file__).parent / "suite"


def path_of(name: str) -> Path:
    """Return the file with an assignment's checks, which pytest runs. Raises Problem where there is none."""
    path = FOLDER / name / f"test_{name}.py"
    if not path.is_file():
        what = f"the assignment '{name}' has no hidden suite"
        raise Problem(path, what, "Write it, or remove the entry in course.yml.")
    return path


def needed(name: str) -> set[Path]:
    """Return the files of a step, and those of other steps that they import. Raises Problem where there is none."""
    path_of(name)
    found = {FOLDER / "__init__.py", FOLDER / "conftest.py"}
    todo = sorted((FOLDER / name).glob("*.py"))
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += _imported(path)
    return found


def _imported(path: Path) -> Iterator[Path]:
    """Yield the files of steps that a file imports, each with its package's own."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        parts = (node.module or "").split(".") if isinstance(node, ast.ImportFrom) else []
        if parts[:2] == [FOLDER.parent.name, FOLDER.name] and isinstance(node, ast.ImportFrom):
            folder = FOLDER.joinpath(*parts[2:])
            names = [folder.with_suffix(".py"), folder / "__init__.py", folder.parent / "__init__.py"]
            names += [folder / f"{alias.name}.py" for alias in node.names]
            yield from (each for each in names if each.is_file())


def digest(name: str) -> str:
    """Return the SHA-256 of an assignment's suite and of all that suites share, in hex."""
    files = [path_of(name), *sorted(SHARED.glob("*.py"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
