"""Make candidates: the code of a learner's function, and of the functions that it calls, with one edit or two."""

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.explain.edits.families import FAMILIES, Family
from autograder.explain.edits.texts import Text
from autograder.explain.edits.trees import Edit, Function
from autograder.notebooks.read import Submission
from autograder.report import edit_messages as messages

# A function of more nodes than this is not searched: 100 lines of usual code have fewer.
MOST_NODES = 1500


@dataclass(frozen=True, eq=False)
class Definition:
    """A top-level statement of a submission that binds a name: a function, a class, or another name for one."""

    cell: int
    name: str
    tree: ast.stmt


@dataclass(frozen=True, eq=False)
class Candidate:
    """The code of a function with an edit. `code` defines all that the function consists of, in order.

    `text` is the edited definition and `change` the edited line, or what is left of it.
    """

    family: Family
    definition: Definition
    edit: Edit
    code: str
    text: str

    @property
    def lines(self) -> tuple[int, ...]:
        """Return the lines that it changes."""
        return self.edit.lines

    def within(self, submission: Submission) -> Submission:
        """Return the submission with the edit in its place, as if it had been handed in so."""
        cell = submission.cells[self.definition.cell]
        lines = cell.source.split("\n")
        tree = self.definition.tree
        first = min([tree.lineno, *(each.lineno for each in getattr(tree, "decorator_list", ()))])
        source = "\n".join([*lines[: first - 1], self.text, *lines[tree.end_lineno or tree.lineno :]])
        cells = list(submission.cells)
        cells[self.definition.cell] = replace(cell, source=source)
        return replace(submission, cells=tuple(cells))


def definitions(submission: Submission, function: str) -> list[Definition]:
    """Return the learner's own definitions that a function consists of, in order; none where they cannot be told."""
    bound: dict[str, Definition] = {}
    for index, cell in enumerate(submission.cells):
        if index in submission.given:
            continue
        try:
            body = ast.parse(cell.source).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in body:
            name = _name_of(statement)
            if name:
                bound.pop(name, None)
                bound[name] = Definition(index, name, statement)
    if function not in bound:
        return []
    needed = _needed(function, bound)
    found = [definition for name, definition in bound.items() if name in needed]
    return found if nodes_of(found) <= MOST_NODES else []


def nodes_of(found: Sequence[Definition]) -> int:
    """Return how many nodes of the syntax tree a function consists of."""
    return sum(1 for definition in found for _ in ast.walk(definition.tree))


def code_of(found: Sequence[Definition]) -> str:
    """Return the code of a function as it is."""
    return "\n".join(Text(definition.tree).plain for definition in found)


def _name_of(statement: ast.stmt) -> str:
    """Return the name that a statement binds to a function, a class or another name; else ""."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return statement.name
    if isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.Name, ast.Lambda)):
        target = statement.targets[0]
        return target.id if len(statement.targets) == 1 and isinstance(target, ast.Name) else ""
    return ""


def _needed(function: str, bound: dict[str, Definition]) -> set[str]:
    """Return the names of the definitions that a function reaches."""
    needed, left = set[str](), [function]
    while left:
        name = left.pop()
        if name in bound and name not in needed:
            needed.add(name)
            left += [node.id for node in ast.walk(bound[name].tree) if isinstance(node, ast.Name)]
    return needed


def candidates(found: Sequence[Definition], only: Definition | None = None) -> Iterator[Candidate]:
    """Yield the candidates, the smallest families first, and within a family in the order of the text.

    Edits of what decides when a `while` ends come last, since it may then never end. With `only`, no other definition
    is edited.
    """
    writers = [Text(definition.tree) for definition in found]
    texts = [writer.plain for writer in writers]
    seen = {*texts}
    late: list[Candidate] = []
    functions = [Function(definition.tree) for definition in found]
    risky = [_lines_of_whiles(definition.tree) for definition in found]
    for family in FAMILIES:
        for at, definition in enumerate(found):
            for edit in family.edits(functions[at]) if only in (None, definition) else ():
                text = writers[at].edited(edit)
                if text and text not in seen:
                    seen.add(text)
                    code = "\n".join([*texts[:at], text, *texts[at + 1 :]])
                    made = Candidate(family, definition, edit, code, text)
                    if risky[at].intersection(edit.lines):
                        late.append(made)
                    else:
                        yield made
    yield from late


def seconds(found: Sequence[Definition], first: Candidate) -> Iterator[Candidate]:
    """Yield the candidates that make another edit of the same definition after a first one."""
    first.edit.make()
    tree = copy.deepcopy(first.definition.tree)
    first.edit.undo()
    edited = replace(first.definition, tree=ast.fix_missing_locations(tree))
    others = [edited if definition is first.definition else definition for definition in found]
    for second in candidates(others, only=edited):
        lines = tuple(sorted({*first.lines, *second.lines}))
        both = Family(f"{first.family.name}, {second.family.name}", messages.PAIR, second.family.edits)
        yield Candidate(both, first.definition, Edit(lines, ()), second.code, second.text)


def _lines_of_whiles(tree: ast.stmt) -> set[int]:
    """Return the lines that decide when a `while` ends: its own, and those that set a name of its condition."""
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.While)]
    names = {node.id for loop in loops for node in ast.walk(loop.test) if isinstance(node, ast.Name)}
    inside = [node for loop in loops for node in ast.walk(loop) if isinstance(node, ast.Name) and node.id in names]
    return {loop.lineno for loop in loops} | {node.lineno for node in inside if isinstance(node.ctx, ast.Store)}
