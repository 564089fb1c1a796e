"""Write a definition as code, again and again with one edit after another: only the edited statements anew."""

import ast
from collections.abc import Iterator
from typing import Any

from autograder.explain.edits.trees import Edit

INDENT = "    "
Compound = ast.FunctionDef | ast.For | ast.While | ast.If


class Text:
    """The code of a definition. The texts of its statements are kept; those that an edit touches are made anew."""

    def __init__(self, tree: ast.stmt) -> None:
        self._tree = tree
        self._kept: dict[int, list[str]] = {}
        self._heads: dict[int, list[str]] = {}
        self._around = dict(_statements_around(tree, ()))
        self.plain = "\n".join(self._lines(tree))

    def edited(self, edit: Edit) -> str:
        """Return the code with an edit; "" where that is no code."""
        around = [self._around[id(place.owner)] for place, _ in edit.puts]
        kept, heads = dict(self._kept), dict(self._heads)
        for each in {each for statements in around for each in statements}:
            self._kept.pop(each, None)
        for statements in around:
            self._heads.pop(statements[-1], None)
        edit.make()
        try:
            return "\n".join(self._lines(self._tree))
        except (AttributeError, TypeError, ValueError, RecursionError):
            return ""
        finally:
            edit.undo()
            # A statement that the edit has made may leave its number to another one.
            self._kept, self._heads = kept, heads

    def _lines(self, statement: ast.stmt) -> list[str]:
        kept = self._kept.get(id(statement))
        if kept is None:
            kept = self._kept[id(statement)] = self._made(statement)
        return kept

    def _made(self, statement: ast.stmt) -> list[str]:
        if not isinstance(statement, Compound) or getattr(statement, "decorator_list", None):
            return ast.unparse(statement).split("\n")
        head = self._heads.get(id(statement))
        if head is None:
            head = self._heads[id(statement)] = _head(statement).split("\n")
        lines = [*head]
        lines += [INDENT + line for each in statement.body for line in self._lines(each)]
        orelse: list[ast.stmt] = getattr(statement, "orelse", [])
        return [*lines, "else:", *(INDENT + line for each in orelse for line in self._lines(each))] if orelse else lines


def _head(statement: Compound) -> str:
    """Return a compound statement's code without its body."""
    fields = {name: value for name, value in ast.iter_fields(statement) if name not in ("body", "orelse")}
    fields |= {"body": [], "lineno": 0} | ({} if isinstance(statement, ast.FunctionDef) else {"orelse": []})
    return ast.unparse(type(statement)(**fields))


def _statements_around(node: Any, around: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield, for each node and each list of them, the statements that it is in."""
    if isinstance(node, ast.stmt):
        around = (*around, id(node))
    yield id(node), around
    for each in node if isinstance(node, list) else (value for _, value in ast.iter_fields(node)):
        if isinstance(each, (ast.AST, list)):
            yield from _statements_around(each, around)
