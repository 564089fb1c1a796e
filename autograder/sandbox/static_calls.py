"""Find forbidden calls that a learner's function cannot avoid, from the text of the submission, before it is called.

Only certain calls count: those on every path through the function. The bans stop all others when they are made: in a
branch, a loop, a try, or behind a name with two meanings. So this finds nothing that the bans miss; it finds it sooner.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from autograder.notebooks.read import Cell
from autograder.sandbox import static_names
from autograder.sandbox.static_names import Definition, Library, Meaning
from autograder.sandbox.worker.cells import MAX_LINE
from autograder.sandbox.worker.statements import statement_at

_CONV = [f"conv{kind}{axes}d" for kind in ("", "_transpose") for axes in (1, 2, 3)]
_POOL = [f"{kind}_pool{axes}d" for kind in ("max", "avg", "adaptive_max", "adaptive_avg") for axes in (1, 2, 3)]
# By family: the public name, and the name of torch's operation for it. A test compares this with torch itself.
OPERATIONS = {
    "convolution": {name: name for name in _CONV},
    "convolution_1d": {name: name for name in ("conv1d", "conv_transpose1d")},
    "unfold": {"unfold": "im2col", "fold": "col2im"},
    "pooling": {name: name for name in _POOL},
    "grid_sample": {"grid_sample": "grid_sampler"},
    # Whether such a call is forbidden depends on its tensors.
    "autograd": {},
}
# Context managers that let an exception through unchanged.
TRANSPARENT = ("torch.no_grad", "torch.enable_grad", "torch.inference_mode")
GENERATORS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def spellings(family: str) -> Iterator[tuple[Library, str]]:
    """Yield each name by which a forbidden function can be called, and the operation that it calls."""
    for name, operation in OPERATIONS[family].items():
        yield Library(f"torch.nn.functional.{name}"), operation
        layer = "".join(word.capitalize() for word in name.split("_"))
        yield Library(f"torch.nn.{layer}", called=True), operation
        if name.startswith(("conv", "max")):
            yield Library(f"torch.{name}"), operation
            yield Library(f"torch.ops.aten.{name}"), operation


class ForbiddenCall(Exception):
    """A forbidden call that cannot be avoided. `reply` is what a worker would reply to it."""

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
        # The forbidden call of each function that was asked about; None where no call is certain.
        self._calls: dict[str, ForbiddenCall | None] = {}
        self._entered: set[ast.AST] = set()

    def unavoidable(self, function: str, arguments: Sequence[str]) -> ForbiddenCall | None:
        """Return the forbidden call that every call of this function makes; None where no such call is certain."""
        definition = self._names.get(function)
        if not isinstance(definition, Definition) or not isinstance(definition.node, ast.FunctionDef):
            return None
        if function not in self._calls:
            self._calls[function] = self._find(definition)
        call = self._calls[function]
        return call if call and _takes(definition.node.args, arguments) else None

    @cached_property
    def _names(self) -> Mapping[str, Meaning]:
        try:
            return static_names.read(self._cells, self._words) if self._words else {}
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {}

    def _find(self, definition: Definition) -> ForbiddenCall | None:
        self._entered.clear()
        try:
            self._enter(definition)
        except ForbiddenCall as call:
            return call
        except (RecursionError, IndexError):
            pass
        return None

    def _enter(self, definition: Definition, instance: Meaning = None) -> None:
        """Raise ForbiddenCall where every path through this function makes one.

        `instance` is the meaning of a method's first parameter. A function is entered once: nothing changes later.
        """
        node = definition.node
        if not isinstance(node, ast.FunctionDef):
            return
        if node.decorator_list or node in self._entered or not self._may_lead_to_a_call(definition):
            return
        self._entered.add(node)
        lazy = (ast.Yield, ast.YieldFrom, ast.Await, ast.Global, ast.Nonlocal)
        if any(isinstance(inner, lazy) for inner in ast.walk(node)):
            return
        parameters = [inner.arg for inner in ast.walk(node.args) if isinstance(inner, ast.arg)]
        local = [name for statement in node.body for name in static_names.bound(statement)]
        names = {**definition.names, **dict.fromkeys([*local, *parameters])}
        if instance is not None and parameters:
            names[parameters[0]] = instance
        self._walk(node.body, names, definition.cell)

    def _may_lead_to_a_call(self, definition: Definition) -> bool:
        """Return whether a function names anything forbidden, or another definition of the learner's."""
        words = static_names.words_in(definition.node.body)
        if not words.isdisjoint(self._words):
            return True
        meanings = [definition.names.get(word) for word in words]
        return any(
            isinstance(meaning, Definition) or (isinstance(meaning, Library) and meaning in self._forbidden)
            for meaning in meanings
        )

    def _walk(self, body: Sequence[ast.stmt], names: dict[str, Meaning], cell: Cell) -> bool:
        """Visit statements as far as each surely runs. Return True where the statements after these may not run."""
        for statement in body:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                pass
            elif isinstance(statement, ast.With):
                for item in statement.items:
                    self._visit(item.context_expr, names, cell)
                contexts = [static_names.meaning(item.context_expr, names) for item in statement.items]
                if all(isinstance(one, Library) and one.called and one.name in TRANSPARENT for one in contexts):
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
            defines = isinstance(statement, (ast.FunctionDef, ast.ClassDef))
            if not defines and any(isinstance(inner, ast.Return) for inner in ast.walk(statement)):
                return True
            static_names.bind(statement, tuple(static_names.bound(statement)), names, cell)
        return False

    def _visit(self, node: ast.AST, names: dict[str, Meaning], cell: Cell) -> None:
        """Raise ForbiddenCall where evaluating this expression surely makes one."""
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

    def _call(self, target: Meaning, node: ast.Call, cell: Cell) -> None:
        """Raise ForbiddenCall where calling this is forbidden, or where the learner's code that it runs makes one."""
        operation = self._forbidden.get(target) if isinstance(target, Library) else None
        # Where the name of the function spans several lines, Python reports another line than this.
        if operation and node.func.lineno == node.func.end_lineno:
            raise ForbiddenCall(operation, cell, node.lineno)
        if isinstance(target, Definition):
            if isinstance(target.node, ast.FunctionDef):
                if not target.called:
                    self._enter(target)
            elif method := static_names.method(target):
                self._enter(Definition(method, target.cell, target.names), replace(target, called=True))


def _takes(parameters: ast.arguments, names: Sequence[str]) -> bool:
    """Return whether a function with these parameters can surely be called with arguments of these names."""
    plain = [one.arg for one in (*parameters.posonlyargs, *parameters.args)]
    optional = plain[len(plain) - len(parameters.defaults) :]
    optional += [one.arg for one, default in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True) if default]
    known = {*(one.arg for one in parameters.args), *(one.arg for one in parameters.kwonlyargs)}
    needed = {*plain, *(one.arg for one in parameters.kwonlyargs)} - set(optional)
    return not parameters.posonlyargs and needed <= set(names) <= known
