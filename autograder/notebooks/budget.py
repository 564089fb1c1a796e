"""The budget of one submission: how large it may be. It is checked before anything is parsed, repaired or run.

Only counting happens here. The rest is done in a judge's process, which a clock (`clock.py`) or the parent may end: see
`JUDGE_MB` and `SLACK_SECONDS`. Honest notebooks stay far below all limits. Outputs and pictures count as bytes only.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.errors import Problem

# Bytes of a file, and notebooks of a folder that are considered.
MOST_BYTES = 40_000_000
MOST_FILES = 20
# Objects and lists, and items, of the file's JSON. Each takes up to two hundred bytes once it is parsed.
MOST_VALUES, MOST_ITEMS = 500_000, 4_000_000
MOST_CELLS = 2_000
# Characters and lines of all code cells together, and how many of these lines may be magics or shell commands.
MOST_CODE, MOST_LINES, MOST_MAGICS = 300_000, 50_000, 500
# Lines that Python may read, again and again, to find out which of them are magics.
MOST_PARSED_LINES, LETTERS_OF_A_LINE = 100_000, 30
# Characters of prose in a cell and in all cells together, as they are shown; spaces in a row; TeX environments in a
# cell. The time to make a page grows with the square of each.
MOST_PROSE, MOST_PROSE_IN_ALL, MOST_SPACES, MOST_ENVIRONMENTS = 20_000, 200_000, 100, 100
# Memory of a judge's process, and seconds that it may take for a submission besides the submission's own.
JUDGE_MB, SLACK_SECONDS = 1000, 120
# Seconds of computing that it may take to read and repair one hand-in, and to write its page. Both take less than one.
READ_SECONDS, PAGE_SECONDS = 20, 60

REMEDY_CODE = "Remove what does not belong to the answer."
REMEDY_FILE = "Clear the outputs of the cells and save it again."
# A JSON string with its quotes. Possessive, so that each character is read only once.
TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
SPACES = re.compile(rf"([^\S\n]{{{MOST_SPACES}}})[^\S\n]++")
ENVIRONMENT = "\\begin{"
CUT = "\n\n(What followed here is not shown: it was longer than a page can hold.)"
LINE_FOR_IPYTHON = re.compile(r"^[^\S\n]*+(?:[%!]|[^\W\d]\w*+[^\S\n]*+=[^\S\n]*+[%!])", re.MULTILINE)


def check_file(data: bytes, path: Path | str) -> None:
    """Raise Problem where the JSON in a file would grow too large once it is parsed."""
    if _is_small(data):
        return
    # Brackets inside strings, such as a program that draws a plot, take no more memory than their bytes.
    if not _is_small(TEXT.sub(b"", data)):
        raise Problem(path, f"holds more than {MOST_VALUES:,} objects and lists", REMEDY_FILE)


def _is_small(data: bytes) -> bool:
    return data.count(b"{") + data.count(b"[") <= MOST_VALUES and data.count(b",") <= MOST_ITEMS


def check_cells(cells: list[Any], path: Path | str) -> None:
    """Raise Problem where there are too many cells, or too much code in them for Python to read."""
    if len(cells) > MOST_CELLS:
        raise Problem(path, f"holds more than {MOST_CELLS:,} cells", REMEDY_CODE)
    # A cell that claims to be the course's may become code again, whatever its type is now.
    check_code((_source(cell) for cell in cells if _may_be_code(cell)), path)


def check_code(sources: Iterable[str], path: Path | str) -> None:
    """Raise Problem where code has too many characters, lines or magics for Python to read."""
    characters = lines = magics = 0
    for source in sources:
        characters += len(source)
        lines += 1 + source.count("\n") + source.count("\r")
        if characters > MOST_CODE:
            raise Problem(path, f"holds more than {MOST_CODE:,} characters of code", REMEDY_CODE)
        if lines > MOST_LINES:
            raise Problem(path, f"holds more than {MOST_LINES:,} lines of code", REMEDY_CODE)
        magics += sum(1 for _ in LINE_FOR_IPYTHON.finditer(source))
        if magics > MOST_MAGICS:
            raise Problem(path, f"holds more than {MOST_MAGICS} lines of magics and shell commands", REMEDY_CODE)


def shown_prose(source: str, room: int) -> str:
    """Return as much of a cell's prose as a page shows, with a note where it is cut. `room` is what is left of it."""
    if len(source) > MOST_SPACES:
        source = SPACES.sub(r"\1", source)
    first, *others = source.split(ENVIRONMENT)
    if len(others) > MOST_ENVIRONMENTS:
        # A zero-width space looks the same, and no environment begins.
        late = ENVIRONMENT.replace("{", "\u200b{").join(others[MOST_ENVIRONMENTS:])
        source = ENVIRONMENT.join([first, *others[:MOST_ENVIRONMENTS]]) + ENVIRONMENT.replace("{", "\u200b{") + late
    most = max(0, min(MOST_PROSE, room))
    return source if len(source) <= most else source[:most] + CUT


def _may_be_code(cell: Any) -> bool:
    if not isinstance(cell, Mapping):
        return False
    metadata = cell.get("metadata")
    return cell.get("cell_type") == "code" or (isinstance(metadata, Mapping) and "nbgrader" in metadata)


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))
