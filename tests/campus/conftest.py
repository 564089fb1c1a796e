"""A gradebook with 30 made-up learners, for the ways out."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.grading import cache
from autograder.judge import judge
from autograder.judge.pytest_plugin import Run, Verdict
from autograder.nbgrader import gradebook, late
from autograder.nbgrader.rows import Sheet
from autograder.notebooks import handed_in_at
from autograder.notebooks.read import Submission
from autograder.notebooks.submitted import SubmissionFolder
from autograder.report.report import Outcome
from autograder.suite.load import load_suite
from tests import courses
from tests.campus import made_up

CHANGES = """
update grade set manual_score = 1.5, extra_credit = 0.5, needs_manual_grade = 0
    where id = (select grade.id from grade {joined} where student_id = 'id01' and base_cell.name = 'check-stride');
update submitted_notebook set late_submission_penalty = 1.5 where id in (
    select submitted_notebook.id from submitted_notebook
    join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id where student_id = 'id17');
update grade_cells set max_score = 0 where id in (
    select base_cell.id from base_cell join notebook on notebook_id = notebook.id where notebook.name = 'transposed');
"""
JOINED = """join base_cell on cell_id = base_cell.id
    join submitted_notebook on grade.notebook_id = submitted_notebook.id
    join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id"""


@pytest.fixture(scope="session")
def class_course(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course in which 30 learners are graded: conv2d by nearly all, the bonus by two. Tests must not change it."""
    root = shutil.copytree(released.root, tmp_path_factory.mktemp("class") / "course")
    settings = (root / "course.yml").read_text(encoding="utf-8")
    (root / "course.yml").write_text(settings + "    bonus: true\n", encoding="utf-8")
    made = course.load(root)
    with gradebook.opened(made) as book:
        for student, name in zip(made_up.IDS, made_up.NAMES, strict=True):
            last, _, first = name.partition(", ")
            book.add_student(student, first_name=first, last_name=last, email=f"{student}@example.org")
        for number, student in enumerate(made_up.IDS):
            if student not in (made_up.ABSENT, made_up.UNGRADED):
                outcomes = {"stride": Outcome.FAILED} if number % 3 else {}
                outcomes |= {"padding": Outcome.ERROR} if student == made_up.UNDECIDED else {}
                _grade(
                    made,
                    book,
                    student,
                    "conv2d",
                    outcomes,
                    courses.LATE if student == made_up.LATE else courses.IN_TIME,
                )
        for student in ("id00", "id01"):
            _grade(made, book, student, "transposed", {}, courses.IN_TIME)
    courses.hand_in(made, made_up.UNGRADED, b"{}")
    with sqlite3.connect(root / "gradebook.db") as connection:
        connection.executescript(CHANGES.format(joined=JOINED))
    return made


def _grade(of: Course, book, student: str, assignment: str, outcomes: dict[str, Outcome], time: str) -> None:
    run = Run(Submission(assignment, f"{assignment}.ipynb", ()), "")
    names = [check.id for check in load_suite(assignment).checks]
    run.verdicts = {name: Verdict(outcomes.get(name, Outcome.PASSED), "Got <16>.") for name in names}
    report = judge.report(of, run, "A")
    when = handed_in_at.read_timestamp(time)
    gradebook.write(Sheet(book, assignment), student, report, when, late.load(of))
    unknown = cache.Parts(*[""] * len(cache.Parts._fields))
    cache.remember(of, SubmissionFolder(student, assignment, Path("unused")), report, unknown)
