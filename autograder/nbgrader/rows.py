"""Read and write one assignment's rows in the gradebook by their keys.

nbgrader's objects would compute sums over the whole class with each submission, without an index: the fuller the
gradebook, the slower the next submission. This module writes what they would write.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import Table, insert, select, update

from autograder.nbgrader.final_score import final_score, score_of
from autograder.nbgrader.late import LatePenalty
from autograder.notebooks.read import grade_id
from autograder.report.messages import NOT_ISOLATED
from autograder.report.report import UNSAFE_TIER, Outcome, Report

ASSIGNMENT, NOTEBOOK, CELL = (each.__table__ for each in (api.Assignment, api.Notebook, api.BaseCell))
STUDENT, SUBMITTED, COPY = (each.__table__ for each in (api.Student, api.SubmittedAssignment, api.SubmittedNotebook))
GRADE, COMMENT = api.Grade.__table__, api.Comment.__table__
GRADED, ANSWERED = ("GradeCell", "TaskCell"), ("SolutionCell", "TaskCell")
# Computes the values to set in a row, from its cell and the row so far (empty if it is new).
Changes = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Standing:
    """A hand-in in the gradebook: its points with penalty and manual scores, its time and its deadline.

    It is complete if every check has a score, automatic or manual, and scored if any has one: nbgrader makes rows
    without scores, too, for an extension.
    """

    points: float
    when: datetime | None
    deadline: datetime | None
    complete: bool = True
    scored: bool = True

    @property
    def late(self) -> bool:
        """Return whether it came after its deadline."""
        return self.when is not None and self.deadline is not None and self.when > self.deadline


@dataclass(frozen=True)
class Sheet:
    """The part of the gradebook for one assignment. Notebooks and cells are read once: they do not change meanwhile."""

    gradebook: Gradebook
    assignment: str

    def write(self, student: str, report: Report, timestamp: datetime | None, late: LatePenalty) -> None:
        """Write one report. The caller commits, so that everything is written or nothing. Raises Problem."""
        entry = self._entry(student, timestamp)
        for notebook, cells in self._cells.items():
            copy = self._copy(notebook, entry["id"])
            grades = self._rows(GRADE, copy, cells, GRADED, grade_changes(report))
            self._rows(COMMENT, copy, cells, ANSWERED, lambda cell, row: {"auto_comment": comment_of(report)})
            points = sum(map(score_of, grades))
            penalty = late.of(self.gradebook, self.assignment, student, points, self._seconds_late(entry))
            self._run(update(COPY).where(COPY.c.id == copy).values(late_submission_penalty=penalty))

    def changed_penalties(self, late: LatePenalty, students: Collection[str]) -> dict[str, float | None]:
        """Return the late penalties of these learners that have changed, by the row of their notebook."""
        changes = {}
        # Nobody else can have a penalty, or get one.
        late_or_charged = COPY.c.late_submission_penalty.is_not(None) | SUBMITTED.c.extension.is_not(None)
        if due := self._assignment["duedate"]:
            late_or_charged |= SUBMITTED.c.timestamp > due
        for copy, grades in self._grades(late_or_charged).items():
            first = grades[0]
            if (student := first["student_id"]) in students:
                points = sum(map(score_of, grades))
                penalty = late.of(self.gradebook, self.assignment, student, points, self._seconds_late(first))
                if penalty != first["late_submission_penalty"]:
                    changes[copy] = penalty
        return changes

    def standings(self, *students: str) -> dict[str, Standing]:
        """Return the standing of these learners' hand-ins, or of all, by learner."""
        theirs = (SUBMITTED.c.student_id.in_(students),) if students else ()
        hand_ins: dict[str, list[list[dict[str, Any]]]] = {}
        for grades in self._grades(*theirs).values():
            hand_ins.setdefault(grades[0]["student_id"], []).append(grades)
        return {student: self._standing(notebooks) for student, notebooks in hand_ins.items()}

    def _standing(self, notebooks: Sequence[Sequence[Mapping[str, Any]]]) -> Standing:
        """Return the standing of a hand-in, from the grades of each of its notebooks."""
        grades, first = [grade for notebook in notebooks for grade in notebook], notebooks[0][0]
        penalties = (notebook[0]["late_submission_penalty"] for notebook in notebooks)
        points = round(final_score(map(score_of, grades), penalties), 2)
        has = [grade["auto_score"] is not None or grade["manual_score"] is not None for grade in grades]
        return Standing(points, first["timestamp"], self._deadline(first), all(has), any(has))

    def _grades(self, *where: Any) -> dict[str, list[dict[str, Any]]]:
        """Return the grades of the hand-ins that meet these conditions, by the row of the notebook.

        Each grade comes with the columns that decide a late penalty.
        """
        figures = (COPY.c.id, COPY.c.late_submission_penalty, SUBMITTED.c.student_id)
        times = (SUBMITTED.c.timestamp, SUBMITTED.c.extension)
        points = (GRADE.c.auto_score, GRADE.c.manual_score, GRADE.c.extra_credit)
        query = (
            select(*figures, *times, *points)
            .join(SUBMITTED, COPY.c.assignment_id == SUBMITTED.c.id)
            .join(GRADE, GRADE.c.notebook_id == COPY.c.id)
            .where(SUBMITTED.c.assignment_id == self._assignment["id"], *where)
        )
        copies: dict[str, list[dict[str, Any]]] = {}
        for row in self._run(query).mappings():
            copies.setdefault(row["id"], []).append(dict(row))
        return copies

    def write_penalties(self, changes: Mapping[str, float | None]) -> None:
        """Write late penalties by the row of the notebook. The caller commits."""
        for copy, penalty in changes.items():
            self._run(update(COPY).where(COPY.c.id == copy).values(late_submission_penalty=penalty))

    def scores(self) -> dict[str, list[dict[str, float | None]]]:
        """Return the automatic scores by student: for each notebook, by the name of the cell."""
        cells = {cell["id"]: cell["name"] for cells in self._cells.values() for cell in cells}
        query = (
            select(SUBMITTED.c.student_id, COPY.c.id, GRADE.c.cell_id, GRADE.c.auto_score)
            .join(COPY, COPY.c.assignment_id == SUBMITTED.c.id)
            .join(GRADE, GRADE.c.notebook_id == COPY.c.id)
            .where(SUBMITTED.c.assignment_id == self._assignment["id"])
        )
        scores: dict[str, dict[str, dict[str, float | None]]] = {}
        for student, copy, cell, score in self._run(query):
            scores.setdefault(student, {}).setdefault(copy, {})[cells[cell]] = score
        return {student: list(copies.values()) for student, copies in scores.items()}

    def _run(self, statement: Any, rows: Sequence[Mapping[str, Any]] | None = None) -> Any:
        return self.gradebook.db.execute(statement, rows)

    def _first(self, table: Table, *where: Any) -> dict[str, Any] | None:
        row = self._run(select(table).where(*where)).mappings().first()
        return dict(row) if row else None

    def _only(self, table: Table, *where: Any) -> dict[str, Any]:
        return dict(self._run(select(table).where(*where)).mappings().one())

    @cached_property
    def _assignment(self) -> dict[str, Any]:
        row = self._first(ASSIGNMENT, ASSIGNMENT.c.name == self.assignment)
        if row is None:
            raise api.MissingEntry(f"No such assignment: {self.assignment}")
        return row

    @cached_property
    def _cells(self) -> dict[str, list[dict[str, Any]]]:
        """Return the assignment's cells, by the key of the notebook."""
        notebooks = self._run(select(NOTEBOOK.c.id).where(NOTEBOOK.c.assignment_id == self._assignment["id"])).scalars()
        return {
            notebook: [dict(row) for row in self._run(select(CELL).where(CELL.c.notebook_id == notebook)).mappings()]
            for notebook in notebooks.all()
        }

    def _entry(self, student: str, timestamp: datetime | None) -> dict[str, Any]:
        """Return the learner's row for the assignment. Make it if there is none."""
        mine = (SUBMITTED.c.assignment_id == self._assignment["id"], SUBMITTED.c.student_id == student)
        entry = self._first(SUBMITTED, *mine)
        if entry is None:
            if self._first(STUDENT, STUDENT.c.id == student) is None:
                self._run(insert(STUDENT).values(id=student))
            row = {"assignment_id": self._assignment["id"], "student_id": student, "timestamp": timestamp}
            self._run(insert(SUBMITTED).values(**row))
            entry = self._only(SUBMITTED, *mine)
        elif timestamp is not None and timestamp != entry["timestamp"]:
            self._run(update(SUBMITTED).where(SUBMITTED.c.id == entry["id"]).values(timestamp=timestamp))
            entry["timestamp"] = timestamp
        return entry

    def _copy(self, notebook: str, entry: str) -> str:
        """Return the key of the learner's row for a notebook. Make the row if there is none."""
        mine = (COPY.c.notebook_id == notebook, COPY.c.assignment_id == entry)
        copy = self._first(COPY, *mine)
        if copy is None:
            self._run(insert(COPY).values(notebook_id=notebook, assignment_id=entry))
            copy = self._only(COPY, *mine)
        return str(copy["id"])

    def _rows(
        self, table: Table, copy: str, cells: Sequence[dict[str, Any]], types: Sequence[str], values: Changes
    ) -> list[dict[str, Any]]:
        """Update the rows of a table for these cells of a learner's notebook, and return them."""
        cells = [cell for cell in cells if cell["type"] in types]
        query = select(table).where(table.c.notebook_id == copy, table.c.cell_id.in_([cell["id"] for cell in cells]))
        existing = {row["cell_id"]: dict(row) for row in self._run(query).mappings()}
        rows, new = [], []
        for cell in cells:
            row = existing.get(cell["id"])
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


def grade_changes(report: Report) -> Changes:
    """Return the function that computes a grade's new values from its cell and its row so far.

    A check without a verdict has no score and needs manual grading. A manual score stays; if the automatic score that
    it replaces has changed, it needs manual grading, too: a person decides whether it should stand.
    """
    results = {grade_id(check.id): check for check in report.checks}

    def changes(cell: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
        result = results.get(cell["name"])
        score = None if result is None or result.outcome is Outcome.ERROR else result.score
        if row.get("manual_score") is None:
            return {"auto_score": score, "needs_manual_grade": score is None}
        return {"auto_score": score, "needs_manual_grade": row["needs_manual_grade"] or row["auto_score"] != score}

    return changes


def comment_of(report: Report) -> str | None:
    """Return the comment on the learner's cells, which feedback pages show, too; None if there is nothing to say."""
    return NOT_ISOLATED if report.sandbox == UNSAFE_TIER else None
