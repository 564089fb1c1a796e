"""Places in a function's syntax tree, and edits of it: what to put where."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

# More names than this in one function are a list, not a slip: each would be tried in the place of each.
MOST_NAMES = 16


@dataclass(frozen=True, eq=False)
class Place:
    """A place that holds a node: `owner` is another node and `key` its field, or a list and an index."""

    owner: Any
    key: Any
    node: Any

    def put(self, new: Any) -> None:
        """Put something else there."""
        if isinstance(self.owner, list):
            self.owner[self.key] = new
        else:
            setattr(self.owner, self.key, new)


@dataclass(frozen=True, eq=False)
class Edit:
    """One edit: the lines that it changes, and what it puts into which places, all at once."""

    lines: tuple[int, ...]
    puts: tuple[tuple[Place, Any], ...]

    def make(self) -> None:
        """Change the tree."""
        for place, new in self.puts:
            place.put(new)

    def undo(self) -> None:
        """Change the tree back."""
        for place, _ in reversed(self.puts):
            place.put(place.node)


@dataclass(eq=False)
class Function:
    """A learner's function, or class, as the families of edits see it."""

    tree: ast.stmt
    places: list[Place] = field(init=False)

    def __post_init__(self) -> None:
        """Collect the places of the tree, in the order of the text."""
        self.places = list(_places(self.tree))

    def of(self, *kinds: type[ast.AST]) -> Iterator[tuple[Place, Any]]:
        """Yield the places that hold a node of these kinds, and the nodes."""
        return ((place, place.node) for place in self.places if isinstance(place.node, kinds))

    def values(self, *kinds: type[ast.AST]) -> Iterator[tuple[Place, Any]]:
        """Yield the places where a value of these kinds is read: no module, and nothing that is called."""
        for place, node in self.of(*kinds):
            is_bound = not isinstance(node, ast.Name) or node.id in self.bound
            if is_bound and place.key != "func" and isinstance(getattr(node, "ctx", None), ast.Load | None):
                yield place, node

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the first names that the function binds, of those that are tried in the place of others."""
        return self.bound[:MOST_NAMES]

    @cached_property
    def bound(self) -> tuple[str, ...]:
        """Return all names that the function binds: parameters and variables."""
        bound: dict[str, None] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.arg):
                bound[node.arg] = None
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound[node.id] = None
        return tuple(name for name in bound if name not in ("self", "_"))

    @cached_property
    def loads(self) -> tuple[tuple[Place, ast.Name], ...]:
        """Return the places where one of these names is read."""
        return tuple(
            (place, node)
            for place, node in self.of(ast.Name)
            if isinstance(node.ctx, ast.Load) and node.id in self.bound
        )

    @cached_property
    def bodies(self) -> tuple[tuple[Any, str, list[ast.stmt]], ...]:
        """Return the lists of statements: the node that owns each, its field, and the list."""
        return tuple(
            (node, name, value)
            for node in ast.walk(self.tree)
            for name, value in ast.iter_fields(node)
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt)
        )


def _places(node: ast.AST) -> Iterator[Place]:
    for name, value in ast.iter_fields(node):
        if name in ("returns", "annotation", "decorator_list", "type_params"):
            continue
        children: list[tuple[Any, Any, Any]] = [(node, name, value)]
        if isinstance(value, list):
            children = [(value, index, item) for index, item in enumerate(value)]
        for owner, key, child in children:
            if isinstance(child, ast.AST):
                yield Place(owner, key, child)
                yield from _places(child)


def replaced(place: Place, new: Any, line: int = 0) -> Edit:
    """Return the edit that puts one node into a place. The line is the node's first one, if no other is given."""
    return Edit((line or place.node.lineno,), ((place, new),))


def rewritten(owner: Any, name: str, before: Sequence[Any], after: Sequence[Any], line: int) -> Edit:
    """Return the edit that gives a node another list of statements, arguments or items."""
    return Edit((line,), ((Place(owner, name, before), list(after)),))


def joined(edits: Sequence[Edit]) -> Edit:
    """Return the edit that makes all of these at once. None of them may lie within another."""
    lines = sorted({line for edit in edits for line in edit.lines})
    return Edit(tuple(lines), tuple(put for edit in edits for put in edit.puts))
