"""A submission (.ipynb or .py) -> its code cells. Nothing is run."""

import ast
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.errors import Problem
from autograder.notebooks import budget
from autograder.notebooks.files import read_bytes
from autograder.report.report import Look

MAGIC = re.compile(r"^\s*(?:[%!?]|\w+\s*=\s*[%!])|\?\s*$")


@dataclass(frozen=True)
class Cell:
    """One piece of code; `label` is what people call it ("cell 7")."""

    label: str
    source: str


@dataclass(frozen=True)
class Submission:
    """What is graded: the code of one learner for one assignment.

    Where nothing could be read, there are no cells, and `unreadable` says why: every check fails with that reason.
    So many of the first cells are the course's `own`, as it gave them out; `given` numbers every cell, from 0, that is
    still as the course gave it out. `locked` are the sources of the course's locked cells, which are not run. `looks`
    are for the instructor.
    """

    assignment: str
    name: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()
    unreadable: str = ""
    own: int = 0
    given: tuple[int, ...] = ()
    locked: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()

    @property
    def is_file(self) -> bool:
        """True for a plain .py file: it is run as one cell, which has the file's name."""
        return len(self.cells) == 1 and self.cells[0].label == self.name

    @property
    def digest(self) -> str:
        """The code alone, in short: the same for the same code under any name, with any notes, in any notebook."""
        return hashlib.sha256(json.dumps([cell.source for cell in self.cells]).encode()).hexdigest()


def read(path: Path, assignment: str) -> Submission:
    """The submission in a notebook or a plain .py file. Raises Problem where it is neither."""
    if path.suffix == ".py":
        source = text_of(read_bytes(path, links=True), path)
        budget.check_code([source], path)
        return Submission(assignment, path.name, _of_a_size(path.name, [Cell(path.name, source)]))
    return from_notebook(load_notebook(path), assignment, path.name)


def text_of(data: bytes, path: Path | str) -> str:
    """The text in a file's bytes. Raises Problem."""
    try:
        return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig").read()
    except UnicodeDecodeError as error:
        raise Problem(path, "is not UTF-8 text", "Save it again as a notebook (.ipynb) or a .py file.") from error


def load_notebook(path: Path) -> dict[str, Any]:
    """The notebook's JSON, checked as far as grading needs it. Raises Problem."""
    return parse(read_bytes(path, links=True), path)


def parse(data: bytes, path: Path | str) -> dict[str, Any]:
    """The notebook in a file's bytes; `path` is what a message calls the file. Raises Problem.

    Its cells are within the budget of a submission.
    """
    budget.check_file(data, path)
    text = text_of(data, path)
    if not text.strip():
        raise Problem(path, "is empty", "Save the notebook in Jupyter and hand it in again.")
    try:
        notebook = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            # Half a surrogate pair cannot be written out again in UTF-8.
            notebook = json.loads(json.dumps(notebook, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Problem(
            path, f"is not a notebook: broken JSON{where}", "Save it in Jupyter and hand it in again."
        ) from error
    if not isinstance(notebook, dict) or not isinstance(cells := notebook.get("cells"), list):
        raise Problem(path, "is not a notebook: it has no cells", "Hand in the .ipynb file that Jupyter saves.")
    budget.check_cells(cells, path)
    return notebook


def from_notebook(notebook: Mapping[str, Any], assignment: str, name: str, notes: tuple[str, ...] = ()) -> Submission:
    """The unlocked code cells of a notebook, in order; magics and shell lines are blanked out."""
    cells, locked, left = [], [], budget.MOST_PARSED_LINES
    for number, cell in enumerate(notebook["cells"], 1):
        if not isinstance(cell, Mapping) or cell.get("cell_type") != "code":
            continue
        source = source_of(cell)
        if is_locked(cell):
            locked.append(source)
        else:
            if left > 0:
                # What one cell takes to be read, the others cannot have.
                source, used = _without_magics(source)
                left -= used
            if source.strip():
                cells.append(Cell(f"cell {number}", source))
    return Submission(assignment, name, _of_a_size(name, cells), notes, locked=tuple(locked))


def compared(submission: Submission, released: Submission) -> Submission:
    """The submission, with those of its cells marked that stand in the released notebook word for word."""
    theirs = {cell.source for cell in released.cells}
    given = tuple(number for number, cell in enumerate(submission.cells) if cell.source in theirs)
    return replace(submission, own=leading(given), given=given, locked=released.locked)


def leading(given: Sequence[int]) -> int:
    """Return how many of the first cells the course gave out, such as the one that draws the first picture."""
    return next((count for count, number in enumerate(given) if count != number), len(given))


def _of_a_size(name: str, cells: list[Cell]) -> tuple[Cell, ...]:
    """The cells. Raises Problem where they are too much to hand to a worker, some characters counting for several."""
    size = sum(len(json.dumps([cell.label, cell.source])) for cell in cells)
    if size > 3 * budget.MOST_CODE or sum(len(cell.source) for cell in cells) > budget.MOST_CODE:
        raise Problem(name, "holds more than 300,000 characters of code", "Remove what does not belong to the answer.")
    return tuple(cells)


def source_of(cell: Mapping[str, Any]) -> str:
    """A cell's text, whether it is saved as one string or as lines."""
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def nbgrader_metadata(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """A cell's nbgrader metadata; empty where there is none, or where it is not an object."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def grade_id(check: str) -> str:
    """The grade_id of the notebook cell that stands for a check."""
    return "check-" + check


def is_locked(cell: Mapping[str, Any]) -> bool:
    """True for the course's own cells: they are not the learner's, and are not run."""
    metadata = nbgrader_metadata(cell)
    return bool(metadata.get("locked") or metadata.get("grade")) and not metadata.get("solution")


def without_magics(source: str) -> str:
    """The source with IPython's magics and shell lines replaced by `pass`, line numbers kept.

    Only lines that Python cannot read and that look like magics are touched; a cell magic such as %%bash blanks
    the whole cell, while %%time keeps its body.
    """
    return _without_magics(source)[0]


# Most cells of a class are the course's own.
@lru_cache(maxsize=64)
def _without_magics(source: str) -> tuple[str, int]:
    """The source without magics, and how many lines Python was given to read for it; long ones count for several."""
    lines = source.splitlines()
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%") and first.split()[0] not in ("%%time", "%%timeit", "%%capture", "%%prun"):
        return "", 0
    # Each attempt reads all of it again: a long cell of nothing but magics must not keep the judge busy for hours.
    used = 0
    while used < budget.MOST_PARSED_LINES:
        used += 1 + len(lines) + len(source) // budget.LETTERS_OF_A_LINE
        try:
            ast.parse("\n".join(lines))
            break
        except SyntaxError as error:
            line = (error.lineno or 0) - 1
            if not (0 <= line < len(lines) and MAGIC.search(lines[line])):
                break
            indent = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
            lines[line] = indent + "pass"
        except (ValueError, RecursionError, MemoryError):
            break
    return "\n".join(lines), used


def functions_defined(submission: Submission) -> set[str]:
    """Names of the functions that the cells define at their top level; nothing is run."""
    return {name for cell in submission.cells for name in names_defined(cell.source)}


def names_defined(source: str) -> list[str]:
    """Names of the functions that a cell's source defines at its top level; none where Python cannot read it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
