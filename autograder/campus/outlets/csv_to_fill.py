"""Fill a CSV file that a campus system wrote: numbers, encoding, separator and line ends stay as they are in it."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.campus.csv_file import CsvFile, read_csv

WITH_COMMA, WITH_POINT = re.compile(r"-?\d+,\d+%?"), re.compile(r"-?\d+\.\d+%?")
AGAIN = "Download it again, and do not save it from a spreadsheet in between."


@dataclass(frozen=True)
class Sheet:
    """A file to be filled: its rows as text, the first of them the headings."""

    file: CsvFile

    @property
    def path(self) -> Path:
        return self.file.path

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the headings."""
        return self.file.heads

    @cached_property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return the headings and all other rows."""
        return (self.heads, *(row.cells for row in self.file.rows))

    @cached_property
    def decimal_comma(self) -> bool:
        """Return whether numbers have a decimal comma: some cell has one, and none has a decimal point."""
        cells = [cell.strip() for row in self.rows[1:] for cell in row]
        return any(map(WITH_COMMA.fullmatch, cells)) and not any(map(WITH_POINT.fullmatch, cells))

    def number(self, points: float) -> str:
        """Return points as this file writes numbers, with two decimals at most."""
        text = f"{round(points, 2):.2f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if self.decimal_comma else text

    def written(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Return these rows as a file of the same kind. A character that its encoding lacks becomes a question mark."""
        text, file = io.StringIO(newline=""), self.file
        text.write(file.hint and file.hint + file.line_end)
        csv.writer(text, delimiter=file.separator, lineterminator=file.line_end).writerows(rows)
        return file.mark + text.getvalue().encode(file.encoding, "replace")


def read_sheet(path: Path) -> Sheet:
    """Read a file to be filled. Raises Problem if it is not CSV, or has no headings."""
    return Sheet(read_csv(path, AGAIN))


def as_number(cell: str) -> float | None:
    """Return the number in a cell, with a decimal point or comma; None if it holds none."""
    try:
        number = float(cell.strip().replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None
