"""`autograder export` shows what it would write, writes all or nothing, and never over what it was given."""

import csv
import json
import zipfile

import pytest

from tests.campus import made_up
from tests.campus.canvas import Canvas
from tests.campus.moodle import Moodle

EVERYONE = {f"id{n:02}" for n in range(30)}


@pytest.fixture
def run_export(run_cli, class_course):
    return lambda *arguments: run_cli("export", *arguments, "--course", class_course.root)


@pytest.fixture
def canvas_file(tmp_path):
    students = [(500 + n, f"S{n}", student, made_up.NAMES[n]) for n, student in enumerate(made_up.IDS)]
    path = tmp_path / "from-canvas.csv"
    path.write_bytes(Canvas(students, {1: "Convolution", 2: "transposed"}, {1: 10, 2: 0}).exported())
    return path


@pytest.mark.parametrize("form", ["csv", "json", "junit", "gradescope"])
def test_each_format_is_written_after_it_is_shown(run_export, tmp_path, form) -> None:
    target = tmp_path / "grades.out"
    shown = run_export(form, "--to", target, "--dry-run")
    assert shown.exit_code == 0 and not target.exists(), shown.stderr
    assert "would hold 30 scores; nothing is written" in shown.stdout
    done = run_export(form, "--to", target)
    assert done.exit_code == 0 and target.read_bytes(), done.stderr
    assert "nothing handed in" in done.stdout and made_up.ABSENT in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["grades.out"]


def test_csv_of_one_learner_with_checks(run_export, tmp_path) -> None:
    assert run_export("csv", "conv2d", "--checks", "--student", "id01", "--to", tmp_path / "one.csv").exit_code == 0
    with (tmp_path / "one.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["student"], row["score"], row["conv2d: stride"]) == ("id01", "10", "2")


def test_canvas(run_export, canvas_file, tmp_path) -> None:
    target = tmp_path / "to-canvas.csv"
    arguments = ("canvas", "--into", canvas_file, "--column", "conv2d=Convolution", "--to", target)
    done = run_export(*arguments)
    assert done.exit_code == 0, done.stderr
    with target.open(encoding="utf-8", newline="") as file:
        heads, _, points, *rows = csv.reader(file)
    assert heads[5:] == ["Convolution (1)", "transposed (2)"] and points[5:] == ["10.00", "0.00"]
    assert {row[3]: row[5:] for row in rows}["id01"] == ["10", "10"]
    assert "needs manual grading" in done.stdout and "Student, Test" in done.stdout


def test_moodle(run_export, tmp_path) -> None:
    campus = Moodle("de", {900 + n: (made_up.NAMES[n], f"{one}@example.org") for n, one in enumerate(made_up.IDS)})
    source, target = tmp_path / "Bewertungen.csv", tmp_path / "zurück.csv"
    source.write_bytes(campus.worksheet())
    done = run_export("moodle", "conv2d", "--into", source, "--comments", "--to", target)
    assert done.exit_code == 0, done.stderr
    campus.take(target.read_bytes())
    assert len(campus.grades) == 27 and campus.grades[917] == 6.5 and "moves by the stride" in campus.comments[902]
    assert run_export("moodle", "transposed", "--into", source, "--to", target).exit_code == 0


@pytest.mark.parametrize(("form", "entry"), [
    ("moodle-feedback", "id00_900_assignsubmission_file_/conv2d.ipynb"),
    ("canvas-feedback", "id00_900_5000_conv2d.ipynb"),
])  # fmt: skip
def test_pages(run_export, class_course, tmp_path, form, entry) -> None:
    folder = class_course.root / "feedback" / "id00" / "conv2d"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conv2d.html").write_text("<html></html>", encoding="utf-8")
    source, target = tmp_path / "all.zip", tmp_path / "back.zip"
    with zipfile.ZipFile(source, "w") as made:
        made.writestr(entry, "{}")
    done = run_export(form, "conv2d", "--from", source, "--to", target)
    assert done.exit_code == 0 and "holds 1 page" in done.stdout, done.stderr
    with zipfile.ZipFile(target) as given:
        (name,) = given.namelist()
        assert given.read(name) == b"<html></html>" and name.startswith("id00_900_")


def test_what_was_given_and_what_is_the_courses_is_not_overwritten(
    run_export, class_course, canvas_file, tmp_path
) -> None:
    before = canvas_file.read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(canvas_file)
    for target in (canvas_file, link):
        done = run_export("canvas", "transposed", "--into", canvas_file, "--to", target)
        assert done.exit_code == 2 and "stays as it is" in done.stderr
    assert canvas_file.read_bytes() == before
    for name in ("gradebook.db", "course.yml", "submitted/x.csv"):
        done = run_export("json", "--to", class_course.root / name)
        assert done.exit_code == 2 and "belongs to the course" in done.stderr
    done = run_export("json", "--to", tmp_path / "none" / "x.json")
    assert done.exit_code == 2 and "no such folder" in done.stderr


def test_a_write_that_fails_leaves_the_old_file(run_export, tmp_path, monkeypatch) -> None:
    target = tmp_path / "grades.json"
    target.write_text("old", encoding="utf-8")

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autograder.campus.writing.os.replace", no_room)
    done = run_export("json", "--to", target)
    assert done.exit_code == 2 and "no space left" in done.stderr
    assert target.read_text(encoding="utf-8") == "old" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("column", ["conv2d", "conv2d=", "unknown=Title"])
def test_a_column_must_name_an_assignment_and_a_title(run_export, canvas_file, column) -> None:
    done = run_export("canvas", "--into", canvas_file, "--column", column)
    assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1


def test_names_cannot_move_the_cursor(run_export, tmp_path) -> None:
    source = tmp_path / "worksheet.csv"
    source.write_bytes(Moodle("en", {1: ("\x1b[2JEve\r\n\u202eevE", "eve@example.org")}).worksheet())
    done = run_export("moodle", "conv2d", "--into", source, "--to", tmp_path / "out.csv", "--dry-run")
    assert done.exit_code == 0 and not set(done.stdout) & {"\x1b", "\u202e", "\r"}
    assert "Eve evE" in done.stdout


def test_json_names_its_schema(run_export, tmp_path) -> None:
    run_export("json", "--to", tmp_path / "grades.json")
    document = json.loads((tmp_path / "grades.json").read_bytes())
    assert document["schema"] == "autograder/scores/v1" and {one["id"] for one in document["students"]} == EVERYONE
