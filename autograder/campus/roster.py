"""The roster: who is in the course, and which ids the campus system has for them.

It is the file roster.csv in the course's folder. It holds personal data, so Git ignores it. An assignment can do
without: then `load` returns an empty roster.
"""

import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from autograder.campus.class_table import read_table
from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.submitted import wrong_with
from autograder.sanitize import clean, harmless, one_line

FILE = "roster.csv"
GET_ONE = "Run `autograder roster FILE` with a list of the class from the campus system."
ID = "id"
# The columns of roster.csv, and the fields of a member.
COLUMNS = {
    ID: "id",
    "first name": "first_name",
    "last name": "last_name",
    "name": "name",
    "e-mail": "email",
    "section": "section",
    "group": "group",
    "canvas id": "canvas_id",
    "sis id": "sis_id",
    "sis login id": "login",
    "moodle id": "moodle_ids",
    "student number": "student_number",
}
# Somebody may be in several sections or groups: Canvas joins their names in English, others by a mark.
BETWEEN = re.compile(r"\s*[;,]\s*(?:and\s+)?|\s+and\s+")


@dataclass(frozen=True)
class Member:
    """One learner. `id` is the name of the folder in submitted/, and the id in nbgrader's gradebook.

    `name` is the full name as the campus system writes it. Moodle numbers its participants anew for each assignment, so
    there may be several `moodle_ids`, separated by spaces.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    name: str = ""
    email: str = ""
    section: str = ""
    group: str = ""
    canvas_id: str = ""
    sis_id: str = ""
    login: str = ""
    moodle_ids: str = ""
    student_number: str = ""

    @property
    def full_name(self) -> str:
        """Return the name as people read it."""
        return self.name or f"{self.first_name} {self.last_name}".strip()

    def in_section(self, name: str) -> bool:
        """Return whether the learner is in this section."""
        return name in parts(self.section)

    def in_group(self, name: str) -> bool:
        """Return whether the learner is in this group."""
        return name in parts(self.group)


NAMES = tuple(one.name for one in fields(Member))


def parts(text: str) -> set[str]:
    """Return the sections or groups that a value names: itself as a whole, and its parts."""
    return {text, *BETWEEN.split(text)} - {""}


@dataclass(frozen=True)
class Roster:
    """All learners of a course, in the order of the file."""

    members: tuple[Member, ...] = ()
    file: Path = field(default=Path(FILE), compare=False)

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)

    def __bool__(self) -> bool:
        return bool(self.members)

    def member(self, student: str) -> Member | None:
        """Return the learner with this id, or None."""
        return next((member for member in self.members if member.id == student), None)

    def select(self, section: Sequence[str] | None = None, group: Sequence[str] | None = None) -> frozenset[str] | None:
        """Return the ids of those who are in one of these sections and in one of these groups; None for everybody.

        Raises Problem for a section or a group that nobody has.
        """
        if not section and not group:
            return None
        if not self:
            raise Problem(self.file, "there is no roster, so sections and groups are not known", GET_ONE)
        self._require("section", section or (), {member.section for member in self.members})
        self._require("group", group or (), {member.group for member in self.members})
        return frozenset(
            member.id
            for member in self.members
            if (not section or any(map(member.in_section, section))) and (not group or any(map(member.in_group, group)))
        )

    def ids_of(self, system: str) -> dict[str, str]:
        """Return the learner for each id in a campus system, canvas or moodle. An id of two learners is left out."""
        learners: dict[str, set[str]] = {}
        for member in self.members:
            own = [member.canvas_id] if system == "canvas" else member.moodle_ids.split()
            for campus in (*own, member.sis_id, member.login, member.student_number, member.email):
                if campus:
                    learners.setdefault(campus, set()).add(member.id)
        return {campus: only for campus, ids in learners.items() for only in ids if len(ids) == 1}

    def _require(self, what: str, wanted: Sequence[str], there: set[str]) -> None:
        known = {part for value in there for part in parts(value)}
        for name in wanted:
            if name not in known:
                names = ", ".join(sorted(there - {""}))
                remedy = f"There are: {names}." if names else f"Fill its column '{what}'."
                raise Problem(self.file, f"nobody is in the {what} '{name}'", remedy)


def load(course: Course) -> Roster:
    """Return the course's roster; an empty one if there is no file. Raises Problem with the line that is wrong."""
    file = course.root / FILE
    if not os.path.lexists(file):
        return Roster(file=file)
    table = read_table(file)
    heads = {head.casefold(): head for head in table.heads}
    if ID not in heads:
        raise Problem(file, f"has no column '{ID}'", GET_ONE)
    members = []
    lines: dict[str, int] = {}
    for row in table.rows:
        member = Member(**{name: row.values.get(heads.get(column, ""), "") for column, name in COLUMNS.items()})
        require_id(member.id, f"{file}:{row.line}")
        if member.id in lines:
            what = f"the id '{member.id}' is on line {lines[member.id]}, too"
            raise Problem(f"{file}:{row.line}", what, "Remove one of the lines.")
        lines[member.id] = row.line
        members.append(member)
    return Roster(tuple(members), file)


def require_id(student: str, where: str) -> None:
    """Raise Problem where an id is missing, or cannot be the name of a folder."""
    if fault := wrong_with_id(student):
        raise Problem(where, f"the id '{one_line(clean(student))[:80]}' {fault}", "Give the learner another id.")


def wrong_with_id(student: str) -> str:
    """Return why a text cannot be a learner's id; empty if it can."""
    if not student or student != one_line(clean(student)):
        return "holds characters that cannot be seen" if student else "is empty"
    if student in (".", "..") or "/" in student or "\\" in student:
        return "cannot be the name of a folder"
    return wrong_with(student)


def text_of(members: Sequence[Member]) -> str:
    """Return the text of a roster.csv. Names are written so that no spreadsheet reads them as formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for member in members:
        writer.writerow([harmless(getattr(member, name)) for name in COLUMNS.values()])
    return out.getvalue()


def save(course: Course, members: Sequence[Member]) -> None:
    """Write roster.csv for this user alone, as a whole or not at all. The caller holds the course's lock."""
    file = course.root / FILE
    part = file.with_name(f".{FILE}.part")
    mode = file.stat().st_mode & 0o777 if file.is_file() else 0o600
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8-sig", newline="") as out:
        out.write(text_of(members))
    os.replace(part, file)
