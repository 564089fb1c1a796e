"""Find the name that is None where a function raised, and the line that sets it: the text of the code proves it."""

import ast
import re
from collections.abc import Iterator

from autograder.notebooks.read import Submission
from autograder.report import condition_messages as messages
from autograder.sandbox.answers import Raised, Wrong
from autograder.sanitize import one_line

PLACE = re.compile(r"\((?P<cell>[^()]*), line (?P<line>\d+)(?:: |\))")
# Statements without others in them, and loops, of which only what they run over counts.
STATEMENTS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr, ast.For)


def none_name(submission: Submission, wrong: Wrong) -> str | None:
    """Return which name is None where a call raised, and where it was set, in a sentence; None where that is unclear.

    The statement that raised must read exactly one name that its function sets to None, once, and to nothing else.
    """
    place = PLACE.search(wrong.message) if isinstance(wrong, Raised) and "None" in wrong.said else None
    cell = next((cell for cell in submission.cells if place and cell.label == place["cell"]), None)
    if cell is None or place is None:
        return None
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    line = int(place["line"])
    function, statement = _innermost(tree, line, (ast.FunctionDef,)), _innermost(tree, line, STATEMENTS)
    if function is None or statement is None:
        return None
    reading = statement.iter if isinstance(statement, ast.For) else statement
    read = {node.id for node in ast.walk(reading) if isinstance(node, ast.Name)}
    found = [(name, at) for name, at in _set_to_none(function) if name in read and at < statement.lineno]
    if len(found) != 1:
        return None
    return messages.IS_NONE.format(name=found[0][0], raised=line, line=found[0][1], cell=one_line(cell.label))


def _innermost(tree: ast.Module, line: int, kinds: tuple[type[ast.stmt], ...]) -> ast.stmt | None:
    nodes = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    around = [node for node in nodes if node.lineno <= line <= (node.end_lineno or 0)]
    return min(around, key=lambda each: (each.end_lineno or 0) - each.lineno, default=None)


def _set_to_none(function: ast.stmt) -> Iterator[tuple[str, int]]:
    """Yield the local names that are set once, to None, each with its line."""
    bound: dict[str, list[int]] = {}
    nothing: dict[str, int] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.setdefault(node.id, []).append(node.lineno)
        elif isinstance(node, ast.arg):
            bound.setdefault(node.arg, []).append(node.lineno)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            for name in node.names:
                bound.setdefault(name, []).extend((0, 0))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value is None:
            nothing |= {target.id: node.lineno for target in node.targets if isinstance(target, ast.Name)}
    yield from ((name, line) for name, line in nothing.items() if len(bound[name]) == 1)
