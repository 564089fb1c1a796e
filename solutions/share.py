"""Put what lessons share into every master notebook. `make stubs` runs this first.

The visible checks begin with shared code, down to the end of the function visible_check; the rest is the lesson's own.
Cells to play with begin with solutions/play.py. The digits travel packed inside the notebook, so that it runs wherever
it is opened. The facts of a step and the map of the course come from course.yml.
"""

import ast
import base64
import gzip
import lzma
import re
import textwrap
from pathlib import Path

import nbformat
import torch
from nbformat.v4 import new_markdown_cell

from autograder import course
from autograder.authoring.course_map import drawn, facts, redraw
from autograder.authoring.mistakes import packed_mistakes
from autograder.authoring.visible_checks import CHECKS, VISIBLE_CHECKS, shared_source
from autograder.course import Course

MISTAKES = re.compile(r"^mistakes = \(\n.*?^\)\n", re.MULTILINE | re.DOTALL)
STEP_AND_MAP = re.compile(r'^this_step, course_map = .*?^"""\n', re.MULTILINE | re.DOTALL)
PLAY_CELLS, LAST_OF_PLAY = ("explorer", "play"), "with_sliders"
HERE = Path(__file__).resolve().parent
# From the data set "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak, licence CC BY 4.0: the
# first 1,500 that scikit-learn ships. A row holds the 64 pixels of an 8 × 8 image, from 0 to 16, and the digit.
DIGITS, DIGITS_CELL = HERE / "digits.csv.gz", "digits"
# Folded where the front end can: in JupyterLab by the first, in Colab by the second.
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}
# Where the checks fail, JupyterLab's "Run All" goes on to the cells below.
GOES_ON = {"tags": ["raises-exception"]}
MAP_HEAD = """\
**The map of the course.** Each step builds on the one to its left. Take the steps in the order of the course, or follow
one branch: the first lines of each step name all that it needs. A star marks a bonus."""


def shared() -> str:
    """Return the code that every lesson's visible checks begin with."""
    return shared_source(HERE)


def step_and_map(the_course: Course, step: str) -> str:
    """Return the line of code that tells a lesson which step it is, with the map of the course."""
    return f'this_step, course_map = "{step}", """\\\n{drawn(the_course, "○ ")}\n"""'


def with_shared(source: str, step: str, answer: str, the_course: Course) -> str:
    """Return a cell's source with the current shared code, the step's known mistakes, and the map of the course.

    `answer` is the lesson's.
    """
    (last,) = (node for node in ast.parse(source).body if getattr(node, "name", "") == CHECKS)
    own = "\n".join(source.splitlines()[last.end_lineno :]).strip("\n")
    own = STEP_AND_MAP.sub("", MISTAKES.sub("", own)).strip("\n")
    lines = textwrap.wrap(packed_mistakes(step, shared(), own, answer), 110)
    packed = "\n".join(f'    "{line}"' for line in lines)
    return f"{shared()}\n\nmistakes = (\n{packed}\n)\n{step_and_map(the_course, step)}\n\n{own}"


def with_play(source: str) -> str:
    """Return a cell's source with the current code for pictures to play with, between its title and its own part."""
    title, _, own = source.partition("\n")
    for node in ast.parse(source).body:
        if getattr(node, "name", "") == LAST_OF_PLAY:
            own = "\n".join(source.splitlines()[node.end_lineno :])
    return f"{title}\n{(HERE / 'play.py').read_text(encoding='utf-8')}\n\n" + own.strip("\n")


def digits() -> str:
    """Return the source of the cell that holds the digits, packed."""
    rows = gzip.decompress(DIGITS.read_bytes()).decode().split()
    numbers = bytes(int(number) for row in rows for number in row.split(","))
    packed = base64.b85encode(lzma.compress(numbers, preset=9)).decode()
    lines = "\n".join(textwrap.wrap(packed, 110))
    return f'# @title The digits, packed\nPACKED = r"""\n{lines}\n"""'


def main() -> None:
    """Rewrite the masters, and the map in README.md, where they are out of date."""
    # The calls of the visible checks are tiny: more threads would only wait for each other.
    torch.set_num_threads(1)
    the_course = course.load(HERE.parent)
    if redraw(HERE.parent / "README.md", the_course):
        print("updated README.md")
    for step in the_course.assignments:
        path = the_course.master(step.id)
        notebook = nbformat.read(path, as_version=4)
        before = nbformat.writes(notebook)
        if not any(cell.id == "facts" for cell in notebook.cells):
            notebook.cells.insert(1, new_markdown_cell(id="facts"))
        answer = "\n\n".join(cell.source for cell in notebook.cells if cell.id.startswith("solution"))
        for cell in notebook.cells:
            if cell.id == "facts":
                cell.source = facts(step)
            elif cell.id == "map":
                cell.source = f"{MAP_HEAD}\n\n```text\n{drawn(the_course)}\n```"
            elif cell.id == VISIBLE_CHECKS:
                cell.source = with_shared(cell.source, step.id, answer, the_course)
                cell.metadata.update(nbformat.from_dict(FOLDED | GOES_ON))
            elif cell.id in PLAY_CELLS:
                cell.source = with_play(cell.source)
            elif cell.id == DIGITS_CELL:
                cell.source = digits()
        if nbformat.writes(notebook) != before:
            nbformat.write(notebook, path)
            print(f"updated {path.relative_to(HERE)}")


if __name__ == "__main__":
    main()
