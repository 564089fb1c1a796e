"""Tell whether the condition of a `while` loop stays true for ever, from what the loop does to the names in it.

A condition of numbers and texts that nothing in the loop assigns stays as it is. So does a comparison of whole numbers,
where the loop only adds to them or subtracts from them, and so never comes to its end. Any doubt is a no.
"""

import ast
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What a condition may consist of: it calls nothing, and looks into nothing.
PLAIN = (
    *(ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare, ast.Name, ast.Constant),
    *(ast.boolop, ast.unaryop, ast.operator, ast.cmpop, ast.expr_context),
)
# A sum of names and numbers: where one of them grows by 1, the sum changes by a fixed number.
SUM = (ast.BinOp, ast.UnaryOp, ast.Name, ast.Constant, ast.Add, ast.Sub, ast.USub, ast.UAdd, ast.Load)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Nobody can change a value of these types; the name must be assigned.
UNCHANGING = (int, float, bool, str, type(None))
# A number that the loop changes must have come so far: as an index into any tensor here, it would have raised an error.
FAR = 2**15


@dataclass(frozen=True)
class Loop:
    """A loop as it runs: the steps that it takes with each name that it assigns, and what its function's own names are.

    Where `steps` has None for a name, the loop may give it any value.
    """

    condition: ast.expr
    steps: Mapping[str, list[ast.expr] | None]
    values: Mapping[str, Any]

    @property
    def names(self) -> set[str]:
        """The names in the condition."""
        return _names(self.condition)

    @property
    def changed(self) -> set[str]:
        """Those of them that the loop assigns."""
        return self.names & set(self.steps)

    def never_ends(self) -> bool:
        """Return whether the condition is true now and stays so."""
        try:
            return all(isinstance(node, PLAIN) for node in ast.walk(self.condition)) and self._stays(self.condition)
        except Exception:
            return False

    def _stays(self, test: ast.expr) -> bool:
        if isinstance(test, ast.BoolOp):
            return (all if isinstance(test.op, ast.And) else any)([self._stays(part) for part in test.values])
        if _names(test) & set(self.steps):
            return self._moves_away(test)
        return self._are_fixed(_names(test)) and bool(self._value(test))

    def _moves_away(self, test: ast.expr) -> bool:
        """Return whether a comparison of whole numbers is true now, and whatever steps the loop takes."""
        if isinstance(test, ast.Name):
            test = ast.fix_missing_locations(ast.Compare(test, [ast.NotEq()], [ast.Constant(0)]))
        if not isinstance(test, ast.Compare) or len(test.ops) > 1:
            return False
        left, right = test.left, test.comparators[0]
        if not all(isinstance(node, SUM) for side in (left, right) for node in ast.walk(side)):
            return False
        present = self._difference(left, right, {})
        moves = []
        for name in _names(test) & set(self.steps):
            for step in self._sizes(name):
                moves.append(self._difference(left, right, {name: self.values[name] + step}) - present)
                if step and abs(self.values[name]) < FAR:
                    return False
        return _stays_true(test.ops[0], present, moves)

    def _sizes(self, name: str) -> list[int]:
        """Return by how much the loop changes a name, step by step. Raises ValueError where that is not certain."""
        steps = self.steps[name]
        if steps is None:
            raise ValueError(name)
        sizes = []
        for step in steps:
            if not self._are_fixed(_names(step)):
                raise ValueError(name)
            sizes.append(_whole(self._value(step)))
        return sizes

    def _difference(self, left: ast.expr, right: ast.expr, instead: Mapping[str, int]) -> int:
        for name in _names(left) | _names(right):
            _whole(self.values[name])
        return _whole(self._value(left, instead)) - _whole(self._value(right, instead))

    def _are_fixed(self, names: set[str]) -> bool:
        """Return whether nothing changes these names while the loop runs."""
        return all(name not in self.steps and type(self.values[name]) in UNCHANGING for name in names)

    def _value(self, expression: ast.expr, instead: Mapping[str, int] | None = None) -> Any:
        code = compile(ast.Expression(expression), "<condition>", "eval")
        return eval(code, {"__builtins__": {}}, {**self.values, **(instead or {})})


def steps_of(loop: ast.While) -> dict[str, list[ast.expr] | None]:
    """Return what a loop adds to each name that it assigns, or None where it assigns a name in any other way."""
    inside = [node for statement in loop.body for node in ast.walk(statement)]
    added, bound = defaultdict[str, list[ast.expr]](list), defaultdict[str, int](int)
    for node in inside:
        match node:
            case ast.AugAssign(ast.Name(name), ast.Add() | ast.Sub() as sign, size):
                added[name].append(_signed(sign, size))
            case ast.Assign([ast.Name(name)], ast.BinOp(ast.Name(same), ast.Add() | ast.Sub() as sign, size)):
                # Anything else is one assignment more than there are steps.
                if same == name:
                    added[name].append(_signed(sign, size))
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound[node.id] += 1
        elif isinstance(node, ast.alias):
            bound[node.asname or node.name.partition(".")[0]] += 1
        elif isinstance(node, SCOPES):
            bound[node.name] += 1
    # Within a function of its own, a name may be another one.
    nested = any(isinstance(node, SCOPES) for node in inside)
    return {name: added[name] if len(added[name]) == count and not nested else None for name, count in bound.items()}


def _signed(sign: ast.operator, size: ast.expr) -> ast.expr:
    whole = size if isinstance(sign, ast.Add) else ast.UnaryOp(ast.USub(), size)
    return ast.fix_missing_locations(ast.copy_location(whole, size))


def _stays_true(sign: ast.cmpop, present: int, moves: list[int]) -> bool:
    """Return whether `present SIGN 0` is true, and stays so however often each of these numbers is added."""
    rises, falls = all(move >= 0 for move in moves), all(move <= 0 for move in moves)
    match sign:
        case ast.Lt():
            return present < 0 and falls
        case ast.LtE():
            return present <= 0 and falls
        case ast.Gt():
            return present > 0 and rises
        case ast.GtE():
            return present >= 0 and rises
        case ast.NotEq():
            unit = math.gcd(*moves)
            missed = present % unit != 0 if unit else present != 0
            return missed or (present > 0 and rises) or (present < 0 and falls)
    return False


def _names(expression: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


def _whole(value: object) -> int:
    """Return a whole number. Raises ValueError for anything else."""
    if type(value) is not int:
        raise ValueError(value)
    return value
