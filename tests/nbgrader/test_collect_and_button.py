"""`collect` fetches what it says, and formgrader's button does what `grade` does."""

import pytest

from autograder.course import Course
from autograder.grading import engine
from autograder.nbgrader import commands, gradebook
from tests import courses
from tests.nbgrader.exchange import submit


def test_collect_counts_what_it_fetched(a_course, with_exchange):
    def collected() -> str:
        lines: list[str] = []
        commands.collect(commands.connect(a_course), a_course, ["conv2d"], lines.append)
        return lines[-1]

    assert collected() == "collected conv2d: 0 submissions; 0 in submitted/ now"
    for student in ("ada", "ben"):
        submit(a_course, with_exchange, student, 1)
    assert collected() == "collected conv2d: 2 submissions; 2 in submitted/ now"
    assert collected() == "collected conv2d: 0 submissions; 2 in submitted/ now"
    submit(a_course, with_exchange, "ben", 2)
    assert collected() == "collected conv2d: 1 submission; 2 in submitted/ now"


LATE_DAY = 17


def days(of: Course) -> dict[str, int]:
    """Return the day on which each submission in submitted/ was handed in."""
    found = of.root.glob("submitted/*/conv2d/timestamp.txt")
    return {path.parents[1].name: int(path.read_text(encoding="ascii")[8:10]) for path in found}


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own
def test_collect_before_the_due_date_takes_the_last_one_in_time_extensions_in(a_course, with_exchange, run_cli):
    for student in ("ada", "ben"):
        submit(a_course, with_exchange, student, 1)
        submit(a_course, with_exchange, student, 2)
        submit(a_course, with_exchange, student, 3, day=LATE_DAY)
    submit(a_course, with_exchange, "cy", 1, day=LATE_DAY)
    with gradebook.opened(a_course) as book:
        book.update_or_create_student("ben")
        book.update_or_create_submission("conv2d", "ben")
        book.grant_extension("conv2d", "ben", days=5)
    done = run_cli("collect", "conv2d", "--course", a_course.root)
    assert done.exit_code == 0
    assert "conv2d: late, though there is one in time too: ada. --before-duedate takes the one in time" in done.stdout
    assert set(days(a_course).values()) == {LATE_DAY}
    done = run_cli("collect", "conv2d", "--before-duedate", "--course", a_course.root)
    assert "collected conv2d: 1 submission; 3 in submitted/ now" in done.stdout and "late" not in done.stdout
    assert days(a_course) == {"ada": 10, "ben": LATE_DAY, "cy": LATE_DAY}
    kept = (a_course.root / "submitted/ada/conv2d/timestamp.txt").read_text(encoding="ascii")
    assert kept.startswith("2027-01-10 10:02")


def test_collect_for_these_students_alone(a_course, with_exchange, run_cli):
    for student in ("ada", "ben", "cy"):
        submit(a_course, with_exchange, student, 1)
    (with_exchange / "mallory+conv2d+garbage+r").mkdir()
    done = run_cli("collect", "conv2d", "--student", "ada", "--student", "zoe", "--course", a_course.root)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-2:] == [
        "there is nothing for conv2d by 'zoe'",
        "collected conv2d: 1 submission; 1 in submitted/ now",
    ]
    assert days(a_course) == {"ada": 10}


def test_ids_that_differ_by_case_only_are_pointed_out(a_course, with_exchange, run_cli, monkeypatch):
    monkeypatch.setattr(engine, "grade_each", lambda *_: iter(()))
    for student in ("ada", "Ada", "ben"):
        submit(a_course, with_exchange, student, 1)
    collected = run_cli("collect", "conv2d", "--course", a_course.root).stdout
    graded = run_cli("grade", "conv2d", "--course", a_course.root).stderr
    for output in (collected, graded):
        assert "work by Ada and ada: these ids differ by case only" in output and "ben" not in output.splitlines()[-1]


def test_one_submission_is_one(a_course, run_cli):
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    output = run_cli("grade", "--course", a_course.root).stdout
    assert "1 submission:" in output and "1 submissions" not in output


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own
@pytest.mark.parametrize("there", [(), ("notes.txt",)], ids=["an empty folder", "no notebook"])
def test_the_button_on_a_folder_without_a_notebook_does_what_grade_does(a_course: Course, there, monkeypatch):
    folder = a_course.root / "submitted" / "ada" / "conv2d"
    folder.mkdir(parents=True)
    for name in there:
        (folder / name).write_text("Here it is.", encoding="utf-8")
    courses.hand_in(a_course, "ben", courses.answered(a_course))
    # Formgrader's server calls this when the button is pressed.
    monkeypatch.chdir(a_course.root)
    result = commands.connect(a_course).autograde("conv2d", "ada")
    assert result["success"], result.get("log")
    by_the_button = courses.rows(a_course)
    assert {row[3] for row in by_the_button} == {0} and len(by_the_button) == 7
    output = (a_course.root / "autograded/ada/conv2d/conv2d.ipynb").read_text(encoding="utf-8")
    assert "conv2d.ipynb was not handed in" in output
    engine.grade_class(a_course, ["conv2d"], students=["ada"], force=True)
    assert courses.rows(a_course) == by_the_button


def test_the_button_for_whom_there_is_no_folder_says_so(a_course: Course, monkeypatch):
    monkeypatch.chdir(a_course.root)
    result = commands.connect(a_course).autograde("conv2d", "zoe")
    assert not result["success"] and "No notebooks were matched" in result["log"]
