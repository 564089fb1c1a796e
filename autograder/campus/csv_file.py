"""Read a CSV file, whoever wrote it: its encoding, its separator, its headings, and its rows with their lines.

What its columns mean is up to the caller: `class_table.py` reads lists of the class, `outlets/csv_to_fill.py` writes
scores into such a file.
"""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import Problem
from autograder.notebooks.files import read_bytes

MOST_BYTES, MOST_ROWS = 50_000_000, 100_000
SEPARATORS = (",", ";", "\t")
# The first bytes of a text, and its encoding. UTF-16 without such a mark shows by its zeros.
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# Every byte has a meaning in the last one. So a file in some other encoding can be filled, and its bytes stay.
LAST_RESORT = "latin-1"
UNMARKED = ("utf-8", "cp1252", LAST_RESORT)
NOT_TEXT = "is not text in UTF-8, UTF-16 or cp1252"
RIGHT_FILE = "Check its path and its permissions, and that it is the right file."
QUOTE = 'Put quotation marks around values that hold a separator: "Doe, Jane".'


@dataclass(frozen=True)
class Line:
    """One row: its cells, as many as there are headings, and the line of the file on which it begins."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CsvFile:
    """A CSV file as text, and how it is written.

    `mark` holds the first bytes, where they name the encoding. `hint` is Excel's line for the separator, or empty.
    """

    path: Path
    heading: Line
    rows: tuple[Line, ...]
    encoding: str
    separator: str
    line_end: str
    mark: bytes = b""
    hint: str = ""

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the headings."""
        return self.heading.cells


def read_csv(path: Path, remedy: str) -> CsvFile:
    """Read a CSV file. Raises Problem if it is none; `remedy` says what to do about one that is broken."""
    try:
        content = read_bytes(path, links=True, most=MOST_BYTES)
    except Problem as problem:
        raise Problem(path, problem.what, RIGHT_FILE) from problem
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    encoding, text = _decoded(path, content, mark, remedy)
    # Excel may write the separator into a first line of its own.
    hint = text.splitlines()[0] if text[:4].casefold() == "sep=" and text[4:5] in SEPARATORS else ""
    separator = text[4] if hint else _separator(text)
    lines = _lines(path, text, separator, bool(hint), remedy)
    if not lines:
        raise Problem(path, "is empty", remedy)
    heading, *rows = lines
    fitted = tuple(_fitted(path, row, len(heading.cells)) for row in rows)
    line_end = "\r\n" if "\r\n" in text else "\n"
    return CsvFile(path, heading, fitted, encoding, separator, line_end, mark, hint)


def _decoded(path: Path, content: bytes, mark: bytes, remedy: str) -> tuple[str, str]:
    """Return the encoding and the text, without its mark. Raises Problem if it is no text."""
    encodings = (MARKS[mark],) if mark else UNMARKED
    if not mark and b"\0" in content[:200]:
        encodings = ("utf-16-le" if content[1:2] == b"\0" else "utf-16-be",)
    for encoding in encodings:
        try:
            text = content.removeprefix(mark).decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return encoding, text
    raise Problem(path, NOT_TEXT, remedy)


def _separator(text: str) -> str:
    """Return the separator that gives the most headings."""
    head = text.lstrip("\r\n")

    def count(separator: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(head, newline=""), delimiter=separator), []))
        except csv.Error:
            return 0

    return max(SEPARATORS, key=count)


def _lines(path: Path, text: str, separator: str, hinted: bool, remedy: str) -> list[Line]:
    """Return the rows that have cells, from the first with text on. Raises Problem."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Line] = []
    begin = 1
    try:
        if hinted:
            next(reader)
            begin = 2
        for cells in reader:
            if any(map(str.strip, cells)) or (rows and cells):
                rows.append(Line(begin, tuple(cells)))
            begin = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise Problem(path, f"holds more than {MOST_ROWS:,} rows", remedy)
    except csv.Error as error:
        raise Problem(f"{path}:{begin}", f"is not a CSV file ({error})", remedy) from error
    return rows


def _fitted(path: Path, row: Line, width: int) -> Line:
    """Return a row of this width. In one that is too long, some value holds the separator. Raises Problem."""
    if any(cell.strip() for cell in row.cells[width:]):
        what = f"has {len(row.cells)} columns, but the headings are {width}"
        raise Problem(f"{path}:{row.number}", what, QUOTE)
    return Line(row.number, (*row.cells, *("",) * (width - len(row.cells)))[:width])
