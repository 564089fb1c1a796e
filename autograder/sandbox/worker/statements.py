"""The statement of a cell that a traceback points into, on one line."""

import ast
import warnings
from functools import lru_cache

# What is longer is a function's worth of code, and a message has no room for it.
MOST_LINES = 40
LONG = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try, ast.Match)


def statement_at(source: str, number: int) -> str:
    """Return the statement that this line of the source belongs to; of a loop or a condition, only its head.

    One that goes over several lines comes without its comments. Where Python cannot read the source, it is the line.
    """
    lines = source.splitlines()
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    try:
        return _over_several_lines(source).get(number, line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return line


@lru_cache(maxsize=8)
def _over_several_lines(source: str) -> dict[int, str]:
    """Return the statements that go over several lines, by the number of each of these lines."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
    found: dict[int, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or isinstance(node, LONG):
            continue
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
        if node.lineno < last < node.lineno + MOST_LINES:
            text = ast.unparse(node).partition("\n")[0] if body else ast.unparse(node)
            found |= dict.fromkeys(range(node.lineno, last + 1), " ".join(text.split()))
    return found
