"""The cache: everything that decides a report is in its key, and results are saved atomically."""

import json
import shutil

import pytest

from autograder import course, step_files
from autograder.grading import engine
from autograder.grading.cache import Keys
from autograder.notebooks.budget import MOST_FILES
from autograder.notebooks.submitted import submission_folders
from tests import courses


def test_the_notebook_decides_the_key_whatever_lies_beside_it(a_course):
    path = courses.hand_in(a_course, "ada", courses.answered(a_course))
    for number in range(MOST_FILES + 2):
        (path.parent / f"a{number:02}.ipynb").write_text("{}", encoding="ascii")
    (folder,) = submission_folders(a_course, ["conv2d"])
    before = Keys(a_course).of(folder)
    path.write_text(json.dumps(courses.stub(a_course)), encoding="utf-8")
    assert Keys(a_course).of(folder) != before


@pytest.mark.parametrize(
    ("before", "after"),
    [("seed: 7", "seed: 8"), ("limits: {}", "limits: {restarts: 1}"), ("points: 10\n    due", "points: 20\n    due")],
    ids=["seed", "limits", "points"],
)
def test_another_course_yml_is_another_report(a_course, before, after):
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    keys = [Keys(a_course).of(folder) for folder in submission_folders(a_course, ["conv2d"])]
    path = a_course.root / "course.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    again = course.load(a_course.root)
    assert keys and not set(keys) & {Keys(again).of(folder) for folder in submission_folders(again, ["conv2d"])}


@pytest.mark.parametrize("file", ["steps/conv2d/test_conv2d.py", "suite/spaces.py"])
def test_another_hidden_check_is_another_report(a_course, monkeypatch, tmp_path, file):
    """Also where it is in what several suites share."""
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    (folder,) = submission_folders(a_course, ["conv2d"])
    for name, attribute in (("steps", "FOLDER"), ("suite", "SHARED")):
        shutil.copytree(getattr(step_files, attribute), tmp_path / name)
        monkeypatch.setattr(step_files, attribute, tmp_path / name)
    before = Keys(a_course).of(folder)
    path = tmp_path / file
    path.write_text(f"{path.read_text(encoding='utf-8')}\n# another\n", encoding="utf-8")
    assert Keys(a_course).of(folder) != before


def test_what_is_remembered_is_whole(a_course):
    for student in ("ada", "cy"):
        courses.hand_in(a_course, student, b"not a notebook")
    engine.grade_class(a_course, ["conv2d"])
    paths = sorted((a_course.root / "results" / "conv2d").iterdir())
    assert [path.name for path in paths] == ["ada.json", "cy.json"]
    assert all(set(json.loads(path.read_bytes())) == {"key", "report", "former", "parts"} for path in paths)
