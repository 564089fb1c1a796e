"""nbgrader's CSV of all grades, in which no name is a formula for the spreadsheet that opens it."""

import csv
import io
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

# What spreadsheets take for the beginning of a formula; a quote before it makes it text, and is not shown.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ANYBODYS = ("id", "first_name", "last_name", "email")


class SafeCsvExport(CsvExportPlugin):
    """nbgrader's own export, with learners' names and ids as text and nothing else."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the grades as CSV."""
        super().export(_Shown(gradebook))


class _Shown:
    """A gradebook whose students are shown as they can stand in a cell; it finds them by their true ids."""

    def __init__(self, gradebook: Gradebook) -> None:
        self._gradebook = gradebook
        self._ids: dict[str, str] = {}

    @property
    def assignments(self) -> Any:
        return self._gradebook.assignments

    @property
    def students(self) -> list["_Student"]:
        shown = [_Student(student) for student in self._gradebook.students]
        self._ids = {each.id: each.own_id for each in shown}
        return shown

    def find_submission(self, assignment: str, student: str) -> Any:
        return self._gradebook.find_submission(assignment, self._ids[student])


class _Student:
    def __init__(self, student: Any) -> None:
        self.own_id = student.id
        for name in ANYBODYS:
            setattr(self, name, as_text(getattr(student, name)))


def as_text(value: str | None) -> str | None:
    """Return a word as a cell of a CSV file, quoted where it needs it. An ordinary one is left as it is."""
    if not value:
        return value
    written = io.StringIO()
    # Where a comma stands in numbers, spreadsheets take a semicolon for the end of a cell.
    quoting = csv.QUOTE_ALL if ";" in value else csv.QUOTE_MINIMAL
    csv.writer(written, lineterminator="", quoting=quoting).writerow(
        [f"'{value}" if value.startswith(FORMULA) else value]
    )
    return written.getvalue()
