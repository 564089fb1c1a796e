"""Feedback pages go back in a zip whose names Moodle and Canvas read as theirs."""

import dataclasses
import io
import os
import zipfile
from pathlib import Path

import pytest

from autograder.campus import zip_reader
from autograder.campus.made import Kind
from autograder.campus.outlets import canvas_feedback, moodle, moodle_feedback, zip_of_pages
from autograder.campus.outlets.csv_to_fill import read_sheet
from autograder.errors import Problem
from tests.campus import made_up
from tests.campus.canvas import accepts_page
from tests.campus.moodle import Moodle

PAGE = "<html>{student}</html>"
BY_NUMBER = {str(900 + n): student for n, student in enumerate(made_up.IDS)}


@pytest.fixture
def final(tmp_path):
    """The class, with a feedback page for everyone who has a score."""
    course = made_up.COURSE.model_copy(update={"root": tmp_path})
    scores = dataclasses.replace(made_up.class_of_30(assignments=("conv2d",)), course=course)
    for student, name in scores.scores:
        folder = tmp_path / "feedback" / student / name
        folder.mkdir(parents=True)
        (folder / f"{name}.html").write_text(PAGE.format(student=student), encoding="utf-8")
    return scores


def campus() -> Moodle:
    return Moodle(
        "de", {900 + n: (made_up.NAMES[n], f"{student}@example.org") for n, student in enumerate(made_up.IDS)}
    )


def archive(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, "{}")
    return path


def wanted(final) -> dict[int, tuple[str, bytes]]:
    return {
        900 + made_up.IDS.index(student): ("conv2d.html", PAGE.format(student=student).encode())
        for student, _ in final.scores
    }


def test_moodle_finds_everybodys_page_by_the_worksheet(final, tmp_path) -> None:
    path = tmp_path / "worksheet.csv"
    path.write_bytes(campus().worksheet())
    made = zip_of_pages.pack(
        final, "conv2d", moodle_feedback.places_of_worksheet(moodle.read_worksheet(read_sheet(path)), "conv2d")
    )
    assert campus().take_pages(made.content) == wanted(final)
    left = {remark.who: remark.why for remark in made.remarks if remark.kind is Kind.LEFT}
    assert left == dict.fromkeys([made_up.ABSENT, made_up.UNGRADED], zip_of_pages.NO_PAGE)


@pytest.mark.parametrize("ending", ["_", ""])
def test_moodle_finds_everybodys_page_by_the_archive(final, tmp_path, ending) -> None:
    """Moodle itself writes a space for an underscore and nothing for a slash in a name."""
    names = [name.replace("_", " ").replace("/", "") for name in made_up.NAMES]
    folders = [f"{names[n]}_{900 + n}_assignsubmission_file{ending}/conv2d.ipynb" for n in range(30)]
    places = moodle_feedback.places_of_archive(archive(tmp_path / "all.zip", *folders), "conv2d")
    made = zip_of_pages.pack(final, "conv2d", places, BY_NUMBER)
    assert campus().take_pages(made.content) == wanted(final)


def test_no_path_leads_out_of_its_folder(final, tmp_path) -> None:
    path = tmp_path / "worksheet.csv"
    path.write_bytes(campus().worksheet())
    places = moodle_feedback.places_of_worksheet(moodle.read_worksheet(read_sheet(path)), "conv2d")
    for place in places:
        folder, page = place.path.split("/")
        assert page == "conv2d.html" and folder.count("_") == 4 and folder.isprintable()
        assert not folder.startswith((".", "~")) and "\\" not in folder


def test_a_name_counts_only_if_it_is_one_learners(final, tmp_path) -> None:
    """`id00` is also what the gradebook calls a learner."""
    one = archive(
        tmp_path / "one.zip", "id00_7_assignsubmission_file_/x.ipynb", "id01_8_assignsubmission_file_/x.ipynb"
    )
    assert zip_of_pages.pack(final, "conv2d", moodle_feedback.places_of_archive(one, "conv2d")).filled == 2
    two = archive(
        tmp_path / "two.zip", "id00_7_assignsubmission_file_/x.ipynb", "id00_8_assignsubmission_file_/x.ipynb"
    )
    assert zip_of_pages.pack(final, "conv2d", moodle_feedback.places_of_archive(two, "conv2d")).filled == 0
    ids = {"7": "id00", "8": "id05"}
    assert zip_of_pages.pack(final, "conv2d", moodle_feedback.places_of_archive(two, "conv2d"), ids).filled == 2


def test_canvas_finds_everybodys_page(final, tmp_path) -> None:
    names = {
        n: f"family{n}given{n}_{'LATE_' * (n % 2)}{900 + n}_{5000 + n}_conv2d{'-1' * (n % 3)}.ipynb" for n in range(30)
    }
    names[29] = "=cmd_929_5029_my_12_notebook.ipynb"
    path = archive(
        tmp_path / "submissions.zip", "family0given0_900_6000_notes.pdf", *names.values(), "._hidden_900_1_x.ipynb"
    )
    made = zip_of_pages.pack(final, "conv2d", canvas_feedback.places(path), BY_NUMBER)
    with zipfile.ZipFile(io.BytesIO(made.content)) as given:
        got = {name: given.read(name) for name in given.namelist()}
    assert {accepts_page(name): page for name, page in got.items()} == {
        (number, number + 4100): page for number, (_, page) in wanted(final).items()
    }
    assert got.keys() <= set(names.values())


def test_a_page_without_a_place_is_said(final, tmp_path) -> None:
    path = archive(tmp_path / "submissions.zip", "ann_900_1_conv2d.ipynb", "bob_77_2_conv2d.ipynb")
    made = zip_of_pages.pack(final, "conv2d", canvas_feedback.places(path), BY_NUMBER)
    assert made.filled == 1
    assert [remark.who for remark in made.remarks if remark.kind is Kind.NOT_HERE] == ["bob_77_2_conv2d.ipynb"]
    assert sum(remark.kind is Kind.NOT_THERE for remark in made.remarks) == len(final.scores) - 1


def test_a_link_in_feedback_is_not_followed(final, tmp_path) -> None:
    page = tmp_path / "feedback" / "id00" / "conv2d" / "conv2d.html"
    page.unlink()
    page.symlink_to(tmp_path / "worksheet.csv")
    (tmp_path / "worksheet.csv").write_bytes(b"grades of others")
    path = archive(tmp_path / "submissions.zip", "ann_900_1_conv2d.ipynb")
    assert zip_of_pages.pack(final, "conv2d", canvas_feedback.places(path), BY_NUMBER).filled == 0


@pytest.mark.parametrize(
    "read", [canvas_feedback.places, lambda path: moodle_feedback.places_of_archive(path, "conv2d")]
)
def test_another_file_is_refused_with_a_reason(tmp_path, read) -> None:
    with pytest.raises(Problem, match=r"called like"):
        read(archive(tmp_path / "other.zip", "readme.txt"))
    (tmp_path / "not.zip").write_bytes(b"PK not a zip")
    with pytest.raises(Problem, match="not a zip file"):
        read(tmp_path / "not.zip")
    with pytest.raises(Problem, match="cannot be read"):
        read(tmp_path / "none.zip")
    os.mkfifo(tmp_path / "pipe.zip")
    with pytest.raises(Problem, match="is not a file"):
        read(tmp_path / "pipe.zip")


def test_an_archive_that_lists_too_much_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(zip_reader, "MOST_ENTRIES", 1)
    with pytest.raises(Problem, match="holds more than 1 files"):
        canvas_feedback.places(archive(tmp_path / "many.zip", "a_1_2_x.ipynb", "b_3_4_x.ipynb"))
