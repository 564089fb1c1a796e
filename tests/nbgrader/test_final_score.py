"""Every place that says a final score says nbgrader's: over all notebooks, minus all penalties, never below 0."""

import csv
import io

import pytest

from autograder.campus import final_scores
from autograder.course import Course
from autograder.nbgrader import class_book, gradebook
from autograder.nbgrader.all_grades import all_grades
from autograder.nbgrader.export import SafeCsvExport
from autograder.nbgrader.rows import Sheet
from tests.campus import made_up

# For each learner and notebook: the late penalty, and automatic score, manual score and extra credit of its two cells.
GRADES = {
    "automatic": {"first": (None, (3, None, None), (2, None, None)), "second": (None, (1.25, None, None))},
    "by hand": {"first": (None, (3, 1, 0.5), (None, 0, None)), "second": (None, (None, None, 2))},
    "late": {"first": (1, (3, None, None), (2, None, None)), "second": (0.5, (4, None, None))},
    "late in the second alone": {"first": (None, (3, None, None)), "second": (2, (4, None, None))},
    "a penalty above one notebook's score": {"first": (5, (3, 1, None)), "second": (1, (4, None, None))},
    "penalties above all scores": {"first": (5, (3, 1, None)), "second": (1, (4, 0, None))},
    "a penalty above the score, and credit": {"first": (5, (3, 1, 2.5)), "second": (1, (4, 4, None))},
}
EXPECTED = (6.25, 1.5, 7.5, 5, 0, 0, 1.5)


@pytest.fixture
def course(tmp_path) -> Course:
    """A course whose one assignment has two notebooks, with all learners of GRADES."""
    made = made_up.COURSE.model_copy(update={"root": tmp_path, "assignments": made_up.COURSE.assignments[:1]})
    with gradebook.opened(made) as book:
        book.add_assignment("conv2d")
        for name in ("first", "second"):
            book.add_notebook(name, "conv2d")
            for cell in ("a", "b"):
                book.add_grade_cell(cell, name, "conv2d", cell_type="code", max_score=5)
        for student, notebooks in GRADES.items():
            book.add_student(student)
            book.add_submission("conv2d", student)
            for name, (penalty, *cells) in notebooks.items():
                book.find_submission_notebook(name, "conv2d", student).late_submission_penalty = penalty
                for cell, scores in zip("ab", cells, strict=False):
                    grade = book.find_grade(cell, name, "conv2d", student)
                    grade.auto_score, grade.manual_score, grade.extra_credit = scores
        book.db.commit()
    return made


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own
@pytest.mark.slow
def test_all_places_agree_with_nbgraders_own_export(course) -> None:
    with gradebook.opened(course) as book:
        export = SafeCsvExport()
        export.to = str(course.root / "grades.csv")
        export.export(book)
        standings = {student: standing.points for student, standing in Sheet(book, "conv2d").standings().items()}
        compared = {student: grade.points for (student, _), grade in all_grades(book).items()}
    lines = csv.DictReader(io.StringIO((course.root / "grades.csv").read_text(encoding="utf-8")))
    of_nbgrader = {line["student_id"]: float(line["score"]) for line in lines}
    assert of_nbgrader == dict(zip(GRADES, EXPECTED, strict=True))
    assert standings == of_nbgrader
    assert compared == of_nbgrader
    assert {row.student: row.score for row in gradebook.table(course)} == of_nbgrader
    read = final_scores.read(course, ["conv2d"])
    assert {student: score.score for (student, _), score in read.scores.items()} == of_nbgrader
    overview = class_book.read(course, ["conv2d"]).standings["conv2d"]
    assert {student: standing.points for student, standing in overview.items()} == of_nbgrader
