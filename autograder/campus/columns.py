"""Recognise the columns of a list of a class: roster.csv itself, and what Canvas, Moodle and Gradescope export.

Moodle translates its headings. There, the contents decide, too: which column holds e-mail addresses, and which one the
numbers of its participants.
"""

import re
from dataclasses import dataclass
from typing import Final

from autograder.campus.class_table import Row, Table
from autograder.campus.roster import COLUMNS

CANVAS, MOODLE, GRADESCOPE, OWN = "Canvas", "Moodle", "Gradescope", "a table"
# Canvas's row of maximum points, and its own test student, are no learners.
POINTS = "points possible"
TEST_STUDENTS = frozenset(("student, test", "test student"))
NUMBERED: Final = re.compile(r"(\D+?)\s*(\d{1,18})")
# Moodle's word for a participant. A German worksheet has the heading "ID" over it, as tables of one's own do over ids.
PARTICIPANT: Final = frozenset(
    ("participant", "teilnehmer/in", "teilnehmer", "participante", "partecipante", "deelnemer")
)
ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+")
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id", "student id", "username", "user name", "benutzername", "anmeldename", "nom d'utilisateur"),
    "first_name": ("first name", "firstname", "given name", "vorname", "prénom", "nombre", "nome", "voornaam"),
    "last_name": (
        "last name",
        "lastname",
        "surname",
        "family name",
        "nachname",
        "nom de famille",
        "nom",
        "apellido(s)",
    ),
    "name": ("name", "full name", "vollständiger name", "nom complet", "nombre completo", "nome completo"),
    "email": ("e-mail", "email", "email address", "e-mail address", "e-mail-adresse", "adresse de courriel"),
    "section": ("section", "sections", "section name"),
    "group": ("group", "groups", "group name", "gruppe", "gruppen", "groupe", "groupes", "grupo", "grupos"),
    "canvas_id": ("canvas id", "canvas user id"),
    "sis_id": ("sis id", "sis user id"),
    "login": ("sis login id", "login", "login id"),
    "moodle_ids": ("moodle id", "identifier"),
    "student_number": ("student number", "sid", "id number", "matriculation number", "matrikelnummer", "id-nummer"),
}
FIELDS: Final = {head: name for name, heads in HEADINGS.items() for head in heads} | COLUMNS
# What can be a learner's id if the list has no column for it, in this order.
IDS: Final = {
    CANVAS: ("login", "sis_id", "canvas_id"),
    MOODLE: ("id", "student_number", "email"),
    GRADESCOPE: ("student_number", "email"),
    OWN: ("id",),
}


@dataclass(frozen=True)
class Listed:
    """A learner as a list has one: the line, and the fields that it fills."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True)
class ClassList:
    """A list of a class. `system` says where it is from; `columns` maps fields to the headings that fill them."""

    system: str
    columns: dict[str, str]
    unused: tuple[str, ...]
    rows: tuple[Listed, ...]


def class_list(table: Table) -> ClassList:
    """Return the learners of a table, by what its headings and its contents say."""
    heads = {head.casefold(): head for head in table.heads}
    if {"student", "id", "section"} <= heads.keys():
        system, columns = CANVAS, _canvas(heads)
    else:
        columns = _by_heading(table)
        system = _moodle(table, columns) or (GRADESCOPE if {"sid", "email"} <= heads.keys() else OWN)
    rows = tuple(
        Listed(row.line, _values(row, columns)) for row in table.rows if system != CANVAS or _is_learner(row, columns)
    )
    unused = tuple(head for head in table.heads if head and head not in columns.values())
    return ClassList(system, columns, unused, rows)


def _canvas(heads: dict[str, str]) -> dict[str, str]:
    of = {"name": "student", "canvas_id": "id", "sis_id": "sis user id", "login": "sis login id", "section": "section"}
    return {name: heads[head] for name, head in of.items() if head in heads}


def _is_learner(row: Row, columns: dict[str, str]) -> bool:
    """Return whether a row of Canvas's gradebook is a learner's: others have no id, or are those of a test student."""
    name = row.values.get(columns["name"], "").casefold()
    return bool(row.values.get(columns["canvas_id"])) and name != POINTS and name not in TEST_STUDENTS


def _by_heading(table: Table) -> dict[str, str]:
    columns: dict[str, str] = {}
    for head in table.heads:
        if name := FIELDS.get(head.casefold()):
            columns.setdefault(name, head)
    return columns


def _moodle(table: Table, columns: dict[str, str]) -> str:
    """Add the columns that only Moodle's contents reveal, and return its name; empty if the table is not Moodle's."""
    emails = [head for head in table.heads if _all(table, head, ADDRESS)]
    if "email" not in columns and len(emails) == 1:
        columns["email"] = emails[0]
    first = table.heads[0]
    numbered = [NUMBERED.fullmatch(row.values.get(first, "")) for row in table.rows]
    words = {match[1].casefold() for match in numbered if match}
    is_id = columns.get("id") == first and not words & PARTICIPANT
    if numbered and all(numbered) and len(words) == 1 and not is_id:
        if columns.get("id") == first:
            del columns["id"]
        columns["moodle_ids"] = first
        # The grading worksheet has the full name next, whatever it is called.
        second = table.heads[1] if len(table.heads) > 1 else ""
        if second and second not in columns.values():
            columns.setdefault("name", second)
        return MOODLE
    foreign = "email" in columns and columns["email"].casefold() in ("email address", "e-mail-adresse")
    return MOODLE if foreign and "id" not in columns else ""


def _all(table: Table, head: str, pattern: re.Pattern[str]) -> bool:
    values = [row.values.get(head, "") for row in table.rows]
    return any(values) and all(pattern.fullmatch(value) for value in values if value)


def _values(row: Row, columns: dict[str, str]) -> dict[str, str]:
    """Return the fields that a row fills, with a full name taken apart and a participant's number without its word."""
    values = {name: row.values[head] for name, head in columns.items() if row.values.get(head)}
    if match := NUMBERED.fullmatch(values.get("moodle_ids", "")):
        values["moodle_ids"] = match[2]
    name = values.get("name", "")
    if name and not values.get("first_name") and not values.get("last_name"):
        if "," in name:
            last, _, first = name.partition(",")
        else:
            first, _, last = name.rpartition(" ")
        values |= {"first_name": first.strip(), "last_name": last.strip()}
    return {key: value for key, value in values.items() if value}
