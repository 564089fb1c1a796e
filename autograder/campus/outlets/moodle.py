"""Fill the grading worksheet that was downloaded from a Moodle assignment.

Its headings are in the language of whoever downloaded it, and Moodle reads it back by the same headings. It skips a
grade above the maximum without a word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.campus.final_scores import FinalScore, FinalScores
from autograder.campus.made import Kind, Made, Remark
from autograder.campus.outlets.csv_to_fill import Sheet, as_number
from autograder.campus.outlets.match_rows import NO_IDS, Ids, matched
from autograder.errors import Problem
from autograder.notebooks.fill import MARKS
from autograder.report.counts import counted_points, points_of, rounded

# Moodle's own words for a participant end in the number, with or without a space: "Participant 12", "Teilnehmer/in12".
IDENTIFIER = re.compile(r"([^0-9]+)([0-9]+)")
# English, German, French, Spanish.
GRADE_HEADS = ("Grade", "Bewertung", "Note", "Calificación")
NAME_HEADS = ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo")
COMMENT_HEADS = (
    "Feedback comments",
    "Feedback als Kommentar",
    "Feedback par commentaires",
    "Comentarios de retroalimentación",
)
ID_HEADS = (
    *("Email address", "ID number", "Username"),
    *("E-Mail-Adresse", "ID-Nummer", "Anmeldename"),
    *("Adresse de courriel", "Numéro d'identification", "Numéro d’identification"),
    *("Nom d'utilisateur", "Nom d’utilisateur"),
    *("Dirección de correo", "Número de ID", "Nombre de usuario"),
)
# A comment that begins like this was written here and may be written again.
COMMENT = "Checks: "
DOWNLOAD = "Give the file that Moodle's “Download grading worksheet” makes."


@dataclass(frozen=True)
class Worksheet:
    """Where the columns of a worksheet are. `name`, `maximum` and `comment` may be missing."""

    sheet: Sheet
    identifier: int
    grade: int | None
    name: int | None
    maximum: int | None
    comment: int | None
    ids: tuple[int, ...]

    def number(self, row: Sequence[str]) -> str:
        """Return the number by which Moodle knows a participant of the assignment."""
        found = IDENTIFIER.fullmatch(row[self.identifier].strip())
        return found[2] if found else ""

    def keys(self, row: Sequence[str]) -> list[str]:
        """Return everything in a row by which a learner may be known."""
        return [value for index in self.ids if (value := row[index].strip())] + [self.number(row)]


def read_worksheet(sheet: Sheet, grade: str = "", comment: str = "", id_columns: Sequence[str] = ()) -> Worksheet:
    """Find the columns of a worksheet, by their content, their place and their headings. Raises Problem."""
    grade_at = _named(sheet, grade) if grade else _known(sheet, GRADE_HEADS)
    name = _known(sheet, NAME_HEADS)
    ids = [_named(sheet, head) for head in id_columns]
    ids += [index for index, head in enumerate(sheet.heads) if head in ID_HEADS and index not in ids]
    return Worksheet(
        sheet,
        _identifier(sheet),
        grade_at,
        name,
        None if grade_at is None else _maximum(sheet, grade_at),
        _named(sheet, comment) if comment else _known(sheet, COMMENT_HEADS),
        tuple(ids),
    )


def fill(
    final: FinalScores,
    assignment: str,
    worksheet: Worksheet,
    *,
    ids: Ids = NO_IDS,
    comments: bool = False,
    provisional: bool = False,
) -> Made:
    """Return the worksheet with grades and, with `comments`, a line about the checks. Raises Problem."""
    sheet = worksheet.sheet
    if worksheet.grade is None:
        raise Problem(sheet.path, "it is not clear which column holds the grade", _choose(sheet, "--grade-column"))
    if comments and worksheet.comment is None:
        raise Problem(sheet.path, "it is not clear which column holds comments", _choose(sheet, "--comment-column"))
    matches = matched([worksheet.keys(row) for row in sheet.rows[1:]], final, ids)
    rows, remarks = [list(row) for row in sheet.rows], _about_maximum(final, assignment, worksheet)
    for row, match in zip(rows[1:], matches, strict=True):
        if match.student is None:
            who = row[worksheet.name] if worksheet.name is not None else row[worksheet.identifier]
            remarks.append(Remark(Kind.NOT_HERE, who, "", match.why))
        elif match.student in final.chosen:
            _fill_row(final, assignment, worksheet, match.student, row, comments, provisional, remarks)
    there = {match.student for match in matches}
    remarks += [
        Remark(Kind.NOT_THERE, learner.id, assignment)
        for learner in final.learners
        if learner.id not in there and final.of(learner.id, assignment)
    ]
    return Made(sheet.written(rows), tuple(remarks))


def _fill_row(
    final: FinalScores,
    assignment: str,
    worksheet: Worksheet,
    student: str,
    row: list[str],
    comments: bool,
    provisional: bool,
    remarks: list[Remark],
) -> None:
    score, sheet = final.of(student, assignment), worksheet.sheet
    if score is None or (score.needs_manual and not provisional):
        remarks.append(Remark(Kind.LEFT, student, assignment, final.status(student, assignment)))
        return
    most = as_number(row[worksheet.maximum]) if worksheet.maximum is not None else None
    most = most if most is not None else final.course.assignment(assignment).points
    points = min(score.score, most)
    assert worksheet.grade is not None
    row[worksheet.grade] = sheet.number(points)
    remarks.append(Remark(Kind.FILLED, student, assignment))
    if score.score > most + 0.005:
        why = f"{rounded(score.score)} points are lowered to Moodle's maximum of {rounded(most)}"
        remarks.append(Remark(Kind.NOTE, student, assignment, why))
    if comments and worksheet.comment is not None:
        if row[worksheet.comment].strip() in ("", "-") or row[worksheet.comment].startswith(COMMENT):
            row[worksheet.comment] = _comment(score)
        else:
            remarks.append(Remark(Kind.NOTE, student, assignment, "the comment in the file is kept"))


def _comment(score: FinalScore) -> str:
    """Return one line about the checks: Moodle may or may not keep line breaks."""
    parts = []
    for check in score.checks:
        points = "no score yet" if check.score is None else points_of(check.score, check.max_score)
        parts.append(f"{MARKS[check.outcome]} {check.title}, {points}")
    if score.penalty:
        parts.append(f"handed in late, {counted_points(score.penalty)} less")
    return COMMENT + "; ".join(parts) + "."


def _about_maximum(final: FinalScores, assignment: str, worksheet: Worksheet) -> list[Remark]:
    """Remark on a maximum that is not the course's, and on a file that has none."""
    here = final.course.assignment(assignment).points
    if worksheet.maximum is None:
        why = f"the file says no maximum; grades are lowered to the course's {rounded(here)}"
        return [Remark(Kind.NOTE, "", assignment, why)]
    there = {number for row in worksheet.sheet.rows[1:] if (number := as_number(row[worksheet.maximum])) is not None}
    if there == {here}:
        return []
    why = f"the maximum is {' or '.join(map(rounded, sorted(there)))} in Moodle and {rounded(here)} here"
    return [Remark(Kind.NOTE, "", assignment, why)]


def _identifier(sheet: Sheet) -> int:
    """Return the first column whose cells are the same word with different numbers. Raises Problem."""
    for index in range(len(sheet.heads)):
        cells = [IDENTIFIER.fullmatch(row[index].strip()) for row in sheet.rows[1:]]
        found = [cell for cell in cells if cell]
        if found and len(found) == len(cells) and len({cell[1] for cell in found}) == 1:
            return index
    raise Problem(sheet.path, "no column holds words such as “Participant 123”", DOWNLOAD)


def _maximum(sheet: Sheet, grade: int) -> int | None:
    """Return the column to the right of the grade if it holds one and the same number everywhere."""
    right = {row[grade + 1].strip() for row in sheet.rows[1:]} if grade + 1 < len(sheet.heads) else set()
    return grade + 1 if len(right) == 1 and as_number(right.pop()) is not None else None


def _known(sheet: Sheet, heads: Sequence[str]) -> int | None:
    found = [index for index, head in enumerate(sheet.heads) if head.strip() in heads]
    return found[0] if len(found) == 1 else None


def _named(sheet: Sheet, head: str) -> int:
    if sheet.heads.count(head) == 1:
        return sheet.heads.index(head)
    how_many = "several columns are" if head in sheet.heads else "no column is"
    raise Problem(sheet.path, f"{how_many} called '{head}'", f"The columns are: {', '.join(sheet.heads)}.")


def _choose(sheet: Sheet, option: str) -> str:
    return f"Name it with {option}. The columns are: {', '.join(sheet.heads)}."
