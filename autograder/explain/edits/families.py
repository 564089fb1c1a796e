"""The families of edits, smallest slip first. Each has a sentence for learners, which never says the edit itself.

A family yields the edits of one function. Two families may make the same code; the first of them has it.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.explain.edits import statements
from autograder.explain.edits.trees import Edit, Function, Place, replaced, rewritten
from autograder.report import edit_messages as messages

# Words for the two sides of an image, and what each is called for the other side.
SIDES = re.compile(r"height|width|rows?|cols?(?:umns?)?|[hwHWijrcyxmnkl]")
OTHER_SIDE = {"height": "width", "row": "col", "rows": "cols", "column": "row", "columns": "rows"}
OTHER_SIDE |= {"h": "w", "i": "j", "r": "c", "y": "x", "m": "n", "k": "l", "H": "W"}
OTHER_SIDE |= {other: side for side, other in OTHER_SIDE.items()}
OPTIONS = re.compile(r"(?i)_?(stride|dilation|padding|pad|step|[sdp])(_?(h|w|y|x|[01]|height|width|rows?|cols?))?")
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
    ("float", "double", "long"),
    ("T", "mT"),
)
TAKEN_AWAY = ("flip", "T", "mT", "t", "transpose", "permute", "rot90", "fliplr", "flipud", "mean", "sum", "long", "int")
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


def other_side(function: Function) -> Iterator[Edit]:
    """Yield names for the other side of the image in the place of names for one side."""
    for place, node in function.loads:
        for name in function.names:
            if name != node.id and _of_two_sides(node.id, name):
                yield replaced(place, ast.Name(name, ast.Load()))


def _of_two_sides(one: str, two: str) -> bool:
    return any(
        one[: word.start()] + OTHER_SIDE.get(word[0], "\n") + one[word.end() :] == two for word in SIDES.finditer(one)
    )


def other_name(function: Function) -> Iterator[Edit]:
    """Yield other names of the function in the place of each."""
    for place, node in function.loads:
        yield from (replaced(place, ast.Name(name, ast.Load())) for name in function.names if name != node.id)


def axis(function: Function) -> Iterator[Edit]:
    """Yield other axis numbers: of a call, or in the index of a shape."""
    for place, _ in function.of(ast.Constant, ast.UnaryOp):
        if _is_axis(function, place):
            yield from (replaced(place, ast.Constant(number)) for number in (0, 1, 2, 3, -1, -2, -3, -4))


def _is_axis(function: Function, place: Place) -> bool:
    for _, node in function.of(ast.Call, ast.Subscript, ast.keyword):
        if isinstance(node, ast.keyword) and node.arg in ("dim", "axis", "dims") and place.owner is node:
            return True
        if isinstance(node, ast.Subscript) and place.owner is node and place.key == "slice":
            return isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
        if isinstance(node, ast.Call) and place.owner is node.args:
            return isinstance(node.func, ast.Attribute) and node.func.attr in WITH_AXES
    return False


def number(function: Function) -> Iterator[Edit]:
    """Yield neighbours of each number, and the other of True and False."""
    for place, node in function.of(ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield replaced(place, ast.Constant(not value))
        elif isinstance(value, (int, float)):
            news = dict.fromkeys((value + 1, value - 1, 0, -value, 1, 2))
            yield from (replaced(place, ast.Constant(new)) for new in news if new != value)


def operator(function: Function) -> Iterator[Edit]:
    """Yield neighbours of each operator and comparison, and the two sides the other way round."""
    for place, node in function.of(ast.BinOp):
        news = [ast.BinOp(node.left, other(), node.right) for other in OPERATORS.get(type(node.op), ())]
        if not isinstance(node.op, (ast.Add, ast.Mult)):
            news.append(ast.BinOp(node.right, node.op, node.left))
        yield from (replaced(place, new) for new in news)
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
        yield from (replaced(place, side) for side in (node.left, node.right))
    for place, node in function.of(ast.UnaryOp):
        yield replaced(place, node.operand)
    for place, node in function.of(ast.IfExp):
        yield from (replaced(place, side) for side in (node.body, node.orelse))


def one_more(function: Function) -> Iterator[Edit]:
    """Yield one more and one less in ranges, slices, sizes and what is assigned."""
    for place, node in function.of(ast.Name, ast.BinOp, ast.Attribute, ast.Subscript):
        if isinstance(getattr(node, "ctx", None), ast.Load | None):
            yield from (replaced(place, ast.BinOp(node, op(), ast.Constant(1))) for op in (ast.Add, ast.Sub))


def option(function: Function) -> Iterator[Edit]:
    """Yield an index or a size times, divided by, plus or minus one of the call's options."""
    options = [name for name in function.names if OPTIONS.fullmatch(name)]
    operators: tuple[ast.operator, ...] = (ast.Mult(), ast.FloorDiv(), ast.Add(), ast.Sub())
    for _, node in function.of(ast.Subscript):
        inside = [(place, name) for place, name in function.loads if any(name is each for each in ast.walk(node.slice))]
        for name in dict.fromkeys(each.id for _, each in inside if each.id not in options):
            at = [place for place, each in inside if each.id == name]
            for new in (ast.BinOp(at[0].node, op, ast.Name(by, ast.Load())) for by in options for op in operators):
                yield Edit(at[0].node.lineno, tuple((place, new) for place in at))
    for place, node in function.of(ast.Name, ast.BinOp, ast.Subscript):
        if isinstance(getattr(node, "ctx", None), ast.Load | None) and not _is_option(node, options):
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
        yield from (rewritten(node, name, items, other, node.lineno) for other in others)


def neighbour(function: Function) -> Iterator[Edit]:
    """Yield neighbours of the functions and methods that it calls."""
    for place, node in function.of(ast.Attribute, ast.Name):
        called = node.attr if isinstance(node, ast.Attribute) else node.id
        for other in (other for group in NEIGHBOURS if called in group for other in group if other != called):
            new = ast.Name(other, ast.Load()) if isinstance(node, ast.Name) else ast.Attribute(node.value, other)
            yield replaced(place, new)


def turned(function: Function) -> Iterator[Edit]:
    """Yield a flip or a transpose taken away, and one added."""
    for place, node in function.of(ast.Call, ast.Attribute):
        method = node.func if isinstance(node, ast.Call) else node
        if isinstance(method, ast.Attribute) and method.attr in TAKEN_AWAY:
            yield replaced(place, method.value)
            if isinstance(node, ast.Call) and node.args:
                yield replaced(place, node.args[0])
    for place, node in function.of(ast.Name, ast.Call, ast.Subscript):
        if isinstance(getattr(node, "ctx", None), ast.Load | None):
            for way in ("flip(-2, -1)", "mT", "flip(-1)"):
                new = ast.parse(f"_.{way}", mode="eval").body
                (new.func if isinstance(new, ast.Call) else new).value = node  # type: ignore[attr-defined]
                yield replaced(place, new)


@dataclass(frozen=True)
class Family:
    """A kind of slip: its name, what a learner reads about the line, and the edits that mend it."""

    name: str
    says: str
    edits: Callable[[Function], Iterator[Edit]]


FAMILIES = (
    Family("other side", messages.OTHER_SIDE, other_side),
    Family("axis", messages.AXIS, axis),
    Family("number", messages.NUMBER, number),
    Family("operator", messages.OPERATOR, operator),
    Family("added or set", messages.ADDED_OR_SET, added_or_set),
    Family("other name", messages.OTHER_NAME, other_name),
    Family("order", messages.ORDER, order),
    Family("neighbour", messages.NEIGHBOUR, neighbour),
    Family("term", messages.TERM, term),
    Family("bound", messages.BOUND, bound),
    Family("block", messages.BLOCK, statements.block),
    Family("gone", messages.GONE, statements.gone),
    Family("turned", messages.TURNED, turned),
    Family("one more", messages.ONE_MORE, one_more),
    Family("option", messages.OPTION, option),
)
