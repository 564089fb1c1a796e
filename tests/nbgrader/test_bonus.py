"""A bonus assignment adds to a learner's score, but not to the maximum, on every page and in every file."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder import course
from autograder.course import Course
from autograder.feedback.give import give
from autograder.grading import engine
from autograder.judge import judge
from autograder.nbgrader import commands, gradebook
from autograder.notebooks.fill import fill
from autograder.notebooks.read import read
from tests import courses

BOTH = ["conv2d", "transposed"]


@pytest.fixture
def with_bonus(a_course: Course) -> Course:
    """The small course with `transposed` as a bonus. One learner handed in everything, one everything but the bonus."""
    path = a_course.root / "course.yml"
    path.write_text(path.read_text(encoding="utf-8") + "    bonus: true\n", encoding="utf-8")
    made = course.load(a_course.root)
    commands.generate(commands.connect(made), made, ["transposed"], lambda line: None)
    for student in ("ada", "ben"):
        courses.hand_in(made, student, courses.answered(made))
    courses.hand_in(made, "ada", courses.solved(made, "transposed"), "transposed")
    return made


def totals(of: Course) -> dict[str, tuple[float, float]]:
    """Return each learner's total score and the maximum, as nbgrader adds them up."""
    with gradebook.opened(of) as book:
        return {student.id: (student.score, student.max_score) for student in book.students}


def test_its_cells_tell_the_points_and_have_none_for_nbgrader(with_bonus):
    cells = nbformat.read(with_bonus.stub("transposed"), as_version=4).cells
    checks = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert {cell.metadata.nbgrader.points for cell in checks} == {0}
    assert checks[0].source.splitlines()[0] == "# builds the kernel matrix (1 bonus point)"
    assert checks[1].source.splitlines()[0].endswith("(3 bonus points)")


def test_its_points_add_to_the_score_and_not_to_the_most_there_is(with_bonus):
    engine.grade_class(with_bonus, BOTH)
    assert totals(with_bonus) == {"ada": (20, 10), "ben": (10, 10)}
    api = commands.connect(with_bonus)
    # Formgrader shows these.
    shown = api.get_submission("transposed", "ada")
    assert (shown["score"], shown["max_score"], shown["needs_manual_grade"]) == (10, 0, False)
    assert api.get_assignment("transposed")["max_score"] == 0
    target = with_bonus.root / "grades.csv"
    commands.export(with_bonus, target)
    with target.open(encoding="utf-8") as file:
        rows = {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}
    assert [float(rows["ada", "transposed"][name]) for name in ("score", "max_score")] == [10, 0]
    assert float(rows["ben", "transposed"]["score"]) == 0


def test_its_feedback_page_says_so(with_bonus):
    engine.grade_class(with_bonus, ["transposed"])
    give(commands.connect(with_bonus), with_bonus, ["transposed"], lambda line: None)
    page = (with_bonus.root / "feedback" / "ada" / "transposed" / "transposed.html").read_text(encoding="utf-8")
    assert "Score: 10.0 / 0.0" in page and "passed, 3 bonus points" in page
    assert "passed (3 of 3 bonus points)" in page


def test_a_second_run_has_nothing_to_do_and_extra_credit_of_a_person_stands(with_bonus):
    engine.grade_class(with_bonus, BOTH)
    with gradebook.opened(with_bonus) as book:
        book.find_grade("check-matrix", "transposed", "transposed", "ada").extra_credit = 0.5
        book.db.commit()
    assert all(one.cached for one in engine.grade_class(with_bonus, BOTH))
    engine.grade_class(with_bonus, BOTH, force=True)
    assert totals(with_bonus)["ada"] == (20.5, 10)


def test_the_report_says_so_and_nbgrader_reads_nothing_of_its_cells(with_bonus, sandbox):
    (report,) = judge.grade(with_bonus, [read(with_bonus.master("transposed"), "transposed")], sandbox)
    assert (report.bonus, report.score, report.max_score) == (True, 10, 10)
    assert json.loads(report.to_json())["bonus"] is True
    for cell in fill(nbformat.read(with_bonus.stub("transposed"), as_version=4), report).cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            assert determine_grade(cell) == (0, 0)


def test_the_terminal_says_so(with_bonus, run_cli):
    done = run_cli("check", Path(with_bonus.master("transposed")), "--course", with_bonus.root)
    assert "Total: 10 of 10 bonus points" in done.stdout


@pytest.mark.long
def test_stock_nbgrader_gives_the_same_numbers(with_bonus):
    engine.grade_class(with_bonus, BOTH)
    ours = courses.rows(with_bonus)
    command = [sys.executable, "-m", "nbgrader", "autograde", "transposed", "--force"]
    done = subprocess.run(command, cwd=with_bonus.root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert courses.rows(with_bonus) == ours
    assert totals(with_bonus)["ada"] == (20, 10)
