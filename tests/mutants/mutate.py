"""Change right answers at random: an operator, a number, a name, a line that moves or goes."""

import ast
import copy
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.notebooks.read import Cell, Submission
from autograder.suite.known_answers import KnownAnswer, right_answers

STEPS = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")
STEPS += ("api", "unfold", "fully_connected", "conv1d", "separable", "gradient", "large_kernel", "deformable")
# Some mutants have two changes, as some learners make two mistakes.
TWO_CHANGES = 0.15
MOST_TRIES = 100

BINARY = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Div, ast.Mod, ast.MatMult)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
# Names that a learner may confuse.
RIVALS = (
    ("sum", "mean", "amax", "amin", "prod"),
    ("max", "min"),
    ("ceil", "floor", "round"),
    ("zeros", "ones", "empty"),
    ("reshape", "view"),
    ("float", "double", "long"),
    ("shape", "T"),
    ("flip", "roll"),
)


@dataclass(frozen=True)
class Mutant:
    """A submission in which one cell of a right answer was changed, with the changes in words."""

    submission: Submission
    origin: KnownAnswer
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A change that can be made to a syntax tree, in words, and its sort."""

    says: str
    make: Callable[[], None]
    sort: str


def mutants(count: int, seed: int, steps: Sequence[str] = STEPS) -> Iterator[Mutant]:
    """Yield `count` different mutants, step by step in turn. The same seed yields the same ones."""
    chance = random.Random(seed)
    seen: set[str] = set()
    for number in range(count):
        step = steps[number % len(steps)]
        made = _mutant(step, f"{step}-{number}", chance, seen)
        seen.add(made.submission.digest)
        yield made


def _mutant(step: str, name: str, chance: random.Random, seen: set[str]) -> Mutant:
    for _ in range(MOST_TRIES):
        origin = chance.choice(right_answers(step))
        sources = list(origin.sources)
        at = chance.randrange(len(sources))
        source, changes = mutated(sources[at], chance, 2 if chance.random() < TWO_CHANGES else 1)
        submission = _beside_right_answers(origin, [*sources[:at], source, *sources[at + 1 :]], name)
        if changes and submission.digest not in seen:
            return Mutant(submission, origin, changes)
    raise RuntimeError(f"{step}: no new mutant in {MOST_TRIES} tries")


def _beside_right_answers(origin: KnownAnswer, sources: Sequence[str], name: str) -> Submission:
    """Return a submission with these cells for one function, and right answers to the step's other functions."""
    right = origin.submission.cells[: -len(origin.sources)]
    own = (Cell(f"cell {number}", source) for number, source in enumerate(sources, len(right) + 1))
    return Submission(origin.step, name, (*right, *own))


def mutated(source: str, chance: random.Random, count: int = 1) -> tuple[str, tuple[str, ...]]:
    """Return the source with this many changes, and the changes in words; none if nothing can be changed."""
    tree = ast.parse(source)
    made: list[str] = []
    for _ in range(count):
        changes = [change for body in tree.body if isinstance(body, ast.FunctionDef) for change in _changes(body)]
        if not changes:
            break
        # Choose what to change first, then how: otherwise most changes would confuse names.
        groups: dict[str, list[Change]] = {}
        for change in changes:
            groups.setdefault(change.sort + change.says.partition(" became ")[0], []).append(change)
        sorts = sorted({group[0].sort for group in groups.values()})
        sort = chance.choice(sorts)
        change = chance.choice(chance.choice([group for group in groups.values() if group[0].sort == sort]))
        before = ast.unparse(tree)
        change.make()
        ast.fix_missing_locations(tree)
        if ast.unparse(tree) != before:
            made.append(change.says)
    return f"{ast.unparse(tree)}\n", tuple(made)


def _changes(function: ast.FunctionDef) -> Iterator[Change]:
    """Yield everything that can be changed in a function."""
    names = sorted({node.id for node in ast.walk(function) if isinstance(node, ast.Name)})
    for parent in ast.walk(function):
        for field, value in ast.iter_fields(parent):
            if parent is function and field in ("decorator_list", "returns", "args"):
                continue
            if isinstance(value, list):
                yield from _in_a_list(parent, field, value)
                for index, node in enumerate(value):
                    if isinstance(node, ast.expr):
                        yield from _of_an_expression(node, _put(value, index), names)
            elif isinstance(value, ast.expr):
                yield from _of_an_expression(value, _set(parent, field), names)
    for default in (function.args.defaults, function.args.kw_defaults):
        for index, node in enumerate(default):
            if isinstance(node, ast.Constant):
                yield from _of_a_constant(node, _put(default, index))


def _put(items: list[Any], index: int) -> Callable[[ast.AST], None]:
    return lambda new: items.__setitem__(index, new)


def _set(parent: ast.AST, field: str) -> Callable[[ast.AST], None]:
    return lambda new: setattr(parent, field, new)


def _change(node: ast.AST, put: Callable[[ast.AST], None], new: ast.AST, says: str = "") -> Change:
    says = says or f"{ast.unparse(node)} became {ast.unparse(new)}"
    return Change(says, lambda: put(copy.deepcopy(new)), type(node).__name__)


def _of_an_expression(node: ast.expr, put: Callable[[ast.AST], None], names: Sequence[str]) -> Iterator[Change]:
    if isinstance(node, ast.Constant):
        yield from _of_a_constant(node, put)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from (_change(node, put, ast.Name(name, ast.Load())) for name in names if name != node.id)
    elif isinstance(node, ast.BinOp):
        others = [ast.BinOp(node.left, operator(), node.right) for operator in BINARY]
        turned = ast.BinOp(node.right, node.op, node.left)
        yield from (_change(node, put, new) for new in (*others, turned, node.left, node.right))
    elif isinstance(node, ast.UnaryOp):
        yield _change(node, put, node.operand)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for operator in COMPARISONS:
            yield _change(node, put, ast.Compare(node.left, [operator()], node.comparators))
    elif isinstance(node, ast.IfExp):
        yield from (_change(node, put, side) for side in (node.body, node.orelse))
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        rivals = {rival for group in RIVALS if node.attr in group for rival in group}
        yield from (_change(node, put, ast.Attribute(node.value, rival, node.ctx)) for rival in sorted(rivals))
        if node.attr in ("T", "mT"):
            yield _change(node, put, node.value)
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            yield _change(node, put, node.func.value)
        if len(node.args) == 1:
            yield _change(node, put, node.args[0])
    elif isinstance(node, ast.Slice) and (node.lower or node.upper or node.step):
        yield _change(node, put, ast.Slice(), f"{ast.unparse(node)} became all")


def _of_a_constant(node: ast.Constant, put: Callable[[ast.AST], None]) -> Iterator[Change]:
    value = node.value
    news: tuple[Any, ...] = (0,) if value is None else ()
    if isinstance(value, bool):
        news = (not value,)
    elif isinstance(value, (int, float)):
        news = (value + 1, value - 1, -value, 0, 2 * value)
    yield from (_change(node, put, ast.Constant(new)) for new in dict.fromkeys(news))


def _in_a_list(parent: ast.AST, field: str, items: list[Any]) -> Iterator[Change]:
    """Yield changes of the order of statements, arguments and items, and the removal of one."""
    statements = bool(items) and all(isinstance(item, ast.stmt) for item in items)
    if statements:
        for index, item in enumerate(items):
            yield from _of_a_statement(items, index, item)
    elif isinstance(parent, (ast.Call, ast.Tuple, ast.List)) and field in ("args", "elts"):
        for index, item in enumerate(items):
            if len(items) > 1:
                yield Change(f"{ast.unparse(item)} is gone from a list", _replaced(items, index, []), "item")
            if index:
                yield Change(f"{ast.unparse(item)} stands one place earlier", _swapped(items, index), "order of items")
    elif isinstance(parent, ast.Call) and field == "keywords":
        for index, keyword in enumerate(items):
            yield Change(f"{ast.unparse(keyword)} is gone", _replaced(items, index, []), "item")


def _of_a_statement(items: list[Any], index: int, item: ast.stmt) -> Iterator[Change]:
    line = ast.unparse(item).splitlines()[0]
    yield Change(f"{line} is gone", _replaced(items, index, [] if len(items) > 1 else [ast.Pass()]), "statement")
    if index:
        yield Change(f"{line} stands one place earlier", _swapped(items, index), "order of statements")
    if isinstance(item, ast.AugAssign):
        new = ast.copy_location(ast.Assign([item.target], item.value), item)
        yield Change(f"{line} became {ast.unparse(new)}", _replaced(items, index, [new]), "statement")
    if index and isinstance(items[index - 1], (ast.For, ast.While, ast.If)):
        yield Change(f"{line} moved into the block before it", _moved_in(items, index), "block")
    if isinstance(item, (ast.For, ast.If)):
        yield Change(f"the last line of “{line}” moved out of it", _moved_out(items, index), "block")


def _swapped(items: list[Any], index: int) -> Callable[[], None]:
    def swap() -> None:
        items[index - 1], items[index] = items[index], items[index - 1]

    return swap


def _replaced(items: list[Any], index: int, new: list[Any]) -> Callable[[], None]:
    return lambda: items.__setitem__(slice(index, index + 1), new)


def _moved_in(items: list[Any], index: int) -> Callable[[], None]:
    return lambda: items[index - 1].body.append(items.pop(index))


def _moved_out(items: list[Any], index: int) -> Callable[[], None]:
    def move() -> None:
        block = items[index].body
        items.insert(index + 1, block.pop())
        if not block:
            block.append(ast.Pass())

    return move
