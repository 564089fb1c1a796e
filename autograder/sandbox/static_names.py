"""Find out what names mean once a submission's cells have run, as far as the text makes it certain. Nothing is run.

A name has a meaning here only where nothing could have given it another one.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from autograder.notebooks.read import Cell

# Code that imports other modules, or uses the words of DOUBTFUL, may give any name any meaning.
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
    """Something in a library, by its full name. With `called`, the result of calling it, such as a layer."""

    name: str
    called: bool = False


@dataclass(frozen=True, eq=False)
class Definition:
    """A function or class of the learner's, with its cell and the meanings of names around it.

    With `called`, the result of calling it, such as an instance.
    """

    node: ast.FunctionDef | ast.ClassDef
    cell: Cell
    names: dict[str, Any]
    called: bool = False


Meaning = Library | Definition | None


@dataclass(frozen=True)
class Bindings:
    """The names that each statement of a cell binds, and the signs that other names may change.

    `shared` are names that functions declare global or nonlocal, `changed` are attributes that are assigned to, and
    `doubtful` means that any name may have any meaning.
    """

    tree: ast.Module
    bound: tuple[tuple[str, ...], ...]
    shared: tuple[str, ...]
    changed: frozenset[str]
    doubtful: bool


def read(cells: Sequence[Cell], words: frozenset[str]) -> dict[str, Meaning]:
    """Return the final meanings of the names at the top level of the cells; nothing where no cell may use `words`.

    `words` are names in a library, and no cell may give them another meaning. Raises SyntaxError and the like.
    """
    # Most submissions end here: at most, a comment contains such a word.
    if not any(_may_use(cell.source, words) for cell in cells):
        return {}
    bindings = [_bindings(cell.source) for cell in cells]
    if any(one.doubtful or one.changed & words for one in bindings):
        return {}
    names: dict[str, Meaning] = {}
    for cell, one in zip(cells, bindings, strict=True):
        for statement, bound_names in zip(one.tree.body, one.bound, strict=True):
            bind(statement, bound_names, names, cell)
    for one in bindings:
        names.update(dict.fromkeys(one.shared))
    return names


# Most cells of a class are the course's own, and the same in each submission.
@lru_cache(maxsize=64)
def _may_use(source: str, words: frozenset[str]) -> bool:
    """Return whether a function of the cell may use one of the words. Calls while the cell runs do not count."""
    if not any(word in source for word in words):
        return False
    relevant: list[ast.AST] = []
    for statement in _parsed(source).body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            relevant.append(statement)
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.Name, ast.Attribute)):
            relevant.append(statement.value)
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            # The value of a function cannot be called later; a layer can.
            made = statement.value.func
            relevant += [made] if any(word[:1].isupper() for word in _words(made)) else []
    return any(not words.isdisjoint(_words(node)) for part in relevant for node in ast.walk(part))


@lru_cache(maxsize=32)
def _bindings(source: str) -> Bindings:
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
    names = tuple(tuple(bound(statement)) for statement in tree.body)
    return Bindings(tree, names, tuple(shared), frozenset(changed), doubtful)


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def words_in(body: Sequence[ast.stmt]) -> set[str]:
    """Return every name in these statements."""
    return {word for statement in body for node in ast.walk(statement) for word in _words(node)}


def _words(node: ast.AST) -> Iterator[str]:
    """Yield the names in a node itself. Strings count: one may name torch's meta device."""
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


def bind(statement: ast.stmt, bound_names: Sequence[str], names: dict[str, Meaning], cell: Cell) -> None:
    """Update the meanings of the names that a statement binds: None where the meaning is not certain."""
    names.update(dict.fromkeys(bound_names))
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            first = alias.name.partition(".")[0]
            names[alias.asname or first] = Library(alias.name if alias.asname else first)
    elif isinstance(statement, ast.ImportFrom):
        for alias in statement.names:
            names[alias.asname or alias.name] = Library(f"{statement.module}.{alias.name}")
    elif isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        names[statement.name] = Definition(statement, cell, names)
    elif isinstance(statement, ast.Assign) and all(isinstance(target, ast.Name) for target in statement.targets):
        names.update(dict.fromkeys(bound_names, meaning(statement.value, names)))


def bound(node: ast.AST) -> Iterator[str]:
    """Yield every name that running this may bind or delete in the scope around it; a name may come several times."""
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
    """Return the meaning of a name, of a dotted name, or of a call of one; None where it is not certain."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = meaning(node.value, names)
        return Library(f"{owner.name}.{node.attr}") if isinstance(owner, Library) and not owner.called else None
    if isinstance(node, ast.Call):
        target = meaning(node.func, names)
        return replace(target, called=True) if target is not None and not target.called else None
    return None


def method(definition: Definition) -> ast.FunctionDef | None:
    """Return the method that runs when a class of the learner's, or its instance, is called; None where in doubt."""
    node = definition.node
    if not isinstance(node, ast.ClassDef) or node.decorator_list or node.keywords:
        return None
    if [meaning(base, definition.names) for base in node.bases] not in ([], [Library("torch.nn.Module")]):
        return None
    names = {"__call__", "forward"} if definition.called else {"__init__"}
    methods = [statement for statement in node.body if names.intersection(bound(statement))]
    return methods[0] if len(methods) == 1 and isinstance(methods[0], ast.FunctionDef) else None
