"""The families of edits of names, of an image's sides, and of what an index or a range takes into account."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

from autograder.explain.edits.trees import Edit, Function, replaced, rewritten

# Words for one side of an image, and the same word for the other side.
SIDES: tuple[tuple[str, str], ...] = (
    ("height", "width"),
    ("h", "w"),
    ("H", "W"),
    ("row", "col"),
    ("row", "column"),
    ("rows", "cols"),
    ("i", "j"),
)
SIDES += (("rows", "columns"), ("top", "left"), ("bottom", "right"), ("vertical", "horizontal"))
OTHER_SIDES = frozenset((*SIDES, *((other, side) for side, other in SIDES)))
# A longer word has a letter for the side by chance: weight.
LONGEST = 3
OPTIONS = re.compile(r"(?i)_?(stride|dilation|padding|pad|step|[sdp])(_?(h|w|y|x|[01]|height|width|rows?|cols?))?")


def other_side(function: Function) -> Iterator[Edit]:
    """Yield names for the other side of the image in the place of names for one side."""
    for place, node in function.loads:
        for name in function.bound:
            if name != node.id and of_two_sides(node.id, name):
                yield replaced(place, ast.Name(name, ast.Load()))


@lru_cache(maxsize=4096)
def of_two_sides(one: str, two: str) -> bool:
    """Return whether two names differ in one word, or in one letter of a short word, which says the side."""
    words = [pair for pair in zip_longest(one.split("_"), two.split("_"), fillvalue="") if pair[0] != pair[1]]
    if len(words) != 1 or words[0] in OTHER_SIDES:
        return len(words) == 1
    first, second = words[0]
    letters = [pair for pair in zip_longest(first, second, fillvalue="") if pair[0] != pair[1]]
    return len(first) <= LONGEST and len(letters) == 1 and letters[0] in OTHER_SIDES


def other_name(function: Function) -> Iterator[Edit]:
    """Yield other names of the function in the place of each."""
    for place, node in function.loads:
        yield from (replaced(place, ast.Name(name, ast.Load())) for name in function.names if name != node.id)


def one_more(function: Function) -> Iterator[Edit]:
    """Yield one more and one less in ranges, slices, sizes and what is assigned."""
    for place, node in function.values(ast.Name, ast.BinOp, ast.Attribute, ast.Subscript):
        yield from (replaced(place, ast.BinOp(node, op(), ast.Constant(1))) for op in (ast.Add, ast.Sub))


def option(function: Function) -> Iterator[Edit]:
    """Yield an index or a size times, divided by, plus or minus one of the call's options."""
    options = [name for name in function.names if OPTIONS.fullmatch(name)]
    operators: tuple[ast.operator, ...] = (ast.Mult(), ast.FloorDiv(), ast.Add(), ast.Sub())
    for _, node in function.of(ast.Subscript):
        within = {id(each) for each in ast.walk(node.slice)}
        inside = [(place, name) for place, name in function.loads if id(name) in within]
        for name in dict.fromkeys(each.id for _, each in inside if each.id not in options):
            at = [place for place, each in inside if each.id == name]
            for new in (ast.BinOp(at[0].node, op, ast.Name(by, ast.Load())) for by in options for op in operators):
                yield Edit((at[0].node.lineno,), tuple((place, new) for place in at))
    for place, node in function.values(ast.Name, ast.BinOp, ast.Subscript):
        if not _is_option(node, options):
            for by in options:
                yield from (replaced(place, ast.BinOp(node, op, ast.Name(by, ast.Load()))) for op in operators)


def _is_option(node: ast.AST, options: list[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in options


def bound(function: Function) -> Iterator[Edit]:
    """Yield ranges and slices without an end, a start or a step, and with an option as their step."""
    options = [name for name in function.names if OPTIONS.fullmatch(name)]
    for _, node in function.of(ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == "range":
            arguments = node.args if len(node.args) > 1 else [ast.Constant(0), *node.args]
            others = [[*arguments[:2], ast.Name(name, ast.Load())] for name in options]
            others += [arguments[:2], arguments[1:2]] if len(node.args) > 1 else [[ast.Constant(1), *node.args]]
            yield from (rewritten(node, "args", node.args, other, node.lineno) for other in others)
    for place, node in function.of(ast.Slice):
        if node.lower or node.upper or node.step:
            yield replaced(place, ast.Slice(None, node.upper, node.step))
            yield replaced(place, ast.Slice(node.lower, None, node.step))
            yield replaced(place, ast.Slice(node.lower, node.upper))
        yield from (replaced(place, ast.Slice(node.lower, node.upper, ast.Name(name, ast.Load()))) for name in options)


def end(function: Function) -> Iterator[Edit]:
    """Yield an end, or a start, for each slice that has none."""
    news = [*map(ast.Constant, (1, 2, -1, -2)), *(ast.Name(name, ast.Load()) for name in function.names)]
    for place, node in function.of(ast.Slice):
        for new in news:
            if node.lower is None:
                yield replaced(place, ast.Slice(new, node.upper, node.step))
            if node.upper is None:
                yield replaced(place, ast.Slice(node.lower, new, node.step))
