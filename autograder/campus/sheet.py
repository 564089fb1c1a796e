"""Read a CSV file that a campus system wrote, and write one in the same way: encoding, separator, line ends."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.errors import Problem

MOST_BYTES = 50_000_000
SEPARATORS = (",", ";", "\t")
WITH_COMMA, WITH_POINT = re.compile(r"-?\d+,\d+%?"), re.compile(r"-?\d+\.\d+%?")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
AGAIN = "Download it again, and do not save it from a spreadsheet in between."


@dataclass(frozen=True)
class Sheet:
    """A CSV file: its rows as text, the first of them the headings, and how it is written."""

    path: Path
    rows: tuple[tuple[str, ...], ...]
    encoding: str = "utf-8"
    separator: str = ","
    line_end: str = "\r\n"

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the headings."""
        return self.rows[0]

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
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.separator, lineterminator=self.line_end).writerows(rows)
        return text.getvalue().encode(self.encoding, "replace")


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file. Raises Problem if it cannot be read, or has no headings."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Problem(path, f"it is larger than {MOST_BYTES // 1_000_000} MB", "Check that it is the right file.")
        content = path.read_bytes()
    except OSError as error:
        raise Problem(path, f"it cannot be read ({error.strerror})", "Check its name and its permissions.") from error
    encoding, text = _decoded(path, content)
    head = text.lstrip("\r\n").partition("\n")[0]
    separator = max(SEPARATORS, key=lambda one: len(next(csv.reader([head], delimiter=one), [])))
    try:
        rows = tuple(map(tuple, csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)))
    except csv.Error as error:
        raise Problem(path, f"it is not a CSV file ({error})", AGAIN) from error
    rows = tuple(row for row in rows if row)
    if not rows:
        raise Problem(path, "it is empty", AGAIN)
    width = len(rows[0])
    if any(len(row) > width for row in rows):
        raise Problem(path, "some rows have more cells than there are headings", AGAIN)
    rows = tuple(row + ("",) * (width - len(row)) for row in rows)
    return Sheet(path, rows, encoding, separator, "\r\n" if "\r\n" in text else "\n")


def _decoded(path: Path, content: bytes) -> tuple[str, str]:
    """Return the encoding and the text. Every byte has a meaning in Latin-1, so bytes come back as they were."""
    encodings = [name for mark, name in MARKS if content.startswith(mark)] or ["utf-8", "latin-1"]
    for encoding in encodings:
        try:
            return encoding, content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problem(path, f"it is not {encodings[0]} text, as its first bytes say", AGAIN)


def as_number(cell: str) -> float | None:
    """Return the number in a cell, with a decimal point or comma; None if it holds none."""
    try:
        number = float(cell.strip().replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None
