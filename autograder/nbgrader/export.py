"""Export grades as nbgrader's CSV, but keep names from being read as formulas by a spreadsheet."""

import csv
import io
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder.sanitize import harmless

LEARNERS_FIELDS = ("id", "first_name", "last_name", "email")


class SafeCsvExport(CsvExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's export, with learners' names and ids as plain text."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the grades as CSV."""
        super().export(_SafeGradebook(gradebook))


class _SafeGradebook:
    """A gradebook whose students have names that are safe in a cell; it finds submissions by the true ids."""

    def __init__(self, gradebook: Gradebook) -> None:
        self._gradebook = gradebook
        self._ids: dict[str, str] = {}

    @property
    def assignments(self) -> Any:
        return self._gradebook.assignments

    @property
    def students(self) -> list["_SafeStudent"]:
        students = [_SafeStudent(student) for student in self._gradebook.students]
        self._ids = {student.id: student.true_id for student in students}
        return students

    def find_submission(self, assignment: str, student: str) -> Any:
        return self._gradebook.find_submission(assignment, self._ids[student])


class _SafeStudent:
    """A student as nbgrader's export reads one: `id`, `first_name`, `last_name` and `email`."""

    id: str

    def __init__(self, student: Any) -> None:
        self.true_id = student.id
        for name in LEARNERS_FIELDS:
            setattr(self, name, as_text(getattr(student, name)))


def as_text(value: str | None) -> str | None:
    """Return a value as a cell of a CSV file, quoted if it needs quotes. Ordinary values stay as they are."""
    if not value:
        return value
    written = io.StringIO()
    # In locales with a decimal comma, spreadsheets read a semicolon as the end of a cell.
    writer = csv.writer(written, lineterminator="", quoting=csv.QUOTE_ALL if ";" in value else csv.QUOTE_MINIMAL)
    writer.writerow([harmless(value)])
    return written.getvalue()
