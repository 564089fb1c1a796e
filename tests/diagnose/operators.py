"""Change right answers as mutation tools do: delete, swap, negate, drop, and be off by one where no number stood."""

import ast
import copy
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Slip:
    """A source with one change in it: its operator, the first line that differs, and the change in words."""

    source: str
    operator: str
    line: int
    cause: str


@dataclass(frozen=True)
class Edit:
    """A change that can be made to a syntax tree."""

    operator: str
    cause: str
    make: Callable[[], None]


def operators(source: str) -> list[str]:
    """Return the operator of each change that can be made to the functions in a source, in order."""
    return [edit.operator for edit in _edits(ast.parse(source))]


def slip(source: str, number: int) -> Slip | None:
    """Return the source with the change of this number; None where it changes nothing."""
    tree = ast.parse(source)
    before = ast.unparse(tree).splitlines()
    edit = _edits(tree)[number]
    edit.make()
    after = ast.unparse(ast.fix_missing_locations(tree))
    line = _first_difference(before, after.splitlines())
    return Slip(f"{after}\n", edit.operator, line, edit.cause) if line else None


def _first_difference(before: list[str], after: list[str]) -> int:
    """Return the line of the changed source, counted from 1, where the change is; 0 where there is none."""
    for tag, _, _, at, _ in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            return min(at, len(after) - 1) + 1
    return 0


def _edits(tree: ast.Module) -> list[Edit]:
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [edit for function in functions for edit in _in_a_function(function)]


def _in_a_function(function: ast.FunctionDef) -> Iterator[Edit]:
    for parent in ast.walk(function):
        for field, value in ast.iter_fields(parent):
            if parent is function and field in ("args", "decorator_list", "returns"):
                continue
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield from _in_a_block(value)
            for node, put in _expressions(parent, field, value):
                yield from _of_an_expression(node, put)
        if isinstance(parent, ast.Call):
            yield from _in_a_call(parent)


def _expressions(parent: ast.AST, field: str, value: Any) -> Iterator[tuple[ast.expr, Callable[[ast.expr], None]]]:
    if isinstance(value, list):
        for at, node in enumerate(value):
            if isinstance(node, ast.expr):
                yield node, lambda new, at=at: value.__setitem__(at, new)
    elif isinstance(value, ast.expr):
        yield value, lambda new: setattr(parent, field, new)


def _in_a_block(block: list[ast.stmt]) -> Iterator[Edit]:
    for at, statement in enumerate(block):
        text = ast.unparse(statement).splitlines()[0]
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        gone: list[ast.stmt] = [] if len(block) > 1 else [ast.Pass()]
        yield Edit("delete a statement", f"“{text}” is gone", _splice(block, at, at + 1, gone))
        if at:
            pair = [statement, block[at - 1]]
            yield Edit("swap statements", f"“{text}” stands one place earlier", _splice(block, at - 1, at + 1, pair))
        if isinstance(statement, ast.Assign):
            nothing = ast.copy_location(ast.Assign(statement.targets, ast.Constant(None)), statement)
            yield Edit("assign None", f"“{text}” assigns None", _splice(block, at, at + 1, [nothing]))
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add):
            less = ast.copy_location(ast.AugAssign(statement.target, ast.Sub(), statement.value), statement)
            yield Edit("subtract for add", f"“{text}” subtracts", _splice(block, at, at + 1, [less]))
        if isinstance(statement, ast.For):
            yield Edit(
                "no turn of a loop", f"“{text}” makes no turn", _set(statement, "iter", ast.List([], ast.Load()))
            )
            yield Edit("leave a loop early", f"“{text}” ends after a turn", _splice_end(statement.body, ast.Break()))
        if isinstance(statement, ast.If):
            negated = ast.UnaryOp(ast.Not(), statement.test)
            yield Edit("negate a condition", f"“{text}” is negated", _set(statement, "test", negated))


def _of_an_expression(node: ast.expr, put: Callable[[ast.expr], None]) -> Iterator[Edit]:
    text = ast.unparse(node)
    if isinstance(node, ast.IfExp):
        new = ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        yield Edit("negate a condition", f"“{text}” is negated", lambda: put(new))
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield Edit("and for or", f"“{text}” has the other of and, or", lambda: put(ast.BoolOp(other, node.values)))
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and isinstance(node.slice, ast.Name):
        for sign in (ast.Add(), ast.Sub()):
            new_index = ast.BinOp(copy.deepcopy(node.slice), sign, ast.Constant(1))
            cause = f"“{text}” reads {ast.unparse(new_index)}"
            yield Edit("off by one", cause, _set(node, "slice", new_index))
    elif isinstance(node, ast.Slice):
        for end in ("lower", "upper"):
            if getattr(node, end) is not None:
                yield Edit("drop an end of a slice", f"“{text}” has no {end} end", _set(node, end, None))
                more = ast.BinOp(copy.deepcopy(getattr(node, end)), ast.Add(), ast.Constant(1))
                yield Edit("off by one", f"the {end} end of “{text}” is one too large", _set(node, end, more))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Edit("change a text", f"“{text}” is another text", lambda: put(ast.Constant(f"XX{node.value}XX")))


def _in_a_call(call: ast.Call) -> Iterator[Edit]:
    for at, argument in enumerate(call.args):
        text = f"“{ast.unparse(argument)}” of “{ast.unparse(call)}”"
        if isinstance(argument, ast.Starred):
            continue
        if len(call.args) > 1:
            yield Edit("drop an argument", f"{text} is gone", _splice(call.args, at, at + 1, []))
        yield Edit("None for an argument", f"{text} is None", _splice(call.args, at, at + 1, [ast.Constant(None)]))
        more = ast.BinOp(copy.deepcopy(argument), ast.Add(), ast.Constant(1))
        if isinstance(call.func, ast.Name) and call.func.id == "range" and not isinstance(argument, ast.Constant):
            yield Edit("off by one", f"{text} is one too large", _splice(call.args, at, at + 1, [more]))
    for at, keyword in enumerate(call.keywords):
        cause = f"“{ast.unparse(keyword)}” of “{ast.unparse(call)}” is gone"
        yield Edit("drop an argument", cause, _splice(call.keywords, at, at + 1, []))


def _splice(items: list[Any], start: int, stop: int, new: list[Any]) -> Callable[[], None]:
    return lambda: items.__setitem__(slice(start, stop), new)


def _splice_end(items: list[Any], new: ast.stmt) -> Callable[[], None]:
    return lambda: items.append(new)


def _set(node: ast.AST, field: str, new: Any) -> Callable[[], None]:
    return lambda: setattr(node, field, new)
