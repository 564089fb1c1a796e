"""Bring a list of the class and the roster together. Ids decide who is who, or a full name that only one has."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.campus.class_table import Table
from autograder.campus.columns import IDS, ClassList, class_list
from autograder.campus.roster import NAMES, Member, Roster, require_id
from autograder.campus.roster_search import ID_FIELDS, Directory, folded, keys_of, spellings, squeezed
from autograder.errors import Problem

MEND = "Mend the list, or remove one of the lines."
CHOOSE = "Name the column of the ids with --id. The columns are: {heads}."


@dataclass(frozen=True)
class Enrolment:
    """A roster after a list was read. `count` learners are on the list, which is from `system`.

    `id_column` is the heading of the column with the ids of new learners.
    """

    roster: Roster
    count: int
    system: str
    id_column: str
    unused: tuple[str, ...]
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def enrol(roster: Roster, table: Table, id_heading: str = "") -> Enrolment:
    """Return the roster with what a list says. Learners who are not on the list stay.

    `id_heading` names the column that holds the ids. Raises Problem, with the line, where two lines are one learner, or
    one line fits two.
    """
    listed = class_list(table)
    id_field, column = _id_field(table, listed, id_heading)
    directory = Directory(roster)
    members = {member.id: member for member in roster}
    lines: dict[str, int] = {}
    new, changed = [], []
    for row in listed.rows:
        where = f"{table.file}:{row.line}"
        values = {name: value for name, value in row.values.items() if name in NAMES}
        student = values.pop("id", "") if id_field == "id" else values.get(id_field, "")
        known = _who(directory, values, student, where)
        if known is None:
            require_id(student, where)
            known = Member(student)
            if student not in lines:
                new.append(student)
        if known.id in lines:
            raise Problem(where, f"the learner '{known.id}' is on line {lines[known.id]}, too", MEND)
        lines[known.id] = row.line
        merged = _merged(known, values)
        if known.id in members and merged != members[known.id]:
            changed.append(known.id)
        members[known.id] = merged
    _require_own(members.values(), lines, table.file)
    absent = tuple(member.id for member in roster if member.id not in lines)
    enrolled = Roster(tuple(members.values()), roster.file)
    return Enrolment(enrolled, len(lines), listed.system, column, listed.unused, tuple(new), tuple(changed), absent)


def _id_field(table: Table, listed: ClassList, heading: str) -> tuple[str, str]:
    """Return the field that holds the ids of new learners, and its heading. Raises Problem."""
    choose = CHOOSE.format(heads=", ".join(listed.columns.values()))
    if heading:
        found = next((name for name, head in listed.columns.items() if head.casefold() == heading.casefold()), "")
        if not found:
            raise Problem(table.file, f"no column that can hold ids is called '{heading}'", choose)
        return found, listed.columns[found]
    # A column that is partly empty would leave some learners without an id. Then the next one is tried.
    for name in IDS[listed.system]:
        if name in listed.columns and all(row.values.get(name) for row in listed.rows):
            return name, listed.columns[name]
    raise Problem(table.file, "has no column with an id for every learner", choose)


def _who(directory: Directory, values: dict[str, str], student: str, where: str) -> Member | None:
    """Return the member whom a line means, or None for a new one. Raises Problem if it could be two."""
    by_id = [each for name in ID_FIELDS for each in directory.with_id(name, values.get(name, ""))]
    found = {each.id: each for each in (*directory.with_id("id", student), *by_id)}
    if not found:
        name = values.get("name") or f"{values.get('first_name', '')} {values.get('last_name', '')}"
        # A namesake with an id that differs is somebody else.
        found = {each.id: each for each in directory.named(name) if not _differ(each, values)}
    if len(found) > 1:
        raise Problem(where, f"this line fits several learners: {', '.join(sorted(found))}", MEND)
    return next(iter(found.values()), None)


def _differ(member: Member, values: dict[str, str]) -> bool:
    """Return whether a member and a line have different ids. Moodle's numbers differ for each assignment."""
    fields = [name for name in ID_FIELDS if name != "moodle_ids" and values.get(name) and getattr(member, name)]
    return any(folded(name, values[name]) != folded(name, getattr(member, name)) for name in fields)


def _merged(member: Member, values: dict[str, str]) -> Member:
    """Return a member with the values of a line. Moodle's numbers are added to those that are there."""
    numbers = dict.fromkeys([*member.moodle_ids.split(), *values.get("moodle_ids", "").split()])
    given = {name: value for name, value in values.items() if name != "moodle_ids"}
    name = given.get("name") or f"{given.get('first_name', '')} {given.get('last_name', '')}"
    if squeezed(name) in spellings(member):
        # Campus systems write one name in different ways. What is there may have been mended by hand.
        given = {key: value for key, value in given.items() if key not in ("name", "first_name", "last_name")}
    return replace(member, moodle_ids=" ".join(numbers), **given)


def _require_own(members: Iterable[Member], lines: dict[str, int], file: Path) -> None:
    """Raise Problem where two learners have one id, or ids that differ by case only."""
    owners: dict[tuple[str, str], Member] = {}
    for member in members:
        for name, value in keys_of(member):
            other = owners.setdefault((name, value.casefold()), member)
            if other is not member:
                at = f"{file}:{lines[member.id]}" if member.id in lines else str(file)
                line = f" (line {lines[other.id]})" if other.id in lines else ""
                field = "id" if name == "id" else name.removesuffix("s").replace("_", " ")
                what = f"'{member.id}' has the same {field} as '{other.id}'{line}: {getattr(member, name)}"
                raise Problem(at, what, MEND)
