"""A class of 40, hostile names among them, goes from a campus system's zip to grades and pages, and back into it."""

import json
import zipfile
from pathlib import Path

import pytest

from autograder.course import Course
from tests import courses
from tests.campus import archives
from tests.campus.archives import CLASS as WHOLE_CLASS
from tests.campus.canvas import Canvas, accepts_page
from tests.campus.moodle import Moodle

pytestmark = pytest.mark.long
# All hostile names come first.
CLASS = WHOLE_CLASS[:40]
# Every tenth ignores the stride.
POINTS = {one: 7.0 if one.number % 10 == 3 else 10.0 for one in CLASS}


@pytest.fixture
def answering(a_course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course whose learners hand in answers, and not empty notebooks."""
    right, wrong = (
        json.dumps(courses.answered(a_course, code)).encode() for code in (courses.RIGHT, courses.NO_STRIDE)
    )
    ignoring = {one.id for one in CLASS if POINTS[one] == 7}
    monkeypatch.setattr(archives, "notebook", lambda by: wrong if by in ignoring else right)
    return a_course


@pytest.fixture
def run(run_cli, answering: Course):
    def run(*arguments: str | Path) -> str:
        done = run_cli(*arguments, "--course", answering.root)
        assert done.exit_code == 0, (arguments, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout

    return run


def grade(run) -> None:
    run("grade", "conv2d")
    assert f"made {len(CLASS)} feedback pages for conv2d" in run("feedback", "conv2d")


def test_moodle(run, tmp_path) -> None:
    campus = Moodle("de", {one.moodle: (f"{one.first} {one.last}", f"{one.id}@example.edu") for one in CLASS})
    worksheet, archive = tmp_path / "Bewertungen.csv", archives.moodle_zip(tmp_path / "moodle.zip", CLASS)
    worksheet.write_bytes(campus.worksheet())
    run("roster", worksheet)
    run("import", archive, "--assignment", "conv2d")
    grade(run)
    run("export", "moodle", "conv2d", "--into", worksheet, "--to", tmp_path / "back.csv")
    campus.take((tmp_path / "back.csv").read_bytes())
    assert campus.grades == {one.moodle: points for one, points in POINTS.items()}
    run("export", "moodle-feedback", "conv2d", "--from", worksheet, "--to", tmp_path / "pages.zip")
    pages = campus.take_pages((tmp_path / "pages.zip").read_bytes())
    scores = {number: b">Score: 7.0 / 10.0<" in page for number, (_, page) in pages.items()}
    assert scores == {one.moodle: points == 7 for one, points in POINTS.items()}


def test_canvas(run, tmp_path) -> None:
    students = [(one.canvas, f"sis-{one.number}", one.id, f"{one.last}, {one.first}") for one in CLASS]
    campus = Canvas(students, {4711: "conv2d"}, {4711: 10})
    exported, archive = tmp_path / "Grades.csv", archives.canvas_zip(tmp_path / "canvas.zip", CLASS)
    exported.write_bytes(campus.exported())
    run("roster", exported)
    run("import", archive, "--assignment", "conv2d")
    grade(run)
    run("export", "canvas", "conv2d", "--into", exported, "--to", tmp_path / "back.csv")
    campus.take((tmp_path / "back.csv").read_bytes())
    assert campus.grades == {(one.canvas, 4711): f"{points:g}" for one, points in POINTS.items()}
    assert not campus.new_titles and not campus.new_students
    shown = run("export", "canvas-feedback", "conv2d", "--from", archive, "--to", tmp_path / "pages.zip")
    with zipfile.ZipFile(tmp_path / "pages.zip") as pages:
        given = {accepts_page(name)[0]: b">Score: 7.0 / 10.0<" in pages.read(name) for name in pages.namelist()}
    # Canvas would take the name of "345, 12" for the number. So that page is left out, and the table says so.
    assert given == {one.canvas: points == 7 for one, points in POINTS.items() if one.canvas != 900_011}
    assert "34512_900011" in shown
