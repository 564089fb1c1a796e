"""Sees from a submission's text that a learner's function must call what its step forbids, before any call is made.

Only what is certain counts: a call that lies on every way through the function. What is in doubt (in a branch, a loop,
a try, behind a name with two meanings) is left to the bans, which stop every such call. This only tells of it earlier.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from autograder.notebooks.read import Cell
from autograder.sandbox import static_names
from autograder.sandbox.static_names import Library, Meaning, Own
from autograder.sandbox.worker.cells import MAX_LINE
from autograder.sandbox.worker.statements import statement_at

_CONV = [f"conv{kind}{axes}d" for kind in ("", "_transpose") for axes in (1, 2, 3)]
_POOL = [f"{kind}_pool{axes}d" for kind in ("max", "avg", "adaptive_max", "adaptive_avg") for axes in (1, 2, 3)]
# By family: the public name, and the operation that torch does it by. A test compares this with torch itself.
OPERATIONS = {
    "convolution": {name: name for name in _CONV},
    "convolution_1d": {name: name for name in ("conv1d", "conv_transpose1d")},
    "unfold": {"unfold": "im2col", "fold": "col2im"},
    "pooling": {name: name for name in _POOL},
    "grid_sample": {"grid_sample": "grid_sampler"},
    # What a call of these comes to depends on its tensors.
    "autograd": {},
}
# An exception comes out of these as it went in.
TRANSPARENT = ("torch.no_grad", "torch.enable_grad", "torch.inference_mode")
GENERATORS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def spellings(family: str) -> Iterator[tuple[Library, str]]:
    """What is forbidden to call, by all names that are certain, and the operation that each of them calls."""
    for name, operation in OPERATIONS[family].items():
        yield Library(f"torch.nn.functional.{name}"), operation
        layer = "".join(word.capitalize() for word in name.split("_"))
        yield Library(f"torch.nn.{layer}", made=True), operation
        if name.startswith(("conv", "max")):
            yield Library(f"torch.{name}"), operation
            yield Library(f"torch.ops.aten.{name}"), operation


class Call(Exception):
    """A forbidden call that cannot be avoided; `reply` is what a worker would say of it."""

    def __init__(self, operation: str, cell: Cell, number: int) -> None:
        super().__init__(operation)
        at = {"where": f"{cell.label}, line {number}"[:200], "line": statement_at(cell.source, number)[:MAX_LINE]}
        bases = ["Forbidden", "Exception", "BaseException", "object"]
        self.reply = {"status": "raised", "type": "Forbidden", "message": operation, "bases": bases, **at}


@lru_cache(maxsize=32)
def _forbidden(families: tuple[str, ...]) -> Mapping[Library, str]:
    return dict(pair for family in families for pair in spellings(family))


class Scan:
    """The cells of one submission, in order, and the families of operations that its step forbids."""

    def __init__(self, cells: Sequence[Cell], families: Sequence[str]) -> None:
        self._cells = cells
        self._forbidden = _forbidden(tuple(families))
        self._words = frozenset(library.name.rpartition(".")[2] for library in self._forbidden)
        self._found: dict[str, Call | None] = {}
        self._entered: set[ast.AST] = set()

    def unavoidable(self, function: str, arguments: Sequence[str]) -> Call | None:
        """The forbidden call that every call of this function with these arguments makes; None if none is certain."""
        own = self._names.get(function)
        if not isinstance(own, Own) or not isinstance(own.node, ast.FunctionDef):
            return None
        if function not in self._found:
            self._found[function] = self._find(own)
        found = self._found[function]
        return found if found and _takes(own.node.args, arguments) else None

    @cached_property
    def _names(self) -> Mapping[str, Meaning]:
        try:
            return static_names.read(self._cells, self._words) if self._words else {}
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {}

    def _find(self, own: Own) -> Call | None:
        self._entered.clear()
        try:
            self._enter(own)
        except Call as call:
            return call
        except (RecursionError, IndexError):
            pass
        return None

    def _enter(self, own: Own, myself: Meaning = None) -> None:
        """Raise Call where every way through this function leads to one. It is entered once: again tells no more."""
        node = own.node
        if not isinstance(node, ast.FunctionDef):
            return
        if node.decorator_list or node in self._entered or not self._leads_on(own):
            return
        self._entered.add(node)
        lazy = (ast.Yield, ast.YieldFrom, ast.Await, ast.Global, ast.Nonlocal)
        if any(isinstance(each, lazy) for each in ast.walk(node)):
            return
        parameters = [each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)]
        local = [name for statement in node.body for name in static_names.bound(statement)]
        names = {**own.names, **dict.fromkeys([*local, *parameters])}
        if myself is not None and parameters:
            names[parameters[0]] = myself
        self._walk(node.body, names, own.cell)

    def _leads_on(self, own: Own) -> bool:
        """Whether a function names anything forbidden, or another of the learner's own that may."""
        words = static_names.words_in(own.node.body)
        if not words.isdisjoint(self._words):
            return True
        meant = (own.names.get(word) for word in words)
        return any(isinstance(each, Own) or each in self._forbidden for each in meant if each is not None)

    def _walk(self, body: Sequence[ast.stmt], names: dict[str, Meaning], cell: Cell) -> bool:
        """Go through statements as far as each is surely run; True where what follows may not be."""
        for statement in body:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                pass
            elif isinstance(statement, ast.With):
                for item in statement.items:
                    self._visit(item.context_expr, names, cell)
                made = [static_names.meaning(item.context_expr, names) for item in statement.items]
                if all(isinstance(each, Library) and each.made and each.name in TRANSPARENT for each in made):
                    if self._walk(statement.body, names, cell):
                        return True
                    continue
            elif isinstance(statement, (ast.If, ast.While, ast.Assert)):
                self._visit(statement.test, names, cell)
            elif isinstance(statement, (ast.For, ast.Match)):
                self._visit(statement.iter if isinstance(statement, ast.For) else statement.subject, names, cell)
            elif isinstance(statement, (ast.Return, ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign)):
                if statement.value is not None:
                    self._visit(statement.value, names, cell)
            elif not isinstance(statement, (ast.Import, ast.ImportFrom, ast.Pass, ast.Try)):
                return True
            whole = not isinstance(statement, (ast.FunctionDef, ast.ClassDef))
            if whole and any(isinstance(each, ast.Return) for each in ast.walk(statement)):
                return True
            static_names.bind(statement, tuple(static_names.bound(statement)), names, cell)
        return False

    def _visit(self, node: ast.AST, names: dict[str, Meaning], cell: Cell) -> None:
        """Raise Call where evaluating this surely makes one."""
        if isinstance(node, ast.Lambda):
            return
        children: list[ast.AST] = list(ast.iter_child_nodes(node))
        if isinstance(node, GENERATORS):
            children = [node.generators[0].iter]
        elif isinstance(node, ast.BoolOp):
            children = children[1:2]
        elif isinstance(node, ast.IfExp):
            children = [node.test]
        elif isinstance(node, ast.Compare):
            children = [node.left, node.comparators[0]]
        for child in children:
            self._visit(child, names, cell)
        if isinstance(node, ast.Call):
            self._call(static_names.meaning(node.func, names), node, cell)

    def _call(self, called: Meaning, node: ast.Call, cell: Cell) -> None:
        """Raise Call where calling this is forbidden, or where the learner's own code that it runs leads to it."""
        operation = self._forbidden.get(called) if isinstance(called, Library) else None
        # Python tells a call by another of its lines where what is called goes over several.
        if operation and node.func.lineno == node.func.end_lineno:
            raise Call(operation, cell, node.lineno)
        if isinstance(called, Own):
            if isinstance(called.node, ast.FunctionDef):
                if not called.made:
                    self._enter(called)
            elif method := static_names.method(called):
                self._enter(Own(method, called.cell, called.names), replace(called, made=True))


def _takes(parameters: ast.arguments, names: Sequence[str]) -> bool:
    """True where a function with these parameters can surely be called with arguments of these names."""
    plain = [each.arg for each in (*parameters.posonlyargs, *parameters.args)]
    optional = plain[len(plain) - len(parameters.defaults) :]
    optional += [each.arg for each, value in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True) if value]
    known = {*(each.arg for each in parameters.args), *(each.arg for each in parameters.kwonlyargs)}
    needed = {*plain, *(each.arg for each in parameters.kwonlyargs)} - set(optional)
    return not parameters.posonlyargs and needed <= set(names) <= known
