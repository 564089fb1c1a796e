"""The names of a notebook: the course hides none of Python's own, and bears with a learner who does."""

import ast
import builtins
import json

import nbformat
import pytest

from autograder.course import Course
from tests.courses import ROOT
from tests.lessons.test_validate import ASSIGNMENTS, no_window, run_in_turn, solved  # noqa: F401

PYTHONS_OWN = {name for name in dir(builtins) if name[0] != "_"}


def assigned(source: str) -> set[str]:
    """Return the names that a cell gives to something, outside its functions."""
    found: set[str] = set()
    nodes: list[ast.AST] = list(ast.parse(source).body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            found |= {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else set()
            nodes += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_no_cell_hides_a_name_of_pythons_own(name: str) -> None:
    for cell in nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            assert not assigned(cell.source) & PYTHONS_OWN, cell.id


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_checks_bear_with_variables_called_sum_or_list(name: str, the_course: Course, no_window, capsys) -> None:  # noqa: F811
    notebook = solved(the_course, name)
    answer = "\n".join("".join(c["source"]) for c in notebook["cells"] if c["id"].startswith("solution"))
    used = {node.id for node in ast.walk(ast.parse(answer)) if isinstance(node, ast.Name)}
    hidden = [each for each in PYTHONS_OWN if each.islower() and each not in used]
    assert {"filter", "list", "sum", "max", "sorted", "str"} <= {*hidden, *used}
    scratch = json.loads(json.dumps(next(c for c in notebook["cells"] if c["id"].startswith("solution"))))
    scratch["source"] = "\n".join(f"{each} = 'mine'" for each in hidden)
    place = next(place for place, c in enumerate(notebook["cells"]) if c["id"] == "visible-checks")
    notebook["cells"].insert(place, scratch)
    assert run_in_turn(notebook["cells"]) == {}
    assert "All visible checks passed." in capsys.readouterr().out
