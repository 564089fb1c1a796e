"""A damaged notebook is repaired where that is possible, refused where it is not, and the report says so."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import compute_checksum

from autograder.course import Course
from autograder.grading import engine
from autograder.judge import notebooks
from autograder.notebooks import repair
from tests import courses
from tests.courses import course_cells
from tests.damages import DAMAGES, Damage

IDS = [one.name for one in DAMAGES]


def put(of: Course, one: Damage, student: str) -> Path:
    """Hand in a right notebook with this damage; return its folder."""
    notebook = courses.answered(of)
    contents = one.do(notebook)
    for name in one.names:
        path = courses.hand_in(of, student, notebook if contents is None else contents, name=name)
    for name, text in one.extra:
        (path.parent / name).write_text(text, encoding="utf-8")
    return path.parent


@pytest.mark.parametrize("one", DAMAGES, ids=IDS)
def test_the_courses_cells_are_whole_again(a_course: Course, one: Damage):
    folder = put(a_course, one, "ada")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    whole = notebooks.prepare(a_course, "conv2d", folder / "conv2d.ipynb")
    release = notebooks.release_notebook(a_course.stub("conv2d"))
    assert course_cells(whole.notebook) == course_cells(release)
    assert list(course_cells(whole.notebook)) == list(course_cells(release))
    nbformat.validate(whole.notebook)
    assert not any(cell.get("outputs") for cell in whole.notebook.cells)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("one", DAMAGES, ids=IDS)
def test_what_was_done_is_said(a_course: Course, one: Damage):
    whole = notebooks.prepare(a_course, "conv2d", put(a_course, one, "ada") / "conv2d.ipynb")
    texts = "\n".join((*whole.submission.notes, whole.submission.unreadable))
    for words in one.says:
        assert words in texts
    assert bool(texts.strip()) == bool(one.says), texts


def test_a_notebook_that_is_whole_is_left_as_it_is(a_course: Course):
    notebook = courses.answered(a_course)
    courses.cell(notebook, "solution")["source"] += "\nprint('my own')"
    notebook["cells"].insert(8, {"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": [], "id": "mine"})
    path = courses.hand_in(a_course, "ada", notebook)
    whole = notebooks.prepare(a_course, "conv2d", path)
    assert [cell.source for cell in whole.notebook.cells] == ["".join(cell["source"]) for cell in notebook["cells"]]
    assert whole.submission.notes == ()


def test_one_learners_notes_are_not_in_anothers_notebook(a_course: Course):
    ada = courses.answered(a_course)
    ada["cells"].remove(courses.cell(ada, "check-bias"))
    paths = [courses.hand_in(a_course, "ada", ada), courses.hand_in(a_course, "ben", courses.answered(a_course))]
    wholes = [notebooks.prepare(a_course, "conv2d", path) for path in paths]
    assert [len(whole.notebook.metadata.autograder.notes) for whole in wholes] == [1, 0]


def test_a_link_to_another_learners_notebook_is_not_followed(a_course: Course):
    theirs = courses.hand_in(a_course, "ada", courses.answered(a_course))
    for name in ("conv2d.ipynb", "mine.ipynb"):
        folder = a_course.root / "submitted" / f"ben-{name}" / "conv2d"
        folder.mkdir(parents=True)
        (folder / name).symlink_to(theirs)
        whole = notebooks.prepare(a_course, "conv2d", folder / "conv2d.ipynb")
        assert whole.submission.unreadable, name
        assert whole.submission.cells == ()


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_refused(a_course: Course, kind: str):
    folder = a_course.root / "submitted" / "ada" / "conv2d"
    folder.mkdir(parents=True)
    path = folder / "conv2d.ipynb"
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    assert "was not handed in" in notebooks.prepare(a_course, "conv2d", path).submission.unreadable


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ([("code", "x = '" + "a" * 300_000 + "'")], "more than 300,000 characters"),
        ([("code", "x = '" + "\N{GRINNING FACE}" * 80_000 + "'")], "more than 300,000 characters"),
    ],
    ids=["characters", "characters as they are sent"],
)
def test_too_much_code_is_refused(a_course: Course, cells: list[tuple[str, str]], says: str):
    notebook = {"cells": [{"cell_type": kind, "metadata": {}, "source": source} for kind, source in cells]}
    path = courses.hand_in(a_course, "ada", notebook)
    assert says in notebooks.prepare(a_course, "conv2d", path).submission.unreadable


def of_an_earlier_release(of: Course) -> dict:
    """Return a right notebook of a release in which the check cells did not yet show the visible check's result.

    Its pictures were not the course's own: learners could change them.
    """
    notebook = courses.answered(of)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in ("why-picture", "see-picture")]
    for cell in notebook["cells"]:
        if cell["id"] == "picture":
            cell["metadata"], cell["source"] = {}, f"{''.join(cell['source'])}  # as it was"
        flags = cell["metadata"].get("nbgrader", {})
        if flags.get("grade") or flags.get("grade_id") == "visible-checks":
            source = "".join(cell["source"])
            cell["source"] = source.partition("\n")[0] if flags["grade"] else source.replace("tried", "done")
            flags["checksum"] = compute_checksum(nbformat.from_dict(cell))
    return notebook


def test_a_notebook_of_an_earlier_release_is_graded_and_its_writer_not_blamed(a_course: Course):
    old = of_an_earlier_release(a_course)
    checks = [cell for cell in old["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    assert checks and not any("visible_check_passed" in "".join(cell["source"]) for cell in checks)
    courses.hand_in(a_course, "ada", old)
    courses.cell(old, "check-bias")["source"] += " is easy"
    courses.hand_in(a_course, "ben", old)
    ada, ben = engine.grade_class(a_course, ["conv2d"])
    assert (ada.report.score, ben.report.score) == (10, 10)
    assert ada.report.notes == (repair.EARLIER,)
    assert set(ben.report.notes) == {repair.EARLIER, repair.RESTORED_CHANGED.format(id="check-bias")}
    graded = json.loads((a_course.root / "autograded/ada/conv2d/conv2d.ipynb").read_text(encoding="utf-8"))
    for grade_id in ("check-bias", "visible-checks"):
        own = courses.cell(courses.stub(a_course), grade_id)
        assert "".join(courses.cell(graded, grade_id)["source"]) == "".join(own["source"])


def hand_in_all(of: Course) -> dict[str, float]:
    """Hand in every damage once, under its own name, between two right notebooks; return the points of each."""
    for one in DAMAGES:
        put(of, one, one.name)
    courses.hand_in(of, "aaa", courses.answered(of))
    courses.hand_in(of, "zoe", courses.answered(of, courses.NO_STRIDE))
    return {one.name: one.points for one in DAMAGES} | {"aaa": 10, "zoe": 7}


def contents(of: Course) -> dict[str, bytes]:
    folder = of.root / "submitted"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.long
def test_the_engine_grades_everybody(a_course: Course):
    expected = hand_in_all(a_course)
    before = contents(a_course)
    graded = engine.grade_class(a_course, ["conv2d"])
    assert {one.student: one.report.score for one in graded} == expected
    assert courses.scores(a_course) == expected
    assert contents(a_course) == before
    assert not any(one.report.has_error for one in graded)


@pytest.mark.long
def test_stock_nbgrader_grades_everybody_alike(a_course: Course):
    expected = hand_in_all(a_course)
    before = contents(a_course)
    command = [sys.executable, "-m", "nbgrader", "autograde", "conv2d"]
    done = subprocess.run(command, cwd=a_course.root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert courses.scores(a_course) == expected
    assert contents(a_course) == before
    stock = courses.rows(a_course)
    notes = {name: told_in(a_course, name) for name in expected}
    engine.grade_class(a_course, ["conv2d"], force=True)
    assert courses.rows(a_course) == stock
    assert {name: told_in(a_course, name) for name in expected} == notes
    for one in DAMAGES:
        for words in one.says:
            assert words in notes[one.name]


def told_in(of: Course, student: str) -> str:
    """Return all text of a learner's graded notebook on one line, since long lines are wrapped."""
    path = of.root / "autograded" / student / "conv2d" / "conv2d.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return " ".join(" ".join("".join(output.get("text", "")).split()) for output in outputs)
