"""A class of 300 goes from Moodle's and from Canvas's archive into submitted/, whatever the learners' names."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course
from tests.campus import archives
from tests.campus.archives import CLASS, tree

Cli = Callable[..., object]


@pytest.fixture
def a_class(tmp_path: Path) -> Course:
    return archives.make_course(tmp_path / "course", "Europe/Berlin")


def owners(of: Course) -> dict[str, str]:
    """Return who is in submitted/, and who made the notebook there."""
    return {
        path.parents[1].name: json.loads(path.read_bytes())["metadata"]["by"]
        for path in (of.root / "submitted").glob("*/conv2d/conv2d.ipynb")
    }


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("flat", [False, True], ids=["folders", "flat"])
def test_a_class_from_moodle(a_class: Course, tmp_path: Path, run_cli: Cli, flat: bool) -> None:
    archives.enrol(a_class, archives.canvas_gradebook())
    archive = archives.moodle_zip(tmp_path / "moodle.zip", flat=flat)
    arguments = ("import", archive, "--assignment", "conv2d", "--course", a_class.root)
    before = tree(a_class.root)
    # Names alone do not tell namesakes apart, and Canvas's "Doe, Jr., Jane" is not Moodle's "Jane Doe, Jr.".
    done = run_cli(*arguments, "--dry-run")
    assert tree(a_class.root) == before
    assert done.exit_code == 1 and "would import 297 submissions; 0 already there; 3 left out" in done.stdout
    assert "several learners fit: s004, s005" in done.stdout
    assert "recognised Moodle's download of all submissions" in done.stdout
    assert "left out Jane Doe, Jr._70014: nobody in the roster" in done.stdout
    assert "\u202e" not in done.stdout
    done = run_cli(*arguments)
    assert owners(a_class) == {one.id: one.id for one in CLASS if one.number not in (2, 4, 5)}
    stamp = (a_class.root / "submitted" / "s013" / "conv2d" / "timestamp.txt").read_text()
    assert stamp == "2027-01-01 12:00:00.000000 UTC"
    before = tree(a_class.root)
    done = run_cli(*arguments)
    assert "imported 0 submissions; 297 already there; 3 left out" in done.stdout
    assert tree(a_class.root) == before


def test_moodles_worksheet_tells_namesakes_apart(a_class: Course, tmp_path: Path, run_cli: Cli) -> None:
    worksheet = written(tmp_path / "worksheet.csv", archives.moodle_worksheet())
    archive = archives.moodle_zip(tmp_path / "moodle.zip")
    done = run_cli("import", archive, "--assignment", "conv2d", "--roster", worksheet, "--course", a_class.root)
    assert done.exit_code == 0, done
    assert owners(a_class) == {f"{one.id}@example.edu": one.id for one in CLASS}
    assert not (a_class.root / "roster.csv").exists()


def test_a_class_from_canvas(a_class: Course, tmp_path: Path, run_cli: Cli) -> None:
    archive = archives.canvas_zip(tmp_path / "canvas.zip")
    arguments = ("import", archive, "--assignment", "conv2d", "--course", a_class.root)
    refused = run_cli(*arguments)
    assert refused.exit_code == 2 and "there is no roster to look them up" in refused.stderr
    archives.enrol(a_class, archives.canvas_gradebook())
    done = run_cli(*arguments)
    assert done.exit_code == 0, done
    assert owners(a_class) == {one.id: one.id for one in CLASS}
    # Canvas's archive has the time of the download. So no hand-in becomes late, and the command says so.
    assert not list((a_class.root / "submitted").rglob("timestamp.txt"))
    assert (
        "the times in Canvas's download of submissions are those of the download, so they are not used" in done.stdout
    )
    assert "marked as late by Canvas, without a time: s000, s010" in done.stdout
    assert "Next: `autograder grade conv2d`." in done.stdout
    before = tree(a_class.root)
    assert "imported 0 submissions; 300 already there; 0 left out" in run_cli(*arguments).stdout
    assert tree(a_class.root) == before
