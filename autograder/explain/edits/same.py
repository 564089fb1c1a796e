"""The family of the same edit in several places: of one name or number, or of the twins that rows and columns have."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from autograder.explain.edits import expressions, names
from autograder.explain.edits.trees import Edit, Function, joined

# More places than this are another function.
MOST_PLACES = 6
BASES = (
    names.other_side,
    expressions.axis,
    expressions.number,
    expressions.operator,
    expressions.order,
    expressions.neighbour,
    expressions.term,
    names.bound,
)
# These families are large, and their edits stand in twins only.
OF_TWINS = (names.other_name, expressions.turned, names.one_more, names.option)
# The index of one axis of a shape, and a size.
AXIS = re.compile(r"\.shape\[-?\d\]|\.size\(-?\d\)")
NAME = re.compile(r"[A-Za-z_]\w*")


def same(function: Function) -> Iterator[Edit]:
    """Yield the edits of other families, made everywhere where the same code stands, or in twins."""
    twins = _twins(function)
    for base in (*BASES, *OF_TWINS):
        groups: dict[tuple[Any, ...], list[Edit]] = {}
        for edit in base(function):
            for key in _keys(function, edit, twins, only_twins=base in OF_TWINS):
                groups.setdefault(key, []).append(edit)
        yield from (joined(group) for group in groups.values() if 2 <= len(group) <= MOST_PLACES)


def _keys(
    function: Function, edit: Edit, twins: dict[int, list[tuple[str, int]]], *, only_twins: bool
) -> Iterator[tuple[Any, ...]]:
    """Yield what an edit has in common with others: the same code in the function or in a line, or a twin's place."""
    if len(edit.puts) > 1:
        return
    place, new = edit.puts[0]
    after = _text(new)
    if not only_twins:
        before = _text(place.node)
        yield before, after
        yield before, after, edit.lines
    anchor = place.owner if isinstance(place.node, list) else place.node
    for unit, offset in twins.get(id(anchor), ()):
        yield unit, offset, _without_sides(function, after)


def _twins(function: Function) -> dict[int, list[tuple[str, int]]]:
    """Return, for each node within code that has a twin, that code without its sides, and where in it the node is."""
    units: dict[str, list[ast.AST]] = {}
    for unit in _units(function.tree):
        units.setdefault(_without_sides(function, _text(unit)), []).append(unit)
    twins: dict[int, list[tuple[str, int]]] = {}
    for text, alike in units.items():
        for unit in alike if len(alike) > 1 else ():
            for offset, node in enumerate(ast.walk(unit)):
                twins.setdefault(id(node), []).append((text, offset))
    return twins


def _units(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the code that may have a twin: simple statements, what loops run over, items and arguments."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr)):
            yield node
        elif isinstance(node, (ast.For, ast.comprehension)):
            yield node.iter
        items = node.args if isinstance(node, ast.Call) else getattr(node, "elts", ())
        yield from (each for each in items if not isinstance(each, (ast.Name, ast.Constant)))


@cache
def _canonical(bound: tuple[str, ...]) -> dict[str, str]:
    """Return the first of the names that differ in the side only, for each name."""
    first: dict[str, str] = {}
    for name in bound:
        first[name] = next((first[other] for other in first if names.of_two_sides(name, other)), name)
    return first


def _without_sides(function: Function, text: str) -> str:
    """Return code with one name for both sides of the image."""
    first = _canonical(function.bound)
    return NAME.sub(lambda found: first.get(found[0], found[0]), AXIS.sub(".side", text))


def _text(code: Any) -> str:
    return ", ".join(map(_text, code)) if isinstance(code, list) else ast.unparse(code)
