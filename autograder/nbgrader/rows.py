"""One assignment's rows in the gradebook, read and written by their keys.

nbgrader's objects would work out sums over the whole class with each submission, without an index to help: the more
there are in the gradebook, the longer the next one would take. What is written here is what they would write.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import Table, insert, select, update

from autograder.nbgrader.late import LatePenalty
from autograder.notebooks.read import grade_id
from autograder.report.messages import FLAGGED_ENDS, FLAGGED_STARTS, NOT_ISOLATED
from autograder.report.report import UNSAFE_TIER, Outcome, Report

ASSIGNMENT, NOTEBOOK, CELL = (each.__table__ for each in (api.Assignment, api.Notebook, api.BaseCell))
STUDENT, SUBMITTED, COPY = (each.__table__ for each in (api.Student, api.SubmittedAssignment, api.SubmittedNotebook))
GRADE, COMMENT = api.Grade.__table__, api.Comment.__table__
GRADED, ANSWERED = ("GradeCell", "TaskCell"), ("SolutionCell", "TaskCell")


@dataclass(frozen=True)
class Standing:
    """How a learner's hand-in stands: its points with penalty and manual scores, its time, and until when it had."""

    points: float
    when: datetime | None
    deadline: datetime | None

    @property
    def late(self) -> bool:
        """True where it came after its deadline."""
        return self.when is not None and self.deadline is not None and self.when > self.deadline


@dataclass(frozen=True)
class Sheet:
    """The gradebook as one assignment needs it. Its notebooks and cells are read once: they do not change meanwhile."""

    gradebook: Gradebook
    assignment: str

    def write(self, student: str, report: Report, timestamp: datetime | None, late: LatePenalty) -> None:
        """Write one report. The caller commits, so that all of it happens or nothing. Raises Problem."""
        entry = self._entry(student, timestamp)
        for notebook, cells in self._cells.items():
            copy = self._copy(notebook, entry["id"])
            grades = self._rows(GRADE, copy, cells, GRADED, grade_of(report))
            self._rows(COMMENT, copy, cells, ANSWERED, lambda cell, known: {"auto_comment": comment_of(report)})
            penalty = late.of(student, sum(map(score_of, grades)), self._seconds_late(entry))
            self._run(update(COPY).where(COPY.c.id == copy).values(late_submission_penalty=penalty))

    def changed_penalties(self, late: LatePenalty, students: Collection[str]) -> dict[str, float | None]:
        """Return what these learners lose now for being late, by the row of their notebook, where it has changed."""
        changes = {}
        for copy, grades in self._grades().items():
            first = grades[0]
            if first["student_id"] in students:
                lost = late.of(first["student_id"], sum(map(score_of, grades)), self._seconds_late(first))
                if lost != first["late_submission_penalty"]:
                    changes[copy] = lost
        return changes

    def standings(self, *of: str) -> dict[str, Standing]:
        """Return how each learner's hand-in stands, or how those of these learners do."""
        found: dict[str, Standing] = {}
        for grades in self._grades(*of).values():
            first = grades[0]
            points = sum(map(score_of, grades)) - (first["late_submission_penalty"] or 0.0)
            before = found.get(first["student_id"])
            points = round(max(0.0, points) + (before.points if before else 0.0), 2)
            found[first["student_id"]] = Standing(points, first["timestamp"], self._deadline(first))
        return found

    def _grades(self, *of: str) -> dict[str, list[dict[str, Any]]]:
        """The grades of these learners, or of all, with what decides a late penalty, by the row of the notebook."""
        figures = (COPY.c.id, COPY.c.late_submission_penalty, SUBMITTED.c.student_id)
        times = (SUBMITTED.c.timestamp, SUBMITTED.c.extension)
        points = (GRADE.c.auto_score, GRADE.c.manual_score, GRADE.c.extra_credit)
        wanted = (
            select(*figures, *times, *points)
            .join(SUBMITTED, COPY.c.assignment_id == SUBMITTED.c.id)
            .join(GRADE, GRADE.c.notebook_id == COPY.c.id)
            .where(SUBMITTED.c.assignment_id == self._assignment["id"])
        )
        copies: dict[str, list[dict[str, Any]]] = {}
        for row in self._run(wanted.where(SUBMITTED.c.student_id.in_(of)) if of else wanted).mappings():
            copies.setdefault(row["id"], []).append(dict(row))
        return copies

    def write_penalties(self, changes: Mapping[str, float | None]) -> None:
        """Write late penalties by the row of the notebook. The caller commits."""
        for copy, lost in changes.items():
            self._run(update(COPY).where(COPY.c.id == copy).values(late_submission_penalty=lost))

    def scores(self) -> dict[str, list[dict[str, float | None]]]:
        """The automatic scores by student, for each of the notebooks by the cell's name."""
        cells = {cell["id"]: cell["name"] for cells in self._cells.values() for cell in cells}
        wanted = (
            select(SUBMITTED.c.student_id, COPY.c.id, GRADE.c.cell_id, GRADE.c.auto_score)
            .join(COPY, COPY.c.assignment_id == SUBMITTED.c.id)
            .join(GRADE, GRADE.c.notebook_id == COPY.c.id)
            .where(SUBMITTED.c.assignment_id == self._assignment["id"])
        )
        found: dict[str, dict[str, dict[str, float | None]]] = {}
        for student, copy, cell, score in self._run(wanted):
            found.setdefault(student, {}).setdefault(copy, {})[cells[cell]] = score
        return {student: list(copies.values()) for student, copies in found.items()}

    def _run(self, statement: Any, rows: Sequence[Mapping[str, Any]] | None = None) -> Any:
        return self.gradebook.db.execute(statement, rows)

    def _first(self, table: Table, *where: Any) -> dict[str, Any] | None:
        row = self._run(select(table).where(*where)).mappings().first()
        return dict(row) if row else None

    @cached_property
    def _assignment(self) -> dict[str, Any]:
        found = self._first(ASSIGNMENT, ASSIGNMENT.c.name == self.assignment)
        if found is None:
            raise api.MissingEntry(f"No such assignment: {self.assignment}")
        return found

    @cached_property
    def _cells(self) -> dict[str, list[dict[str, Any]]]:
        """The assignment's cells by the notebook's key."""
        notebooks = self._run(select(NOTEBOOK.c.id).where(NOTEBOOK.c.assignment_id == self._assignment["id"])).scalars()
        return {
            notebook: [dict(row) for row in self._run(select(CELL).where(CELL.c.notebook_id == notebook)).mappings()]
            for notebook in notebooks.all()
        }

    def _entry(self, student: str, timestamp: datetime | None) -> dict[str, Any]:
        """The learner's row for the assignment, made where there is none."""
        mine = (SUBMITTED.c.assignment_id == self._assignment["id"], SUBMITTED.c.student_id == student)
        entry = self._first(SUBMITTED, *mine)
        if entry is None:
            if self._first(STUDENT, STUDENT.c.id == student) is None:
                self._run(insert(STUDENT).values(id=student))
            row = {"assignment_id": self._assignment["id"], "student_id": student, "timestamp": timestamp}
            self._run(insert(SUBMITTED).values(**row))
            entry = self._first(SUBMITTED, *mine)
        elif timestamp is not None and timestamp != entry["timestamp"]:
            self._run(update(SUBMITTED).where(SUBMITTED.c.id == entry["id"]).values(timestamp=timestamp))
            entry["timestamp"] = timestamp
        return entry

    def _copy(self, notebook: str, entry: str) -> str:
        """The key of the learner's own row for a notebook, made where there is none."""
        mine = (COPY.c.notebook_id == notebook, COPY.c.assignment_id == entry)
        copy = self._first(COPY, *mine)
        if copy is None:
            self._run(insert(COPY).values(notebook_id=notebook, assignment_id=entry))
            copy = self._first(COPY, *mine)
        return copy["id"]

    def _rows(
        self, table: Table, copy: str, cells: Sequence[dict[str, Any]], kinds: Sequence[str], values: Any
    ) -> list[dict[str, Any]]:
        """Set the rows of a table that hang on these cells of a learner's notebook; the rows as they are then."""
        mine = [cell for cell in cells if cell["type"] in kinds]
        wanted = select(table).where(table.c.notebook_id == copy, table.c.cell_id.in_([cell["id"] for cell in mine]))
        known = {row["cell_id"]: dict(row) for row in self._run(wanted).mappings()}
        rows, new = [], []
        for cell in mine:
            row = known.get(cell["id"])
            changes = values(cell, row or {})
            if row is None:
                row = {"cell_id": cell["id"], "notebook_id": copy}
                new.append(row)
            elif any(row[name] != value for name, value in changes.items()):
                self._run(update(table).where(table.c.id == row["id"]).values(**changes))
            row.update(changes)
            rows.append(row)
        if new:
            self._run(insert(table), new)
        return rows

    def _seconds_late(self, entry: Mapping[str, Any]) -> float:
        deadline, when = self._deadline(entry), entry["timestamp"]
        return max(0.0, (when - deadline).total_seconds()) if deadline and when else 0

    def _deadline(self, entry: Mapping[str, Any]) -> datetime | None:
        due = self._assignment["duedate"]
        return due + (entry["extension"] or timedelta()) if due else None


def grade_of(report: Report) -> Any:
    """What is set of a grade, from its cell and its row so far.

    A check without a verdict has no score and needs manual grading. So does one that already has a manual score:
    it stands, and a person decides whether it should.
    """
    results = {grade_id(check.id): check for check in report.checks}

    def changes(cell: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
        result = results.get(cell["name"])
        no_verdict = result is None or result.outcome is Outcome.ERROR
        return {
            "auto_score": None if no_verdict else result.score,
            "needs_manual_grade": no_verdict or row.get("manual_score") is not None,
        }

    return changes


def comment_of(report: Report) -> str | None:
    """Return what stands by the cells that the learner wrote.

    Nothing, unless it was graded without a sandbox, or the cells use what the instructor should read.
    """
    told = [NOT_ISOLATED] if report.sandbox == UNSAFE_TIER else []
    told += [note for note in report.notes if note.startswith(FLAGGED_STARTS) and note.endswith(FLAGGED_ENDS)]
    return "\n".join(told) or None


def score_of(grade: Mapping[str, Any]) -> float:
    """A grade as nbgrader counts it: by hand before automatic, and extra credit to either."""
    manual, auto = grade.get("manual_score"), grade["auto_score"]
    if manual is None and auto is None:
        return 0.0
    return (auto if manual is None else manual) + (grade.get("extra_credit") or 0.0)
