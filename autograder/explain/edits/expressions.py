"""The families of edits of numbers, operators, calls and what stands in brackets."""

import ast
import math
from collections.abc import Iterator
from itertools import permutations

from autograder.explain.edits.trees import Edit, Function, Place, replaced, rewritten

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Add, ast.FloorDiv, ast.Sub, ast.Div, ast.MatMult),
    ast.FloorDiv: (ast.Mult, ast.Mod, ast.Div),
    ast.Div: (ast.FloorDiv, ast.Mult, ast.Mod),
    ast.Mod: (ast.FloorDiv, ast.Mult),
    ast.MatMult: (ast.Mult,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
NEIGHBOURS: tuple[tuple[str, ...], ...] = (
    ("sum", "mean", "amax", "amin", "prod"),
    ("max", "min"),
    ("ceil", "floor", "round"),
    ("zeros", "ones", "empty"),
    ("zeros_like", "ones_like", "empty_like"),
    ("T", "mT"),
    ("relu", "sigmoid", "tanh"),
    ("log_softmax", "softmax"),
)
# Attributes that may be one too many.
ATTRIBUTES = ("T", "mT", "data")
# A number of at least this size may stand for an infinite one.
LARGE = 100
WITH_AXES: tuple[str, ...] = (
    "transpose",
    "permute",
    "sum",
    "mean",
    "amax",
    "amin",
    "max",
    "min",
    "flip",
    "cumsum",
    "unfold",
    "size",
)
WITH_AXES += ("cat", "stack", "squeeze", "unsqueeze", "flatten", "unflatten", "select", "movedim", "swapaxes", "repeat")


def condition(function: Function) -> Iterator[Edit]:
    """Yield conditions that always hold, or never."""
    for _, node in function.of(ast.If, ast.IfExp):
        test = Place(node, "test", node.test)
        yield from (replaced(test, ast.Constant(value)) for value in (True, False))


def axis(function: Function) -> Iterator[Edit]:
    """Yield other axis numbers: of a call, or in the index of a shape."""
    holders = {id(node.args) for _, node in function.of(ast.Call) if getattr(node.func, "attr", "") in WITH_AXES}
    holders |= {id(node) for _, node in function.of(ast.keyword) if node.arg in ("dim", "axis", "dims")}
    holders |= {id(node) for _, node in function.of(ast.Subscript) if getattr(node.value, "attr", "") == "shape"}
    for place, _ in function.of(ast.Constant, ast.UnaryOp):
        if id(place.owner) in holders:
            yield from (replaced(place, ast.Constant(number)) for number in (0, 1, 2, 3, -1, -2, -3, -4))


def number(function: Function) -> Iterator[Edit]:
    """Yield neighbours of each number, and the other of True and False."""
    for place, node in function.of(ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield replaced(place, ast.Constant(not value))
        elif isinstance(value, (int, float)):
            news = dict.fromkeys((value + 1, value - 1, 0, -value, 1, 2, *([math.inf] if value >= LARGE else [])))
            yield from (replaced(place, ast.Constant(new)) for new in news if new != value)


def written_out(function: Function) -> Iterator[Edit]:
    """Yield names in the place of numbers: an option that is written out."""
    for place, node in function.of(ast.Constant):
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            yield from (replaced(place, ast.Name(name, ast.Load())) for name in function.names)


def nothing(function: Function) -> Iterator[Edit]:
    """Yield a number or a name for each None."""
    news = [ast.Constant(0), ast.Constant(1), *(ast.Name(name, ast.Load()) for name in function.names)]
    for place, node in function.of(ast.Constant):
        if node.value is None:
            yield from (replaced(place, new) for new in news)


def operator(function: Function) -> Iterator[Edit]:
    """Yield neighbours of each operator and comparison, and the two sides the other way round."""
    for place, node in function.of(ast.BinOp):
        news = [ast.BinOp(node.left, other(), node.right) for other in OPERATORS.get(type(node.op), ())]
        if not isinstance(node.op, (ast.Add, ast.Mult)):
            news.append(ast.BinOp(node.right, node.op, node.left))
        yield from (replaced(place, new, node.right.lineno) for new in news)
    for place, node in function.of(ast.Compare):
        for other in COMPARISONS.get(type(node.ops[0]), ()) if len(node.ops) == 1 else ():
            yield replaced(place, ast.Compare(node.left, [other()], node.comparators))
    for place, node in function.of(ast.BoolOp):
        yield replaced(place, ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values))


def added_or_set(function: Function) -> Iterator[Edit]:
    """Yield `=` for `+=`, and `+=` for `=`."""
    for place, node in function.of(ast.AugAssign, ast.Assign):
        if isinstance(node, ast.AugAssign):
            yield replaced(place, ast.Assign([node.target], node.value, lineno=node.lineno))
            for other in (ast.Add, ast.Sub, ast.Mult):
                if not isinstance(node.op, other):
                    yield replaced(place, ast.AugAssign(node.target, other(), node.value))
        elif len(node.targets) == 1 and isinstance(node.targets[0], (ast.Name, ast.Subscript)):
            yield replaced(place, ast.AugAssign(node.targets[0], ast.Add(), node.value))


def term(function: Function) -> Iterator[Edit]:
    """Yield one side of each operator, and a number without its sign."""
    for place, node in function.of(ast.BinOp):
        yield from (replaced(place, kept, gone.lineno) for kept, gone in permutations((node.left, node.right)))
    for place, node in function.of(ast.UnaryOp):
        yield replaced(place, node.operand)
    for place, node in function.of(ast.IfExp):
        yield from (replaced(place, side) for side in (node.body, node.orelse))


def order(function: Function) -> Iterator[Edit]:
    """Yield the items of a tuple, a list or a call's arguments in another order, or without one of them."""
    for _, node in function.of(ast.Tuple, ast.List, ast.Call):
        name = "args" if isinstance(node, ast.Call) else "elts"
        items = getattr(node, name)
        if not 2 <= len(items) <= 6:
            continue
        others = [
            [*items[:i], items[j], *items[i + 1 : j], items[i], *items[j + 1 :]]
            for i in range(len(items))
            for j in range(i + 1, len(items))
        ]
        others += [[*items[2:], *items[:2]]] if len(items) == 4 else []
        others += [[*items[:i], *items[i + 1 :]] for i in range(len(items))]
        yield from (rewritten(node, name, items, other, items[0].lineno) for other in others)


def neighbour(function: Function) -> Iterator[Edit]:
    """Yield neighbours of the functions and methods that it calls."""
    for place, node in function.of(ast.Attribute, ast.Name):
        called = node.attr if isinstance(node, ast.Attribute) else node.id
        for other in (other for group in NEIGHBOURS if called in group for other in group if other != called):
            new = ast.Name(other, ast.Load()) if isinstance(node, ast.Name) else ast.Attribute(node.value, other)
            yield replaced(place, new, node.end_lineno)


def turned(function: Function) -> Iterator[Edit]:
    """Yield a flip, a sum, a rounding or the like taken away: what it is called on, or its first argument."""
    for place, node in function.of(ast.Call, ast.Attribute):
        method = node.func if isinstance(node, ast.Call) else node
        if isinstance(method, ast.Attribute) and (method is not node or method.attr in ATTRIBUTES):
            yield replaced(place, method.value, method.end_lineno or 0)
        if isinstance(node, ast.Call) and node.args and not isinstance(node.args[0], ast.Starred):
            yield replaced(place, node.args[0])


def not_turned(function: Function) -> Iterator[Edit]:
    """Yield a flip or a transpose added."""
    for place, node in function.values(ast.Name, ast.Call, ast.Subscript):
        for way in ("flip(-2, -1)", "mT", "flip(-1)"):
            new = ast.parse(f"_.{way}", mode="eval").body
            (new.func if isinstance(new, ast.Call) else new).value = node  # type: ignore[attr-defined]
            yield replaced(place, new)
