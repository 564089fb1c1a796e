"""Read a submission (.ipynb or .py) into its code cells. Nothing is run."""

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
    """One piece of code. `label` is its name for people ("cell 7")."""

    label: str
    source: str


@dataclass(frozen=True)
class Submission:
    """The code of one learner for one assignment, ready to be graded.

    Where nothing could be read, there are no cells, and `unreadable` says why: every check fails with that reason, or
    has no verdict where it `is_slow`, because nobody knows what is in it. `given` are the indices of the cells that are
    unchanged since the release; `own` counts those at the beginning. `locked` are the sources of the course's locked
    cells, which are not run. `looks` are for the instructor.
    """

    assignment: str
    name: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()
    unreadable: str = ""
    is_slow: bool = False
    own: int = 0
    given: tuple[int, ...] = ()
    locked: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()

    @property
    def is_file(self) -> bool:
        """Return whether this is a plain .py file: it runs as one cell, which has the file's name."""
        return len(self.cells) == 1 and self.cells[0].label == self.name

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the code alone, whatever the names, notes and other cells around it."""
        return hashlib.sha256(json.dumps([cell.source for cell in self.cells]).encode()).hexdigest()


def read(path: Path, assignment: str) -> Submission:
    """Return the submission in a notebook or a plain .py file. Raises Problem where it is neither."""
    if path.suffix == ".py":
        source = text_of(read_bytes(path, links=True), path)
        budget.check_code([source], path)
        return Submission(assignment, path.name, _of_a_size(path.name, [Cell(path.name, source)]))
    return from_notebook(load_notebook(path), assignment, path.name)


def text_of(data: bytes, path: Path | str) -> str:
    """Return the text in a file's bytes. Raises Problem."""
    try:
        return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig").read()
    except UnicodeDecodeError as error:
        raise Problem(path, "is not UTF-8 text", "Save it again as a notebook (.ipynb) or a .py file.") from error


def load_notebook(path: Path) -> dict[str, Any]:
    """Return the notebook's JSON, checked as far as grading needs it. Raises Problem."""
    return parse(read_bytes(path, links=True), path)


def parse(data: bytes, path: Path | str) -> dict[str, Any]:
    """Return the notebook in a file's bytes. `path` is the file's name in messages.

    Raises Problem where it is not a notebook, or exceeds the budget of a submission.
    """
    budget.check_file(data, path)
    text = text_of(data, path)
    if not text.strip():
        raise Problem(path, "is empty", "Save the notebook in Jupyter and hand it in again.")
    try:
        notebook = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            # Half a surrogate pair cannot be written in UTF-8.
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
    """Return the unlocked code cells of a notebook, in order, with magics and shell lines blanked out."""
    cells, locked, left = [], [], budget.MOST_PARSED_LINES
    for number, cell in enumerate(notebook["cells"], 1):
        if not isinstance(cell, Mapping) or cell.get("cell_type") != "code":
            continue
        source = source_of(cell)
        if is_locked(cell):
            locked.append(source)
        else:
            if left > 0:
                # All cells share one budget of lines to parse.
                source, used = _without_magics(source)
                left -= used
            if source.strip():
                cells.append(Cell(f"cell {number}", source))
    return Submission(assignment, name, _of_a_size(name, cells), notes, locked=tuple(locked))


def compared(submission: Submission, released: Submission) -> Submission:
    """Return the submission with its `given` cells marked: those that the released notebook has word for word."""
    sources = {cell.source for cell in released.cells}
    given = tuple(index for index, cell in enumerate(submission.cells) if cell.source in sources)
    return replace(submission, own=leading(given), given=given, locked=released.locked)


def leading(given: Sequence[int]) -> int:
    """Return how many given cells come before the first cell of the learner's own."""
    return next((count for count, index in enumerate(given) if count != index), len(given))


def _of_a_size(name: str, cells: list[Cell]) -> tuple[Cell, ...]:
    """Return the cells. Raises Problem where they are too large to send to a worker, as text or as JSON."""
    size = sum(len(json.dumps([cell.label, cell.source])) for cell in cells)
    if size > 3 * budget.MOST_CODE or sum(len(cell.source) for cell in cells) > budget.MOST_CODE:
        raise Problem(name, "holds more than 300,000 characters of code", "Remove what does not belong to the answer.")
    return tuple(cells)


def source_of(cell: Mapping[str, Any]) -> str:
    """Return a cell's text, whether it is saved as one string or as lines."""
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def nbgrader_metadata(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a cell's nbgrader metadata; empty where there is none, or where it is not an object."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return nbgrader if isinstance(nbgrader, Mapping) else {}


def grade_id(check: str) -> str:
    """Return the grade_id of the notebook cell that belongs to a check."""
    return "check-" + check


def is_locked(cell: Mapping[str, Any]) -> bool:
    """Return whether a cell is locked: it is the course's, not the learner's, and is not run."""
    metadata = nbgrader_metadata(cell)
    return bool(metadata.get("locked") or metadata.get("grade")) and not metadata.get("solution")


def without_magics(source: str) -> str:
    """Return the source with IPython's magics and shell lines replaced by `pass`; line numbers stay.

    Replace only lines that Python cannot read and that look like magics. A cell magic such as %%bash blanks the whole
    cell, while %%time keeps its body.
    """
    return _without_magics(source)[0]


# Most cells of a class are the course's own.
@lru_cache(maxsize=64)
def _without_magics(source: str) -> tuple[str, int]:
    """Return the source without magics, and how many lines Python read to find them. Long lines count several times."""
    lines = source.splitlines()
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%") and first.split()[0] not in ("%%time", "%%timeit", "%%capture", "%%prun"):
        return "", 0
    # Each attempt parses the whole cell again: a long cell of nothing but magics must not take hours.
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
    """Return the names of the functions that the cells define at their top level. Nothing is run."""
    return {name for cell in submission.cells for name in names_defined(cell.source)}


def names_defined(source: str) -> list[str]:
    """Return the names of the functions that a source defines at its top level; none where Python cannot read it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
