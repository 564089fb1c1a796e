"""The code that the visible checks of all lessons begin with, joined from the files of solutions/ that hold it."""

import ast
import sys
from pathlib import Path

from autograder.errors import Problem
from autograder.nbgrader.validate import VISIBLE_CHECKS

CHECKS = "visible_check"
# The files of solutions/ that make up the shared code, in this order. No part is ever imported: what one imports from
# another says where a name is defined.
PARTS = (
    "visible_pictures",
    "progress",
    "visible_settings",
    "visible_difference",
    "visible_watch",
    "visible_verdicts",
    CHECKS,
)
TITLE = "# @title Visible checks: run this cell when you have written your answer\n"
HEADER = f"{TITLE}# The same in every lesson, down to the end of visible_check: solutions/share.py puts it there.\n"

__all__ = ["CHECKS", "VISIBLE_CHECKS", "read_file", "shared_source"]


def shared_source(solutions: Path) -> str:
    """Return the shared code as one text: a header, all imports, then the parts. Raises Problem."""
    imports: set[str] = set()
    bodies = []
    for name in PARTS:
        text = read_file(solutions / f"{name}.py")
        own, body = _parts(text)
        imports |= own
        bodies.append(body)
    return HEADER + "\n\n\n".join([_sorted(imports), *bodies]) + "\n"


def read_file(path: Path) -> str:
    """Return the text of a file of the kit. Raises Problem."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Problem(path, f"could not be read: {error.strerror}", "Run this in a clone of the course kit.") from error


def _parts(text: str) -> tuple[set[str], str]:
    """Return the imports at the top of a file, without those of its other parts, and everything below them."""
    last, imports = 0, set()
    for node in ast.parse(text).body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            break
        last = node.end_lineno or last
        if not isinstance(node, ast.ImportFrom) or node.module not in PARTS:
            imports.add(ast.unparse(node))
    return imports, "\n".join(text.splitlines()[last:]).strip("\n")


def _sorted(imports: set[str]) -> str:
    """Return imports as ruff would sort them: Python's own first, `import` before `from`."""

    def is_pythons_own(line: str) -> bool:
        return line.split()[1].partition(".")[0] in sys.stdlib_module_names

    lines = sorted(imports, key=lambda line: (line.startswith("from"), line.split()[1].lower()))
    own = [line for line in lines if is_pythons_own(line)]
    return "\n".join([*own, "", *(line for line in lines if line not in own)])
