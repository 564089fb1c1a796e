"""The code that all lessons share is joined from parts that know where each other's names are defined."""

import ast
from pathlib import Path

from autograder.authoring.visible_checks import PARTS, shared_source

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
TREES = {part: ast.parse((SOLUTIONS / f"{part}.py").read_text(encoding="utf-8")) for part in PARTS}


def defined_in(tree: ast.Module) -> set[str]:
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assigned = (target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets)
    return functions | {node.id for target in assigned for node in ast.walk(target) if isinstance(node, ast.Name)}


def test_no_part_is_left_out() -> None:
    assert {path.stem for path in SOLUTIONS.glob("visible_*.py")} < {*PARTS}


def test_a_name_is_defined_in_the_part_from_which_it_is_imported() -> None:
    checked = 0
    for part, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module in TREES:
                checked += 1
                assert {alias.name for alias in node.names} <= defined_in(TREES[node.module]), (part, node.module)
    assert checked > 8


def test_the_joined_code_imports_no_part_and_defines_each_name_once() -> None:
    body = ast.parse(shared_source(SOLUTIONS)).body
    assert not {node.module for node in body if isinstance(node, ast.ImportFrom)} & {*PARTS}
    names = [node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert len(names) == len({*names}) > 30
