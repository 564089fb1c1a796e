"""Read a table that a campus system or a spreadsheet program saved as text, whatever its encoding and separator."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import Problem
from autograder.notebooks.files import read_bytes
from autograder.sanitize import clean, one_line

MOST_BYTES = 20_000_000
MOST_ROWS = 100_000
SEPARATORS = (",", ";", "\t")
# The first bytes of a text, and its encoding. UTF-16 without such a mark shows by its zeros.
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SAVE = "Save it as CSV in UTF-8, or take the file as the campus system made it."
# Spreadsheets read a cell that begins like this as a formula, unless there is a quote in front.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """One row of a table: its values by heading, and the line of the file on which it begins."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A table of text. `heads` are the headings as the file has them."""

    file: Path
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str


def read_table(file: Path) -> Table:
    """Read a table. Raises Problem for anything that is not one."""
    text, encoding = _decoded(read_bytes(file, links=True, most=MOST_BYTES), file)
    lines = _lines(text, file)
    if not lines:
        raise Problem(file, "is empty", SAVE)
    (number, heads), *rest = lines
    heads = [one_line(clean(head)) for head in heads]
    doubled = next(
        (head for head in heads if head and [one.casefold() for one in heads].count(head.casefold()) > 1), ""
    )
    if doubled:
        raise Problem(f"{file}:{number}", f"two columns have the heading '{doubled}'", "Rename or remove one of them.")
    if len(heads) < 2 and not rest:
        raise Problem(file, "holds no table with headings", SAVE)
    return Table(file, tuple(heads), tuple(_row(file, heads, line, cells) for line, cells in rest), encoding)


def _row(file: Path, heads: list[str], line: int, cells: list[str]) -> Row:
    """Return a row by its headings. In a row that is too long, a value holds the separator. Raises Problem."""
    if any(cell.strip() for cell in cells[len(heads) :]):
        what = f"has {len(cells)} columns, but the headings are {len(heads)}"
        raise Problem(f"{file}:{line}", what, 'Put quotation marks around values that hold a separator: "Doe, Jane".')
    return Row(line, {head: plain(cell) for head, cell in zip(heads, cells, strict=False) if head})


def plain(cell: str) -> str:
    """Return a value on one line, and without the quote that keeps it from being a formula."""
    value = one_line(clean(cell))
    return value[1:] if value.startswith("'") and value[1:].startswith(FORMULA) else value


def guarded(value: str) -> str:
    """Return a value that no spreadsheet reads as a formula. `plain` gives the value back."""
    return f"'{value}" if value.startswith(FORMULA) else value


def _decoded(data: bytes, file: Path) -> tuple[str, str]:
    """Return the text of a file, and the encoding that it is in. Raises Problem."""
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "")
    if not encoding and b"\0" in data[:200]:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    for name in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, name
    raise Problem(file, "is not text in UTF-8, UTF-16 or cp1252", SAVE)


def _lines(text: str, file: Path) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty, each with the line on which it begins. Raises Problem."""
    # Excel may write the separator into a first line of its own.
    told = text[4] if text[:4].casefold() == "sep=" and text[4:5] in SEPARATORS else ""
    rows: list[tuple[int, list[str]]] = []
    begin = 1
    try:
        separator = told or max(SEPARATORS, key=lambda one: len(next(csv.reader(io.StringIO(text), delimiter=one), [])))
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        for cells in reader:
            if any(cell.strip() for cell in cells) and not (told and begin == 1):
                rows.append((begin, cells))
            begin = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise Problem(file, f"holds more than {MOST_ROWS:,} rows", SAVE)
    except csv.Error as error:
        raise Problem(f"{file}:{begin}", f"cannot be read as a table ({error})", SAVE) from error
    return rows
