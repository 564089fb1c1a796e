"""Whoever reads a saved report gets the report, or None: results/ may hold files that are no reports."""

from pathlib import Path

from autograder.course import Assignment, Course
from autograder.notebooks.saved_reports import path_of, report_of


def test_a_report_is_found_by_assignment_and_student(tmp_path: Path) -> None:
    course = Course(root=tmp_path, course="tiny", seed=1, assignments=(Assignment(id="conv2d"),))
    assert report_of(course, "conv2d", "ada") is None
    path = path_of(course, "conv2d", "ada")
    path.parent.mkdir(parents=True)
    for text in ("", "{", "{}", '{"report": 3}'):
        path.write_text(text, encoding="utf-8")
        assert report_of(course, "conv2d", "ada") is None
    assert path.relative_to(tmp_path).as_posix() == "results/conv2d/ada.json"


def test_an_id_of_the_gradebook_leads_nowhere_else(tmp_path: Path, monkeypatch) -> None:
    course = Course(root=tmp_path, course="tiny", seed=1, assignments=(Assignment(id="conv2d"),))
    monkeypatch.setattr(Path, "read_bytes", lambda path: (_ for _ in ()).throw(AssertionError(path)))
    assert report_of(course, "conv2d", "../../elsewhere/ada") is None
