"""Lists of a class in each form become one roster; what is not clear is refused with its line."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.campus import roster
from autograder.campus.class_table import read_table
from autograder.campus.enrol import Enrolment, enrol
from autograder.campus.roster import Member, Roster
from autograder.course import Course
from autograder.errors import Problem
from tests.campus import archives
from tests.campus.archives import CLASS, table, tree

Cli = Callable[..., object]
OWN = [["id", "First name", "Last name", "E-mail", "Section"], ["ada", "Ädä", "Łovelace", "ada@x.edu", "A"]]
NOBODY = Roster()
ADA = Member("ada", "Ädä", "Łovelace", email="ada@x.edu", section="A")


def read(folder: Path, data: bytes, into: Roster = NOBODY, heading: str = "") -> Enrolment:
    file = folder / "list.csv"
    file.write_bytes(data)
    return enrol(into, read_table(file), heading)


def members(folder: Path, data: bytes, into: Roster = NOBODY, heading: str = "") -> dict[str, Member]:
    return {member.id: member for member in read(folder, data, into, heading).roster}


@pytest.fixture
def a_class(tmp_path: Path) -> Course:
    return archives.make_course(tmp_path / "course")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    assert members(tmp_path, table(OWN, separator=separator, encoding=encoding)) == {"ada": ADA}


def test_cp1252_and_excels_line_for_the_separator(tmp_path: Path) -> None:
    latin = b"sep=;\r\n" + table([["id", "Name"], ["zoe", "Müller, Zoë"]], separator=";", encoding="cp1252")
    assert members(tmp_path, latin) == {"zoe": Member("zoe", "Zoë", "Müller", name="Müller, Zoë")}


def test_canvas_gradebook(tmp_path: Path) -> None:
    made = read(tmp_path, archives.canvas_gradebook())
    assert (made.system, made.id_column, made.count) == ("Canvas", "SIS Login ID", 300)
    assert [member.id for member in made.roster] == [one.id for one in CLASS]
    assert made.roster.member("s001") == Member(
        "s001", "Seán", "O'Brien", "O'Brien, Seán", section="B", canvas_id="900001", sis_id="sis-1", login="s001"
    )
    assert made.unused == ("conv2d (4711)",)


def test_moodles_worksheet_in_another_language(tmp_path: Path) -> None:
    made = read(tmp_path, archives.moodle_worksheet())
    assert (made.system, made.id_column, made.count) == ("Moodle", "E-Mail-Adresse", 300)
    assert made.roster.members[1] == Member(
        "s001@example.edu", "Seán", "O'Brien", "Seán O'Brien", "s001@example.edu", group="G1", moodle_ids="70007"
    )
    french = [
        ["Identifiant", "Nom complet", "Courriel", "Statut"],
        ["Participant 12", "Ada Lovelace", "ada@x.edu", "-"],
    ]
    ada = Member("ada@x.edu", "Ada", "Lovelace", "Ada Lovelace", "ada@x.edu", moodle_ids="12")
    assert members(tmp_path, table(french)) == {ada.id: ada}


def test_gradescopes_roster(tmp_path: Path) -> None:
    rows = [
        ["First Name", "Last Name", "SID", "Email", "Role", "Sections"],
        ["Ada", "L", "007", "ada@x.edu", "Student", "A"],
    ]
    made = read(tmp_path, table(rows))
    assert made.system == "Gradescope"
    assert made.roster.members == (Member("007", "Ada", "L", email="ada@x.edu", section="A", student_number="007"),)
    assert members(tmp_path, table(rows), heading="email").keys() == {"ada@x.edu"}
    with pytest.raises(Problem, match="no column that can hold ids is called 'Role'"):
        read(tmp_path, table(rows), heading="Role")


def test_a_second_list_adds_to_the_roster_and_forgets_nobody(tmp_path: Path) -> None:
    first = read(tmp_path, archives.canvas_gradebook(CLASS[10:14])).roster
    worksheet = read(tmp_path, archives.moodle_worksheet(CLASS[11:15]), first)
    # The worksheet has no ids of Canvas. Full names that only one has connect the two.
    assert worksheet.changed == ("s011", "s012", "s013") and worksheet.absent == ("s010",)
    assert worksheet.new == ("s014@example.edu",)
    again = read(tmp_path, archives.moodle_worksheet(CLASS[11:15]).replace(b"in70", b"in80"), worksheet.roster)
    member = again.roster.member("s013")
    assert (member.login, member.moodle_ids) == ("s013", "70091 80091")
    assert read(tmp_path, archives.canvas_gradebook(CLASS[10:14]), again.roster).changed == ()


# Lists that are refused, and with which line and words.
REFUSED = {
    "id twice": ([["id", "Name"], ["a", "A"], ["b", "B"], ["a", "C"]], "list.csv:4: the learner 'a' is on line 2, too"),
    "case": ([["id", "Name"], ["a", "A B"], ["A", "B C"]], r"list.csv:3: 'A' has the same id as 'a' \(line 2\)"),
    "address twice": ([["id", "Email"], ["a", "x@y"], ["b", "X@y"]], "list.csv:3: 'b' has the same email as 'a'"),
    "path": ([["id", "Name"], ["../a", "A"]], r"list.csv:2: the id '../a' cannot be the name of a folder"),
    "hidden": ([["id", "Name"], [".a", "A"]], "list.csv:2: the id '.a' begins with a dot"),
    "no id": ([["Name", "Section"], ["Ada", "A"]], "has no column with an id for every learner"),
    "one without id": ([["id", "Name"], ["", "Ada"]], "has no column with an id for every learner"),
    "heading twice": ([["id", "Name", "NAME"], ["a", "A", "B"]], "list.csv:1: two columns have the heading 'Name'"),
    "too long": ([["id", "Name"], ["a", "Doe", "Jane"]], "list.csv:2: has 3 columns, but the headings are 2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_clear_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    rows, said = REFUSED[name]
    with pytest.raises(Problem, match=said):
        read(tmp_path, table(rows))


@pytest.mark.parametrize("data", [b"", b"\x81\x8d\x00\x01", b'id,name\n"a', b"\xff\xfe\x00"])
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Problem):
        read(tmp_path, data)


def test_a_line_that_fits_two_learners_is_refused(tmp_path: Path) -> None:
    there = Roster((Member("a", canvas_id="1"), Member("b", login="b2")))
    rows = [["Student", "ID", "SIS Login ID", "Section"], ["A, B", "1", "b2", ""]]
    with pytest.raises(Problem, match=r"list.csv:2: this line fits several learners: a, b"):
        read(tmp_path, table(rows), there)


def test_a_namesake_with_another_id_is_somebody_else(tmp_path: Path) -> None:
    there = Roster((Member("a", "Anna", "Schmidt", canvas_id="1"),))
    rows = [["Student", "ID", "SIS Login ID", "Section"], ["Schmidt, Anna", "2", "anna2", ""]]
    assert read(tmp_path, table(rows), there).new == ("anna2",)


def test_the_file_goes_round_and_holds_no_formula(a_class: Course) -> None:
    kept = (Member("a", "=1+1", "-x", "@SUM(A1)", "+a@b", "A, B", "é;ü", "1", "2", "l", "3 4", "'5"), Member("b"))
    roster.save(a_class, kept)
    assert roster.load(a_class).members == kept
    text = (a_class.root / roster.FILE).read_text("utf-8-sig")
    assert not [cell for line in text.splitlines()[1:] for cell in line.split(",") if cell[:1] in "=+-@" and cell]
    assert (a_class.root / roster.FILE).stat().st_mode & 0o777 == 0o600


def test_roster_csv_is_checked_line_by_line(a_class: Course) -> None:
    assert not roster.load(a_class)
    file = a_class.root / roster.FILE
    file.write_text("id,section\na,A\na,B\n")
    with pytest.raises(Problem, match=r"roster.csv:3: the id 'a' is on line 2, too"):
        roster.load(a_class)
    file.write_text("name\nada\n")
    with pytest.raises(Problem, match=r"roster.csv: has no column 'id'"):
        roster.load(a_class)


def test_select_by_section_and_group() -> None:
    made = Roster((Member("a", section="A and B", group="x"), Member("b", section="B", group="y"), Member("c")))
    assert made.select() is None
    assert made.select(section=["B"]) == {"a", "b"}
    assert made.select(section=["A and B"]) == {"a"}
    assert made.select(section=["A", "B"], group=["y"]) == {"b"}
    with pytest.raises(Problem, match=r"nobody is in the section 'C'\. There are: A and B, B\."):
        made.select(section=["C"])
    with pytest.raises(Problem, match=r"nobody is in the group 'b'\. There are: x, y\."):
        made.select(group=["b"])
    with pytest.raises(Problem, match=r"there is no roster.*autograder roster FILE"):
        Roster().select(section=["A"])


STUDENTS = "select id, first_name, last_name, email, lms_user_id from student order by id"


@pytest.mark.slow
def test_the_command_fills_roster_and_gradebook(a_class: Course, tmp_path: Path, run_cli: Cli) -> None:
    export = tmp_path / "canvas.csv"
    export.write_bytes(archives.canvas_gradebook(CLASS[:3]))
    (a_class.root / "submitted" / "eve" / "conv2d").mkdir(parents=True)
    before = tree(a_class.root)
    done = run_cli("roster", export, "--course", a_class.root, "--dry-run")
    assert "roster.csv would have 3 learners: 3 new, 0 changed. Nothing was written." in done.stdout
    assert tree(a_class.root) == before
    done = run_cli("roster", export, "--course", a_class.root)
    # One who has handed in and is not on the list needs a person.
    assert done.exit_code == 1 and "are not in the roster: eve" in done.stdout
    assert "3 new, 0 changed; 3 entered into the gradebook" in done.stdout
    with sqlite3.connect(a_class.root / "gradebook.db") as book:
        rows = book.execute(STUDENTS).fetchall()
        book.execute("update student set email = 'kept@x.edu'")
    assert rows[1] == ("s001", "Seán", "O'Brien", None, "900001") and len(rows) == 3
    before = tree(a_class.root)
    done = run_cli("roster", export, "--course", a_class.root)
    assert "0 new, 0 changed; 0 entered into the gradebook" in done.stdout
    assert not (a_class.root / "backups").exists()
    export.write_bytes(archives.canvas_gradebook(CLASS[1:2]).replace("Seán".encode(), b"Shaun"))
    done = run_cli("roster", export, "--course", a_class.root)
    assert "changed: s001" in done.stdout and "they stay: s000, s002" in done.stdout
    assert len(list((a_class.root / "backups").iterdir())) == 1
    with sqlite3.connect(a_class.root / "gradebook.db") as book:
        assert book.execute(STUDENTS).fetchall()[1] == ("s001", "Shaun", "O'Brien", "kept@x.edu", "900001")
