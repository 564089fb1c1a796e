"""Find the statement of a cell that a traceback points into, and write it on one line."""

import ast
import warnings
from functools import lru_cache

# A message has no room for a longer statement.
MOST_LINES = 40
LONG = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try, ast.Match)


def statement_at(source: str, number: int) -> str:
    """Return the statement that this line belongs to; of a loop or a condition, only its head.

    A statement of several lines loses its comments. Where Python cannot read the source, return the line.
    """
    lines = source.splitlines()
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    try:
        return _multiline_statements(source).get(number, line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return line


@lru_cache(maxsize=8)
def _multiline_statements(source: str) -> dict[int, str]:
    """Return the statements that span several lines, under the number of each line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
    statements: dict[int, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or isinstance(node, LONG):
            continue
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
        if node.lineno < last < node.lineno + MOST_LINES:
            text = ast.unparse(node).partition("\n")[0] if body else ast.unparse(node)
            statements |= dict.fromkeys(range(node.lineno, last + 1), " ".join(text.split()))
    return statements
