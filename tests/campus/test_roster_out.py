"""The roster's ids lead scores back to a campus system that knows learners by numbers of its own."""

import csv
import shutil

import pytest

from autograder import course
from autograder.campus import roster
from autograder.campus.roster import Member, Roster
from tests.campus import made_up
from tests.campus.canvas import Canvas
from tests.campus.moodle import Moodle


@pytest.fixture
def enrolled(class_course, tmp_path):
    """A course with a roster: odd learners are in section A, even ones in B."""
    copy = course.load(shutil.copytree(class_course.root, tmp_path / "course"))
    members = [
        Member(one, section="BA"[n % 2], canvas_id=str(500 + n), moodle_ids=f"{900 + n} {7000 + n}")
        for n, one in enumerate(made_up.IDS)
    ]
    roster.save(copy, members)
    return copy


def rows_of(path) -> dict[str, list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        _, _, _, *rows = csv.reader(file)
    return {row[1]: row[5:] for row in rows}


def test_canvas_by_its_own_number(run_cli, enrolled, tmp_path) -> None:
    students = [(500 + n, "", f"another-{n}", made_up.NAMES[n]) for n in range(30)]
    source, target = tmp_path / "from.csv", tmp_path / "to.csv"
    source.write_bytes(Canvas(students, {1: "conv2d"}, {1: 10}).exported())
    into = ("export", "canvas", "conv2d", "--into", source, "--to", target, "--course", enrolled.root)
    assert run_cli(*into).exit_code == 0
    everybody = rows_of(target)
    assert everybody["501"] == ["10"] and len(everybody) == 26
    assert run_cli(*into, "--section", "A").exit_code == 0
    section = rows_of(target)
    assert section == {number: row for number, row in everybody.items() if int(number) % 2}
    (enrolled.root / "roster.csv").unlink()
    assert run_cli(*into).exit_code == 0
    assert rows_of(target) == {}


def test_moodle_by_the_number_of_a_participant(run_cli, enrolled, tmp_path) -> None:
    campus = Moodle("de", {7000 + n: (made_up.NAMES[n], f"{n}@example.org") for n in range(30)})
    source, target = tmp_path / "from.csv", tmp_path / "to.csv"
    source.write_bytes(campus.worksheet())
    done = run_cli("export", "moodle", "conv2d", "--into", source, "--to", target, "--course", enrolled.root)
    assert done.exit_code == 0, done.stderr
    campus.take(target.read_bytes())
    assert len(campus.grades) == 27 and campus.grades[7017] == 6.5


def test_an_id_of_two_learners_leads_to_nobody() -> None:
    two = [Member("ada", canvas_id="1", email="ada@x.org"), Member("ben", canvas_id="2", student_number="1")]
    assert Roster(tuple(two)).ids_of("canvas") == {"2": "ben", "ada@x.org": "ada"}
