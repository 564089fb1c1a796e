"""Canvas's own file is filled: Canvas finds every student and assignment in it, and takes nothing else from it."""

import csv
import io
from pathlib import Path

import pytest

from autograder.campus.made import Kind, Made
from autograder.campus.outlets import canvas
from autograder.campus.outlets.csv_to_fill import read_sheet
from autograder.errors import Problem
from tests.campus import made_up
from tests.campus.canvas import Canvas

TITLES = {71: "conv2d", 72: 'Flatten, and "more"', 73: "gradient", 74: "Essay"}
COLUMNS = {"flatten": TITLES[72]}
FINAL = made_up.class_of_30()
# Canvas looks for this name's first words to find the row of maxima.
PAT = "id11"


@pytest.fixture
def campus() -> Canvas:
    students = [(500 + n, f"S{n}", student, made_up.NAMES[n]) for n, student in enumerate(made_up.IDS)]
    campus = Canvas(students, dict(TITLES), {71: 10, 72: 10, 73: 0, 74: 20})
    campus.grades = {(500 + n, 74): "17" for n in range(30)}
    return campus


def filled(campus: Canvas, folder: Path, final=FINAL, columns=COLUMNS, *, file=None, **options) -> Made:
    path = folder / "from-canvas.csv"
    path.write_bytes(campus.exported() if file is None else file)
    return canvas.fill(final, read_sheet(path), columns, **options)


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("sis", [True, False])
@pytest.mark.parametrize("mark", [True, False])
def test_canvas_takes_every_score_and_makes_nothing_new(campus, tmp_path, separator, sis, mark) -> None:
    before = dict(campus.grades)
    file = campus.exported(separator=separator, sis=sis, mark=mark)
    made = filled(campus, tmp_path, file=file)
    campus.take(made.content)
    assert (campus.new_titles, campus.new_students) == ([], [])
    assert campus.points == {71: 10, 72: 10, 73: 0, 74: 20}
    wanted = {
        (500 + made_up.IDS.index(student), {"conv2d": 71, "flatten": 72, "gradient": 73}[name]): one.score
        for (student, name), one in FINAL.scores.items()
        if not one.needs_manual and student != PAT
    }
    got = {key: float(grade) for key, grade in campus.grades.items() if grade and key not in before}
    assert got == wanted
    assert before.items() <= campus.grades.items()


def test_an_absent_learner_keeps_what_canvas_has(campus, tmp_path) -> None:
    """An empty cell would take a grade away, and a 0 would be one."""
    for student in (made_up.ABSENT, made_up.UNGRADED, made_up.UNDECIDED):
        campus.grades[500 + made_up.IDS.index(student), 71] = "3"
    made = filled(campus, tmp_path)
    campus.take(made.content)
    for student in (made_up.ABSENT, made_up.UNGRADED, made_up.UNDECIDED):
        assert campus.grades[500 + made_up.IDS.index(student), 71] == "3"
    why = {
        (remark.who, remark.why)
        for remark in made.remarks
        if remark.kind is Kind.LEFT and remark.assignment == "conv2d"
    }
    assert why == {
        (made_up.ABSENT, "nothing handed in"),
        (made_up.UNGRADED, "handed in, but not graded yet"),
        (made_up.UNDECIDED, "needs manual grading"),
    }


def test_a_score_that_is_not_final_is_written_only_when_asked_for(campus, tmp_path) -> None:
    made = filled(campus, tmp_path, provisional=True)
    campus.take(made.content)
    assert float(campus.grades[500 + made_up.IDS.index(made_up.UNDECIDED), 71]) == 5.25


def test_only_chosen_columns_and_the_students_are_written(campus, tmp_path) -> None:
    made = filled(campus, tmp_path, made_up.class_of_30(assignments=("conv2d",)), {})
    rows = list(csv.reader(io.StringIO(made.content.decode(), newline="")))
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "conv2d (71)"]
    assert rows[2][0] == "    Points Possible" and rows[2][-1] == "10.00"
    assert {row[3] for row in rows[3:]} == set(made_up.IDS) - {
        made_up.ABSENT,
        made_up.UNGRADED,
        made_up.UNDECIDED,
        PAT,
    }


def test_a_student_whom_canvas_would_take_for_the_maxima_is_left_out_and_named(campus, tmp_path) -> None:
    made = filled(campus, tmp_path)
    (remark,) = [remark for remark in made.remarks if remark.who == PAT]
    assert remark.kind is Kind.LEFT and "enter the scores in Canvas" in remark.why
    campus.take(made.content)
    assert campus.points == {71: 10, 72: 10, 73: 0, 74: 20}


def test_the_excused_and_those_who_do_not_have_the_assignment_stay_so(campus, tmp_path) -> None:
    campus.grades[500, 71] = "EX"
    campus.hidden = {(501, 71)}
    made = filled(campus, tmp_path)
    campus.take(made.content)
    assert campus.grades[500, 71] == "EX" and campus.grades[501, 71] == ""
    whys = {remark.why for remark in made.remarks if remark.who in ("id00", "id01") and remark.assignment == "conv2d"}
    assert whys == {"excused in Canvas", "not assigned to this student in Canvas"}


def test_a_title_is_never_guessed(campus, tmp_path) -> None:
    made = filled(campus, tmp_path, columns={})
    (remark,) = [remark for remark in made.remarks if remark.kind is Kind.NOT_THERE]
    assert remark.assignment == "flatten" and "--column flatten=" in remark.why
    with pytest.raises(Problem, match="no column is called 'Flat'"):
        filled(campus, tmp_path, columns={"flatten": "Flat"})
    campus.titles[75], campus.points[75] = "conv2d", 10
    with pytest.raises(Problem, match="2 columns are called 'conv2d'"):
        filled(campus, tmp_path)
    filled(campus, tmp_path, columns=COLUMNS | {"conv2d": "conv2d (75)"})
    with pytest.raises(Problem, match="same column for two"):
        filled(campus, tmp_path, columns={"conv2d": "Essay", "flatten": "Essay"})


def test_a_title_of_course_yml_finds_the_column_and_otherwise_the_id_does(campus, tmp_path) -> None:
    titled = made_up.with_title("conv2d", "Essay")
    kept = {name: title for name, title in COLUMNS.items() if name != "conv2d"}
    made = filled(campus, tmp_path, made_up.class_of_30(titled), kept)
    assert "Essay (74)" in heads(made) and "conv2d (71)" not in heads(made), "the title comes before the id"
    made = filled(campus, tmp_path, made_up.class_of_30(made_up.with_title("conv2d", "1: Loops")), kept)
    assert "conv2d (71)" in heads(made)
    del campus.titles[71]
    made = filled(campus, tmp_path, made_up.class_of_30(made_up.with_title("conv2d", "1: Loops")), kept)
    assert "no column is called 1: Loops; name one with --column conv2d=" in " ".join(r.why for r in made.remarks)


def heads(made: Made) -> str:
    return made.content.decode("utf-8-sig").splitlines()[0]


def test_a_column_that_canvas_would_not_read_is_not_filled(campus, tmp_path) -> None:
    campus.titles[74] = "Final Grade of conv2d"
    made = filled(campus, tmp_path, columns=COLUMNS | {"conv2d": campus.titles[74]})
    assert "takes a column with this title for a total" in " ".join(remark.why for remark in made.remarks)
    file = campus.exported().replace(b"Points Possible,,,,,,10.00", b"Points Possible,,,,,,(read only)")
    made = filled(campus, tmp_path, file=file)
    assert "the column is read only" in [remark.why for remark in made.remarks]
    assert b"conv2d (71)" not in made.content


def test_other_maxima_and_points_above_them_are_said(campus, tmp_path) -> None:
    campus.points |= {71: 5, 73: 10}
    made = filled(campus, tmp_path)
    notes = [remark for remark in made.remarks if remark.kind is Kind.NOTE]
    assert "the maximum is 5 in Canvas and 10 here" in [remark.why for remark in notes]
    assert any("bonus" in remark.why and "10 points" in remark.why for remark in notes)
    above = {remark.who for remark in notes if remark.why == "10 points are more than Canvas's maximum of 5"}
    assert above == {student for (student, name), one in FINAL.scores.items() if name == "conv2d" and one.score == 10}


def test_who_is_in_one_place_alone_is_said(campus, tmp_path) -> None:
    campus.students.append((700, "S700", "stranger", "Stranger, Sam"))
    made = filled(campus, tmp_path)
    assert {remark.who for remark in made.remarks if remark.kind is Kind.NOT_HERE} == {"Stranger, Sam", "Student, Test"}
    del campus.students[0]
    made = filled(campus, tmp_path)
    missing = {remark.who for remark in made.remarks if remark.kind is Kind.NOT_THERE}
    assert missing == {"id00"}


def test_an_id_of_two_learners_or_two_rows_belongs_to_nobody(campus, tmp_path) -> None:
    campus.students[0] = (500, "id01", "id00", "Two, Ids")
    made = filled(campus, tmp_path)
    whys = [remark.why for remark in made.remarks if remark.kind is Kind.NOT_HERE]
    assert "its ids belong to different learners: id00, id01" in whys
    campus.students[0] = (500, "", "id01", "Copy, Cat")
    made = filled(campus, tmp_path)
    assert [remark.why for remark in made.remarks].count("another row has an id of id01, too") == 2
    assert not any(remark.who == "id01" and remark.kind is Kind.FILLED for remark in made.remarks)


def test_ids_of_a_roster_count(campus, tmp_path) -> None:
    campus.students[0] = (500, "S0", "ann.obrien", "O'Brien, Ann")
    made = filled(campus, tmp_path, ids={"ann.obrien": "id00"})
    assert not any(remark.who == "id00" and remark.kind is Kind.NOT_THERE for remark in made.remarks)
    assert any(remark.who == "id00" and remark.kind is Kind.FILLED for remark in made.remarks)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"", "empty"),
        (b"Name,Points\nAda,3\n", "no headings such as Student"),
        (b'Student,ID,SIS Login ID,Section,"conv2d (71)\nAda,1,ada,S,', "not a CSV file"),
        (b"Student,ID,SIS Login ID,Section,Essay (7)\nAda,1,ada,S,\n", "The columns are: 'Essay"),
        (
            b"Student,ID,SIS Login ID,Section,conv2d (7)\nAda,1,ada,S,3,4\n",
            "csv:2: has 6 columns, but",
        ),
    ],
)
def test_another_file_is_refused_with_a_reason(campus, tmp_path, file, told) -> None:
    with pytest.raises(Problem, match=told):
        filled(campus, tmp_path, columns={}, file=file)


@pytest.mark.parametrize("extra", ["Stranger, Sam (500)", "conv2d"])
def test_the_reader_makes_new_assignments_of_unknown_titles(campus, extra) -> None:
    """The other tests would prove nothing if it did not."""
    campus.titles.pop(71)
    campus.take(f"Student,ID,SIS Login ID,Section,{extra!r}\nX,0,nobody,S,3\n".replace("'", '"').encode())
    assert campus.new_titles and campus.new_students == ["X"]
