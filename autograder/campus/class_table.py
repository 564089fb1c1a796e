"""Read a list of the class as a table: values by heading, fit for names and ids."""

from dataclasses import dataclass
from pathlib import Path

from autograder.campus.csv_file import LAST_RESORT, NOT_TEXT, Line, read_csv
from autograder.errors import Problem
from autograder.sanitize import FORMULA, clean, one_line

SAVE = "Save it as CSV in UTF-8, or take the file as the campus system made it."


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
    content = read_csv(file, SAVE)
    if content.encoding == LAST_RESORT:
        # In an unknown encoding, names would be wrong.
        raise Problem(file, NOT_TEXT, SAVE)
    rest = [row for row in content.rows if any(map(str.strip, row.cells))]
    heads = [one_line(clean(head)) for head in content.heads]
    doubled = next(
        (head for head in heads if head and [one.casefold() for one in heads].count(head.casefold()) > 1), ""
    )
    if doubled:
        where = f"{file}:{content.heading.number}"
        raise Problem(where, f"two columns have the heading '{doubled}'", "Rename or remove one of them.")
    if len(heads) < 2 and not rest:
        raise Problem(file, "holds no table with headings", SAVE)
    return Table(file, tuple(heads), tuple(_row(heads, row) for row in rest), content.encoding)


def _row(heads: list[str], row: Line) -> Row:
    return Row(row.number, {head: plain(cell) for head, cell in zip(heads, row.cells, strict=True) if head})


def plain(cell: str) -> str:
    """Return a value on one line, and without the quote that `harmless` puts in front."""
    value = one_line(clean(cell))
    return value[1:] if value.startswith("'") and value[1:].startswith(FORMULA) else value
