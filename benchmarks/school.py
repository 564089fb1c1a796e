"""A made-up class: stubs with right, wrong, broken and looping answers in a fixed mix."""

import json
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from autograder import course
from autograder.course import Course
from autograder.demo import scratch
from autograder.nbgrader import commands
from autograder.notebooks.read import load_notebook, nbgrader_metadata, source_of
from autograder.suite.known_answers import PRELUDE, KnownAnswer, right_answers, wrong_answers
from autograder.suite.load import load_suite

KINDS = ("right", "wrong", "broken", "looping")
# Loops without a way out, with a line forgotten, with a step past the end, and from 0 by doubling. Only the limit stops
# the last kind.
LOOPING = (
    "def {function}(*arguments, **options):\n    while True:\n        pass\n",
    "def {function}(*arguments, **options):\n    row = total = 0\n    while row < 3:\n        total += row\n",
    "def {function}(*arguments, **options):\n    row = 0\n    while row != 3:\n        row += 2\n",
    "def {function}(*arguments, **options):\n    row = 0\n    while row < 3:\n        row *= 2\n",
)
# What does not run: nothing, a syntax error, a name that is unknown, a task not begun.
BROKEN = (
    "",
    "def {function}(*arguments, **options:\n    return arguments[0]\n",
    "def {function}(*arguments, **options):\n    return result\n",
    "def {function}(*arguments, **options):\n    raise NotImplementedError\n",
)
TIMESTAMP = "2027-01-10 10:00:00.000000 UTC"
SEED = 11


def make_course(kit: Course, folder: Path) -> Course:
    """Return a copy of the kit's course in a scratch folder, with stubs and a gradebook but no submissions."""
    made = course.load(scratch.prepare(kit, folder).course)
    commands.generate(
        commands.connect(made), made, [assignment.id for assignment in made.assignments], lambda line: None
    )
    return made


def copy_of(original: Course, folder: Path) -> Course:
    """Return a copy of the course in another folder, without its submissions."""
    left_out = shutil.ignore_patterns("submitted", "autograded", "results", "feedback")
    return course.load(shutil.copytree(original.root, folder, ignore=left_out))


def hand_in(to: Course, names: Sequence[str], count: int, mix: Mapping[str, int]) -> dict[str, int]:
    """Put `count` submissions into submitted/, student by student. Return how many there are of each kind."""
    kinds = mixed(count, mix)
    counts: dict[str, int] = {}
    for number, kind in enumerate(kinds):
        student, name = f"student{number // len(names):05}", names[number % len(names)]
        answers = answers_of(to, name, kind)
        folder = to.root / "submitted" / student / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_text(notebook(to.stub(name), answers[number // len(names) % len(answers)]))
        (folder / "timestamp.txt").write_text(TIMESTAMP)
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def mixed(count: int, mix: Mapping[str, int]) -> list[str]:
    """Return `count` kinds of answers in the proportions of the mix, in an order that is always the same."""
    total = sum(mix.values())
    kinds: list[str] = []
    for kind, share in mix.items():
        kinds += [kind] * round(count * share / total)
    kinds = (kinds + [next(iter(mix))] * count)[:count]
    random.Random(SEED).shuffle(kinds)
    return kinds


def answers_of(of: Course, name: str, kind: str) -> list[str]:
    """Return the code of all answers of a kind to an assignment. There is always one."""
    if kind in ("broken", "looping"):
        functions = load_suite(name).functions
        codes = BROKEN if kind == "broken" else LOOPING
        return ["\n".join(code.format(function=function) for function in functions) for code in codes]
    if kind == "wrong":
        return [_code(known) for known in wrong_answers(name) if not known.library]
    return [_solution(of.master(name)), *(_code(known) for known in right_answers(name))]


def _code(known: KnownAnswer) -> str:
    return "\n\n".join([PRELUDE, *(cell.source for cell in known.submission.cells)])


@cache
def _solution(master: Path) -> str:
    return "\n\n".join(source_of(cell) for cell in solution_cells(load_notebook(master)))


def solution_cells(of: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the cells that learners write."""
    return [cell for cell in of["cells"] if nbgrader_metadata(cell).get("solution")]


@cache
def notebook(stub: Path, answer: str) -> str:
    """Return the stub as JSON, with the answer in its last solution cell and the others empty."""
    made = load_notebook(stub)
    cells = solution_cells(made)
    for cell in cells:
        cell["source"] = answer if cell is cells[-1] else ""
    return json.dumps(made)


def submissions(of: Course) -> Iterator[tuple[str, list[str]]]:
    """Yield the assignment and the code of the solution cells of every submission."""
    for path in sorted((of.root / "submitted").glob("*/*/*.ipynb")):
        yield path.stem, [source_of(cell) for cell in solution_cells(load_notebook(path))]
