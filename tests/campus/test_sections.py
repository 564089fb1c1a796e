"""`grade` and `feedback` take the learners of a section or a group alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.campus import roster
from autograder.campus.roster import Member
from autograder.campus.selection import chosen
from autograder.course import Course
from autograder.errors import Problem
from tests import courses
from tests.campus import archives

Cli = Callable[..., object]
MEMBERS = (
    Member("ada", section="A", group="x"),
    Member("ben", section="B", group="x"),
    Member("chen", section="A", group="y"),
    Member("dina", section="C"),
)


@pytest.fixture
def a_class(tmp_path: Path) -> Course:
    of = archives.make_course(tmp_path / "course")
    roster.save(of, MEMBERS)
    for student in ("ada", "ben", "eve"):
        courses.hand_in(of, student, b"{}")
    return of


def test_those_who_have_handed_in_are_chosen(a_class: Course) -> None:
    def among(students=None, sections=None, groups=None):
        return chosen(a_class, ["conv2d"], students, sections, groups)

    assert among() is None
    assert among(["eve"]) == ["eve"]
    assert among(sections=["A"]) == ["ada"]
    assert among(sections=["A", "B"], groups=["x"]) == ["ada", "ben"]
    assert among(["ada"], ["A"]) == ["ada"]
    with pytest.raises(Problem, match="section 'A': ben, eve: not in it"):
        among(["ben", "eve"], ["A"])
    with pytest.raises(Problem, match="section 'C': nobody in it has handed in"):
        among(sections=["C"])


@pytest.mark.parametrize("command", ["grade", "feedback"])
@pytest.mark.slow
def test_an_unknown_section_names_those_there_are(a_class: Course, run_cli: Cli, command: str) -> None:
    done = run_cli(command, "--section", "D", "--course", a_class.root)
    assert done.exit_code == 2
    assert "roster.csv: nobody is in the section 'D'. There are: A, B, C." in done.stderr


def test_a_section_is_graded_and_gets_its_pages(a_course: Course, run_cli: Cli) -> None:
    roster.save(a_course, MEMBERS)
    for student in ("ada", "ben", "eve"):
        courses.hand_in(a_course, student, courses.answered(a_course))
    done = run_cli("grade", "conv2d", "--section", "A", "--section", "B", "--group", "x", "--course", a_course.root)
    assert done.exit_code == 0 and courses.scores(a_course).keys() == {"ada", "ben"}
    done = run_cli("feedback", "conv2d", "--section", "B", "--course", a_course.root)
    assert done.exit_code == 0 and "made 1 feedback page for conv2d" in done.stdout
    assert [path.name for path in (a_course.root / "feedback").iterdir()] == ["ben"]
    done = run_cli("feedback", "conv2d", "--student", "ada", "--student", "eve", "--course", a_course.root)
    assert "nothing by 'eve' is graded for conv2d yet" in done.stdout
    assert sorted(path.name for path in (a_course.root / "feedback").iterdir()) == ["ada", "ben"]
