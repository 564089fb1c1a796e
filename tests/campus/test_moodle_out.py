"""Moodle's own worksheet is filled, in any of four languages, so that Moodle skips no grade without a word."""

import csv
import io

import pytest

from autograder.campus.made import Kind, Made
from autograder.campus.outlets import moodle
from autograder.campus.outlets.csv_to_fill import read_sheet
from autograder.errors import Problem
from tests.campus import made_up
from tests.campus.moodle import LANGUAGES, Moodle

FINAL = made_up.class_of_30(assignments=("conv2d",))
LEFT_OUT = {made_up.ABSENT, made_up.UNGRADED, made_up.UNDECIDED}
GRADED = {student: one.score for (student, _), one in FINAL.scores.items() if student not in LEFT_OUT}


def campus_in(language: str = "en", **options) -> Moodle:
    people = {900 + n: (made_up.NAMES[n], f"{student}@Example.org") for n, student in enumerate(made_up.IDS)}
    return Moodle(language, people, **options)


def filled(campus: Moodle, folder, final=FINAL, *, assignment="conv2d", file=None, heads=("", ""), **options) -> Made:
    path = folder / "worksheet.csv"
    path.write_bytes(campus.worksheet() if file is None else file)
    return moodle.fill(final, assignment, moodle.read_worksheet(read_sheet(path), *heads), **options)


@pytest.mark.parametrize("language", LANGUAGES)
def test_moodle_takes_every_grade(tmp_path, language) -> None:
    campus = campus_in(language)
    campus.take(filled(campus, tmp_path).content)
    assert campus.grades == {900 + made_up.IDS.index(student): points for student, points in GRADED.items()}
    assert campus.skipped == [] and not any(campus.comments.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_else_in_the_file_stays_as_it_was(tmp_path, language) -> None:
    campus = campus_in(language)
    made = filled(campus, tmp_path)
    before, after = (
        list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        for content in (campus.worksheet(), made.content)
    )
    assert made.content.startswith(b"\xef\xbb\xbf") and b"\r\n" not in made.content
    assert [row[:4] + row[5:] for row in before] == [row[:4] + row[5:] for row in after]
    decimals = {row[4] for row in after[1:] if not row[4].isdigit()} - {""}
    assert decimals and all(LANGUAGES[language][1] in cell for cell in decimals)


def test_a_grade_above_the_maximum_is_lowered_and_named(tmp_path) -> None:
    """Moodle would skip it without a word."""
    campus = campus_in("de", maximum=5.0)
    made = filled(campus, tmp_path)
    campus.take(made.content)
    above = {student for student, points in GRADED.items() if points > 5}
    assert campus.skipped == [] and {campus.grades[900 + made_up.IDS.index(student)] for student in above} == {5.0}
    notes = {remark.who: remark.why for remark in made.remarks if remark.kind is Kind.NOTE}
    assert notes.keys() - {""} == above
    assert notes["id00"] == "10 points are lowered to Moodle's maximum of 5"
    assert notes[""] == "the maximum is 5 in Moodle and 10 here"


def test_a_bonus_counts_in_full_up_to_moodles_maximum(tmp_path) -> None:
    campus = campus_in()
    made = filled(campus, tmp_path, made_up.class_of_30(assignments=("gradient",)), assignment="gradient")
    campus.take(made.content)
    assert campus.grades[900] == 10.0 and campus.skipped == []


def test_the_reader_skips_what_is_above_the_maximum() -> None:
    """The tests above would prove nothing if it did not."""
    campus = campus_in()
    campus.take(campus.worksheet().replace(b"Submitted,,", b"Submitted,10.5,"))
    assert campus.grades == {} and len(campus.skipped) == 30


def test_whoever_has_no_final_score_keeps_what_moodle_has(tmp_path) -> None:
    campus = campus_in()
    campus.grades = {900 + made_up.IDS.index(student): 3.0 for student in LEFT_OUT}
    made = filled(campus, tmp_path)
    campus.take(made.content)
    assert {campus.grades[900 + made_up.IDS.index(student)] for student in LEFT_OUT} == {3.0}
    assert {remark.who for remark in made.remarks if remark.kind is Kind.LEFT} == LEFT_OUT


def test_comments_have_a_line_for_the_checks_and_replace_no_persons(tmp_path) -> None:
    campus = campus_in("fr")
    campus.comments[900] = "Well done!"
    made = filled(campus, tmp_path, comments=True)
    campus.take(made.content)
    assert campus.comments[900] == "Well done!"
    assert ("id00", "the comment in the file is kept") in {(remark.who, remark.why) for remark in made.remarks}
    late = campus.comments[900 + made_up.IDS.index(made_up.LATE)]
    assert late == (
        "Checks: ✓ slides over an image, 4 of 4 points; ✗ moves by the stride, 2.25 of 6 points; "
        "handed in late, 1.5 points less."
    )
    campus.comments[900 + made_up.IDS.index(made_up.LATE)] = "Checks: as they were before."
    again = filled(campus, tmp_path, comments=True)
    assert again.content == made.content


def test_who_is_in_one_place_alone_is_said(tmp_path) -> None:
    campus = campus_in()
    campus.participants[999] = ("Stranger, Sam", "sam@example.org")
    del campus.participants[900]
    made = filled(campus, tmp_path)
    assert [remark.who for remark in made.remarks if remark.kind is Kind.NOT_HERE] == ["Stranger, Sam"]
    assert [remark.who for remark in made.remarks if remark.kind is Kind.NOT_THERE] == ["id00"]


def test_equal_names_are_no_ids(tmp_path) -> None:
    """Two learners have the same name. Without an address, they would be anybody's guess."""
    campus = campus_in()
    campus.participants = {number: (name, "") for number, (name, _) in campus.participants.items()}
    made = filled(campus, tmp_path)
    assert made.filled == 0 and sum(remark.kind is Kind.NOT_HERE for remark in made.remarks) == 30
    by_number = {str(900 + n): student for n, student in enumerate(made_up.IDS)}
    assert filled(campus, tmp_path, ids=by_number).filled == len(GRADED)


def test_columns_may_be_named(tmp_path) -> None:
    campus = campus_in("en")
    file = campus.worksheet().replace(b"Full name,Email address,Status,Grade,", b"Naam,Adres,Toestand,Cijfer,")
    with pytest.raises(Problem, match="not clear which column holds the grade"):
        filled(campus, tmp_path, file=file)
    with pytest.raises(Problem, match="no column is called 'Cijf'"):
        filled(campus, tmp_path, file=file, heads=("Cijf",))
    assert filled(campus, tmp_path, file=file, heads=("Cijfer", "", ["Adres"])).filled == len(GRADED)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"ID,Grade\nAda,3\nBen,4\n", "no column holds words such as"),
        (b"\xff\xfebad", "is not text in UTF-8, UTF-16 or cp1252"),
        (b"Identifier,Grade\nParticipant 1,3\nMember 2,4\n", "no column holds words such as"),
    ],
)
def test_another_file_is_refused_with_a_reason(tmp_path, file, told) -> None:
    with pytest.raises(Problem, match=told):
        filled(campus_in(), tmp_path, file=file)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_encoding_and_separator_stay(tmp_path, encoding) -> None:
    text = "Identifier;Full name;Username;Grade;Maximum grade\r\nParticipant 1;Müller, Jörg;id00;;10,00\r\n"
    made = filled(campus_in(), tmp_path, file=text.encode(encoding))
    assert made.content.decode(encoding) == text.replace(";;", ";10;")
