"""Reduce the functions of a cell to a normal form, in which names, comments and layout do not count. Nothing is run."""

import ast
import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

# These add nothing to what a function computes, or differ from one version of Python to the next.
LEFT_OUT = frozenset(("ctx", "kind", "type_comment", "annotation", "returns", "type_params", "simple"))
# The fields that hold a name which a learner may choose, except in these nodes.
CHOSEN, FIXED = frozenset(("id", "arg", "name", "names", "rest")), (ast.keyword, ast.alias)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# A cell with more characters is not an answer of some lines.
MOST_CHARACTERS = 30_000
# A blank in a hint's skeleton matches any expression, and a string that has one matches any string.
BLANK = "..."
BLANKS = ("constant ellipsis", "constant str")
# Words and signs of a text that Python cannot read.
SIGN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Function:
    """A function or class at the top level of a cell.

    `form` is a digest of its code without the names that it binds, and `spelled` one with them. `size` counts the parts
    of its syntax tree. `names` are those that it binds, its own included. `tokens` are its body's, without names.
    """

    name: str
    form: str
    spelled: str
    size: int
    names: frozenset[str]
    tokens: tuple[str, ...] = ()


def functions(source: str, *, decorators: bool = True) -> list[Function] | None:
    """Return the functions and classes at the top level of a cell; None where Python cannot read it.

    Without `decorators`, those of the functions themselves do not count.
    """
    tree = _parsed(source)
    if tree is None:
        return None
    found = [node for node in tree.body if isinstance(node, DEFINITIONS)]
    for node in found if not decorators else ():
        node.decorator_list = []
    return [_function(node) for node in found]


def as_text(name: str, source: str, known_lines: Collection[str] = ()) -> Function:
    """Return a cell that Python cannot read, as one function: its text without white space and without known lines."""
    lines = [line for line in source.splitlines() if line.strip() not in known_lines]
    signs = SIGN.findall("\n".join(lines))
    form = _digest(signs)
    return Function(name, form, form, len(signs), frozenset())


def skeleton(source: str) -> tuple[str, ...]:
    """Return the tokens of a hint with blanks; none where Python cannot read it."""
    tree = _parsed(source)
    tokens = () if tree is None or not tree.body else _body_tokens(tree.body)
    return tuple(BLANK if token.startswith(BLANKS) and BLANK in token else token for token in tokens)


def fills(tokens: Sequence[str], blanks: Sequence[str]) -> bool:
    """Return whether a function's body begins with the statements of a skeleton, with anything in its blanks."""
    at = 0
    for token in blanks[:-1]:  # without the end of the body: more statements may follow
        if at >= len(tokens):
            return False
        if token == BLANK:
            at = _behind(tokens, at)
        elif token != tokens[at]:
            return False
        else:
            at += 1
    return True


def _behind(tokens: Sequence[str], at: int) -> int:
    """Return the place behind the node or the list that begins here."""
    depth = 0
    while at < len(tokens):
        depth += tokens[at][0] in "([" and 1
        depth -= tokens[at][0] in ")]" and 1
        at += 1
        if depth <= 0:
            break
    return at


def _parsed(source: str) -> ast.Module | None:
    if len(source) > MOST_CHARACTERS:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _function(node: Any) -> Function:
    bound = _bound(node)
    # Numbered as they come: the names themselves do not count.
    numbers: dict[str, int] = {node.name: 0}

    def numbered(name: str) -> str:
        return f"name {numbers.setdefault(name, len(numbers))}" if name in bound else f"word {name}"

    tokens = list(_tokens([node], numbered))
    spelled = _digest(list(_tokens([node], lambda name: f"word {name if name != node.name else 0}")))
    size = sum(token.startswith(("(", "constant")) for token in tokens)
    return Function(node.name, _digest(tokens), spelled, size, frozenset(bound), _body_tokens(node.body))


def _bound(node: ast.AST) -> set[str]:
    """Return the names that a definition binds, its own included. What it imports keeps its name."""
    found = set[str]()
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
            found.add(each.id)
        elif isinstance(each, ast.arg):
            found.add(each.arg)
        elif isinstance(each, (*DEFINITIONS, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and each.name:
            found.add(each.name)
    return found


def _body_tokens(body: Sequence[ast.stmt]) -> tuple[str, ...]:
    return tuple(_tokens([list(body)], lambda name: "name"))


def _tokens(stack: list[Any], named: Callable[[str], str]) -> Iterator[str]:
    """Yield the tokens of a syntax tree, depth first. A stack of its own lets a deep tree do no harm."""
    while stack:
        each = stack.pop()
        if isinstance(each, _Token):
            yield each
        elif isinstance(each, list):
            stack += [_Token("]"), *reversed(each), _Token("[")]
        elif isinstance(each, ast.Constant):
            yield _constant(each.value)
        elif isinstance(each, ast.AnnAssign) and each.value is not None:
            stack.append(ast.Assign(targets=[each.target], value=each.value))
        elif isinstance(each, ast.AST) and not _says_nothing(each):
            yield f"({type(each).__name__}"
            stack += [_Token(")"), *reversed(list(_fields(each, named)))]


class _Token(str):
    """A token on the stack, which is not to be taken apart again."""


def _fields(node: ast.AST, named: Callable[[str], str]) -> Iterator[Any]:
    for field, value in ast.iter_fields(node):
        if field in LEFT_OUT:
            continue
        is_chosen = field in CHOSEN and not isinstance(node, FIXED)
        if isinstance(value, str):
            yield _Token(named(value) if is_chosen else f"word {value}")
        elif isinstance(value, list):
            yield [_Token(named(item)) if isinstance(item, str) else item or _Token("value None") for item in value]
        elif isinstance(value, ast.AST):
            yield value
        else:
            yield _Token(f"value {value!r}")


def _says_nothing(node: ast.AST) -> bool:
    """Return whether this is a docstring, another string alone, or an annotation without a value."""
    alone = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return alone or isinstance(node, ast.AnnAssign)


def _constant(value: Any) -> str:
    # The decimal digits of a huge number would be an error.
    text = hex(value) if isinstance(value, int) else BLANK if value is ... else repr(value)
    return f"constant {type(value).__name__} {text}"


def _digest(tokens: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(tokens).encode()).hexdigest()
