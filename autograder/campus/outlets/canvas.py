"""Fill the gradebook file that Canvas exported, for Canvas to import again.

Canvas makes a new assignment of every heading that it does not know, and takes back every cell of the file. So only the
columns to be filled are written, with the ids that Canvas gave them, and only the rows with a score.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.campus.final_scores import FinalScores
from autograder.campus.made import Kind, Made, Remark
from autograder.campus.outlets.csv_to_fill import Sheet, as_number
from autograder.campus.outlets.match_rows import NO_IDS, Ids, Match, matched
from autograder.errors import Problem

SECTION = "Section"
ID_HEADS = ("SIS Login ID", "SIS User ID", "ID")
TITLE = re.compile(r"(.*)\s\((\d+)\)")
# Canvas takes a heading with any of these words for one of its totals, and does not read the column.
TOTALS = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
POINTS, READ_ONLY = "Points Possible", re.compile(r"read\s+only")
NO_STUDENT = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
NAMED_POINTS = f"Canvas would take this name for its row “{POINTS}”: enter the scores in Canvas"
EXCUSED, UNASSIGNED, TEST_STUDENT = "EX", "N/A", "Student, Test"
DOWNLOAD = "Give the file that Canvas exports: Grades, Export, Export Entire Gradebook."


@dataclass(frozen=True)
class Column:
    """The column of one assignment in Canvas's file."""

    assignment: str
    index: int
    head: str


def fill(
    final: FinalScores,
    sheet: Sheet,
    columns: Mapping[str, str],
    *,
    ids: Ids = NO_IDS,
    provisional: bool = False,
) -> Made:
    """Return the file with scores. `columns` names the heading of an assignment where course.yml does not say it.

    Without `provisional`, a score that needs manual grading is left out. Raises Problem.
    """
    last = _last_student_column(sheet)
    remarks: list[Remark] = []
    found = _columns(final, sheet, columns, last, remarks)
    indices = [*range(last + 1), *(column.index for column in found)]
    about = [row for row in sheet.rows[1:] if _is_about_assignments(row, last)]
    students = [row for row in sheet.rows[1:] if row not in about]
    rows = [[row[index] for index in indices] for row in (sheet.heads, *about)]
    possible = _possible(final, about, found, remarks)
    matches = _matches(final, sheet, students, ids)
    for row, match in zip(students, matches, strict=True):
        cells, filled = _filled(final, sheet, row, match, found, possible, provisional, remarks)
        if filled:
            rows.append([*row[: last + 1], *cells])
    there = {match.student for match in matches}
    remarks += [
        Remark(Kind.NOT_THERE, learner.id, column.assignment)
        for learner in final.learners
        for column in found
        if learner.id not in there and final.of(learner.id, column.assignment)
    ]
    return Made(sheet.written(rows), tuple(remarks))


def _is_about_assignments(row: Sequence[str], last: int) -> bool:
    """Return whether a row is about the assignments, and not a student whose name only looks like that."""
    return not any(row[1 : last + 1]) and (POINTS in row[0] or all(map(NO_STUDENT.fullmatch, row)))


def _last_student_column(sheet: Sheet) -> int:
    """Return the index of the column Section, which is the last about the student. Raises Problem."""
    heads = sheet.heads
    begins = "Student" in heads[0] or ("LastName" in heads[0] and heads[1:2] == ("FirstName",))
    if len(heads) < 4 or not begins or SECTION not in heads or "ID" not in heads[: heads.index(SECTION)]:
        what = "it has no headings such as Student, ID, SIS Login ID and Section"
        raise Problem(sheet.path, what, DOWNLOAD)
    return heads.index(SECTION)


def _columns(
    final: FinalScores, sheet: Sheet, names: Mapping[str, str], last: int, remarks: list[Remark]
) -> list[Column]:
    """Return the columns to fill. Raises Problem for a name that fits none or several, and where nothing is left."""
    titles = {index: head for index, head in enumerate(sheet.heads) if index > last and TITLE.fullmatch(head)}
    found = []
    for name in final.assignments:
        # Its title in course.yml comes before its id.
        choices = [names[name]] if name in names else [final.course.assignment(name).called, name]
        named = {one: [index for index, head in titles.items() if one in (head, _title(head))] for one in choices}
        wanted = next((one for one in choices if named[one]), choices[0])
        fits = named[wanted]
        if len(fits) > 1 or (name in names and not fits):
            how_many = f"{len(fits)} columns are" if fits else "no column is"
            raise Problem(sheet.path, f"{how_many} called '{wanted}'", f"The columns are: {_listed(titles.values())}.")
        if not fits:
            why = f"no column is called {wanted}; name one with --column {name}='TITLE'"
            remarks.append(Remark(Kind.NOT_THERE, "", name, why))
        elif TOTALS.search(sheet.heads[fits[0]]):
            remarks.append(Remark(Kind.LEFT, "", name, "Canvas takes a column with this title for a total"))
        elif _read_only(sheet, fits[0]):
            remarks.append(Remark(Kind.LEFT, "", name, "the column is read only"))
        else:
            found.append(Column(name, fits[0], sheet.heads[fits[0]]))
    if not found:
        titles_wanted = (final.course.assignment(name).called for name in final.assignments)
        what = f"no column that can be filled is called {' or '.join(titles_wanted)}"
        remedy = f"Name one with --column ASSIGNMENT='TITLE'. The columns are: {_listed(titles.values())}."
        raise Problem(sheet.path, what, remedy)
    if len({column.index for column in found}) < len(found):
        raise Problem("--column", "it names the same column for two assignments", "Name a column of its own for each.")
    return found


def _title(head: str) -> str:
    matches = TITLE.fullmatch(head)
    return matches[1] if matches else head


def _listed(heads: Iterable[str]) -> str:
    return ", ".join(f"'{head}'" for head in heads) or "none"


def _read_only(sheet: Sheet, index: int) -> bool:
    return any(POINTS in row[0] and READ_ONLY.search(row[index]) for row in sheet.rows[1:] if not row[1].strip())


def _possible(
    final: FinalScores, about: Sequence[Sequence[str]], found: Sequence[Column], remarks: list[Remark]
) -> dict[str, float]:
    """Return Canvas's maximum of each assignment. Remark where it is not the course's."""
    possible = {}
    points_row = next((row for row in about if POINTS in row[0]), None)
    for column in found:
        points = as_number(points_row[column.index]) if points_row else None
        if points is None:
            continue
        possible[column.assignment] = points
        most = final.maxima[column.assignment]
        bonus = final.course.assignment(column.assignment).bonus
        if bonus and points:
            why = f"it is a bonus, but Canvas counts its {points:g} points as part of the maximum"
            remarks.append(Remark(Kind.NOTE, "", column.assignment, why))
        elif not bonus and abs(points - most) > 0.005:
            why = f"the maximum is {points:g} in Canvas and {most:g} here"
            remarks.append(Remark(Kind.NOTE, "", column.assignment, why))
    return possible


def _matches(final: FinalScores, sheet: Sheet, rows: Sequence[Sequence[str]], ids: Ids) -> list[Match]:
    indices = [sheet.heads.index(head) for head in ID_HEADS if head in sheet.heads]
    return matched([[row[index] for index in indices if row[index].strip()] for row in rows], final, ids)


def _filled(
    final: FinalScores,
    sheet: Sheet,
    row: Sequence[str],
    match: Match,
    columns: Sequence[Column],
    possible: Mapping[str, float],
    provisional: bool,
    remarks: list[Remark],
) -> tuple[list[str], bool]:
    """Return a student's cells, and whether any of them is filled."""
    cells = [row[column.index] for column in columns]
    if match.student is not None and POINTS in row[0]:
        remarks.append(Remark(Kind.LEFT, match.student, "", NAMED_POINTS))
        return cells, False
    if match.student is None:
        why = "Canvas's test student" if row[0] == TEST_STUDENT else match.why
        remarks.append(Remark(Kind.NOT_HERE, row[0], "", why))
        return cells, False
    if match.student not in final.chosen:
        return cells, False
    filled = False
    for place, column in enumerate(columns):
        score = final.of(match.student, column.assignment)
        why = _why_left(final, match.student, column.assignment, cells[place], provisional)
        remarks.append(Remark(Kind.LEFT if why else Kind.FILLED, match.student, column.assignment, why))
        if why or score is None:
            continue
        cells[place], filled = sheet.number(score.score), True
        most = possible.get(column.assignment)
        if most and score.score > most:
            why = f"{sheet.number(score.score)} points are more than Canvas's maximum of {most:g}"
            remarks.append(Remark(Kind.NOTE, match.student, column.assignment, why))
    return cells, filled


def _why_left(final: FinalScores, student: str, assignment: str, cell: str, provisional: bool) -> str:
    """Return why a cell is not filled; empty if it is."""
    score = final.of(student, assignment)
    if score is None or (score.needs_manual and not provisional):
        return final.status(student, assignment)
    if cell.strip().upper() == EXCUSED:
        return "excused in Canvas"
    return "not assigned to this student in Canvas" if cell.strip() == UNASSIGNED else ""
