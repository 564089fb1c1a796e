"""What names mean in a submission's cells once all have run, as far as their text alone makes it certain.

Nothing is run. A name means something here only where nothing could have given it another meaning since.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from autograder.notebooks.read import Cell

# Whoever imports other things, or uses these words, may have given any name any meaning.
IMPORTS = re.compile(
    r"(torch(\.nn(\.functional)?|\.optim|\.utils\.data)?|(numpy|matplotlib|IPython|ipywidgets|seaborn)(\.\w+)*"
    r"|math|time|random|typing|itertools|functools|collections(\.abc)?|dataclasses|__future__)$"
)
DOUBTFUL = re.compile(
    r"exec|eval|globals|locals|vars|setattr|delattr|modules|overrides|library|meta|get_ipython|_\w*C|\*"
    r"|__(?!(init|main|name|future|version|repr|str|len|call)__)\w+__"
)
MODULES = ("nn", "functional", "ops", "aten")


@dataclass(frozen=True)
class Library:
    """Something of a library, by its full name; `made` is what comes of calling it, such as a layer of its class."""

    name: str
    made: bool = False


@dataclass(frozen=True, eq=False)
class Own:
    """A function or class of the learner's: the cell it stands in, and what names mean around it; or what it makes."""

    node: ast.FunctionDef | ast.ClassDef
    cell: Cell
    names: dict[str, Any]
    made: bool = False


Meaning = Library | Own | None


@dataclass(frozen=True)
class Look:
    """What a cell's text alone tells: the names that each statement binds, and what puts other names in doubt."""

    tree: ast.Module
    bound: tuple[tuple[str, ...], ...]
    shared: tuple[str, ...]
    changed: frozenset[str]
    doubtful: bool


def read(cells: Sequence[Cell], words: frozenset[str]) -> dict[str, Meaning]:
    """What the names at the top of the cells mean in the end; nothing where none of `words` stands in them.

    `words` are names of a library that nobody may give another meaning. Raises SyntaxError and the like.
    """
    # Most submissions end here: their functions say such a word in a comment at most.
    if not any(_may_use(cell.source, words) for cell in cells):
        return {}
    looks = [_look(cell.source) for cell in cells]
    if any(look.doubtful or look.changed & words for look in looks):
        return {}
    names: dict[str, Meaning] = {}
    for cell, look in zip(cells, looks, strict=True):
        for statement, found in zip(look.tree.body, look.bound, strict=True):
            bind(statement, found, names, cell)
    for look in looks:
        names.update(dict.fromkeys(look.shared))
    return names


# Most cells of a class are the course's own: whoever has graded one submission knows them.
@lru_cache(maxsize=64)
def _may_use(source: str, words: frozenset[str]) -> bool:
    """True where one of the words stands in more than a call of the cell's own, made while the cell runs."""
    if not any(word in source for word in words):
        return False
    kept: list[ast.AST] = []
    for each in _parsed(source).body:
        if isinstance(each, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            kept.append(each)
        elif isinstance(each, ast.Assign) and isinstance(each.value, (ast.Name, ast.Attribute)):
            kept.append(each.value)
        elif isinstance(each, ast.Assign) and isinstance(each.value, ast.Call):
            # A function's value is no way to the function; a layer is.
            kept += [each.value.func] if any(word[:1].isupper() for word in _words(each.value.func)) else []
    return any(not words.isdisjoint(_words(node)) for each in kept for node in ast.walk(each))


@lru_cache(maxsize=32)
def _look(source: str) -> Look:
    tree = _parsed(source)
    shared: list[str] = []
    changed: set[str] = set()
    doubtful = False
    for node in ast.walk(tree):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            shared += node.names
        elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            changed.add(node.attr)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            doubtful = doubtful or not all(map(IMPORTS.match, modules))
        doubtful = doubtful or any(map(DOUBTFUL.fullmatch, _words(node)))
    doubtful = doubtful or not changed.isdisjoint(MODULES)
    return Look(tree, tuple(tuple(bound(each)) for each in tree.body), tuple(shared), frozenset(changed), doubtful)


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def words_in(body: Sequence[ast.stmt]) -> set[str]:
    """Every name that these statements consist of."""
    return {word for statement in body for node in ast.walk(statement) for word in _words(node)}


def _words(node: ast.AST) -> Iterator[str]:
    """The names that a node itself consists of; a text may name torch's meta device."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.alias):
        yield node.name


def bind(statement: ast.stmt, found: Sequence[str], names: dict[str, Meaning], cell: Cell) -> None:
    """Take in what a statement, once run, makes of the names that it binds: None where that is not known."""
    names.update(dict.fromkeys(found))
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            first = alias.name.partition(".")[0]
            names[alias.asname or first] = Library(alias.name if alias.asname else first)
    elif isinstance(statement, ast.ImportFrom):
        names.update({one.asname or one.name: Library(f"{statement.module}.{one.name}") for one in statement.names})
    elif isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        names[statement.name] = Own(statement, cell, names)
    elif isinstance(statement, ast.Assign) and all(isinstance(target, ast.Name) for target in statement.targets):
        names.update(dict.fromkeys(found, meaning(statement.value, names)))


def bound(node: ast.AST) -> Iterator[str]:
    """Every name that running this may bind or remove around it, once for each place."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
        return
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
    for child in ast.iter_child_nodes(node):
        yield from bound(child)


def meaning(node: ast.AST, names: dict[str, Meaning]) -> Meaning:
    """What a name means, or a dotted one, or what is made by calling one."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        of = meaning(node.value, names)
        return Library(f"{of.name}.{node.attr}") if isinstance(of, Library) and not of.made else None
    if isinstance(node, ast.Call):
        of = meaning(node.func, names)
        return replace(of, made=True) if of is not None and not of.made else None
    return None


def method(of: Own) -> ast.FunctionDef | None:
    """What is run when a class of the learner's, or what it made, is called; None where that is in doubt."""
    node = of.node
    if not isinstance(node, ast.ClassDef) or node.decorator_list or node.keywords:
        return None
    if [meaning(base, of.names) for base in node.bases] not in ([], [Library("torch.nn.Module")]):
        return None
    names = {"__call__", "forward"} if of.made else {"__init__"}
    found = [each for each in node.body if names.intersection(bound(each))]
    return found[0] if len(found) == 1 and isinstance(found[0], ast.FunctionDef) else None
