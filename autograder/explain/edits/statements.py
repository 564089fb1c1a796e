"""The families of edits that move or remove whole statements."""

import ast
from collections.abc import Iterator

from autograder.explain.edits.trees import Edit, Function, Place, rewritten

BLOCKS = (ast.For, ast.While, ast.If, ast.With)


def block(function: Function) -> Iterator[Edit]:
    """Yield statements moved into or out of the block beside them, or past the statement before them."""
    for owner, name, body in function.bodies:
        for at, statement in enumerate(body):
            if isinstance(statement, BLOCKS):
                yield from _across(owner, name, body, at)
            if at and not isinstance(statement, ast.Return):
                swapped = [*body[: at - 1], statement, body[at - 1], *body[at + 1 :]]
                yield rewritten(owner, name, body, swapped, statement.lineno)


def _across(owner: ast.AST, name: str, body: list[ast.stmt], at: int) -> Iterator[Edit]:
    """Yield the edits that move one statement across the edge of a block."""
    outer, inner = body[at], getattr(body[at], "body")  # noqa: B009  # not all statements have a body

    def moved(new_body: list[ast.stmt], new_inner: list[ast.stmt], line: int) -> Edit:
        return Edit((line,), ((Place(owner, name, body), new_body), (Place(outer, "body", inner), new_inner)))

    before, after = body[:at], body[at + 1 :]
    if len(inner) > 1:
        yield moved([*before, outer, inner[-1], *after], inner[:-1], inner[-1].lineno)
        yield moved([*before, inner[0], outer, *after], inner[1:], inner[0].lineno)
    if after and not isinstance(after[0], ast.FunctionDef):
        yield moved([*before, outer, *after[1:]], [*inner, after[0]], after[0].lineno)
    if before:
        yield moved([*before[:-1], outer, *after], [before[-1], *inner], before[-1].lineno)


def gone(function: Function) -> Iterator[Edit]:
    """Yield one statement removed, and the body of a `with` alone."""
    for owner, name, body in function.bodies:
        for at, statement in enumerate(body):
            if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Pass)) or _is_docstring(statement):
                continue
            rest = [*body[:at], *body[at + 1 :]] or [ast.Pass()]
            yield rewritten(owner, name, body, rest, statement.lineno)
            if isinstance(statement, ast.With):
                without = [*body[:at], *statement.body, *body[at + 1 :]]
                yield rewritten(owner, name, body, without, statement.lineno)


def returned(function: Function) -> Iterator[Edit]:
    """Yield a `return` at the end of a function that has none there: of its last expression, or of a name."""
    for owner, name, body in function.bodies:
        last = body[-1]
        if isinstance(owner, ast.FunctionDef) and not isinstance(last, (ast.Return, ast.Raise)):
            if isinstance(last, ast.Expr):
                yield rewritten(owner, name, body, [*body[:-1], ast.Return(last.value)], last.lineno)
            for each in function.names:
                new = ast.Return(ast.Name(each, ast.Load()))
                yield rewritten(owner, name, body, [*body, new], last.end_lineno or last.lineno)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
