"""Stray files beside a master notebook are refused by name: nbgrader would give them to learners."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from autograder.nbgrader import commands

EXCHANGE = "\nget_config().Exchange.root = {root!r}\n"


def ignore(line: str) -> None:
    """Ignore the line."""


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def put(of: Course, name: str) -> Path:
    path = of.master("conv2d").parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(of.master("conv2d").read_bytes())
    return path


STRAYS = ["answers.txt", "conv2d-old.ipynb", ".DS_Store", "notes/exam.md", "~conv2d.ipynb"]


@pytest.mark.parametrize("name", STRAYS)
def test_a_stray_file_is_refused_by_name_and_nothing_is_changed(a_course: Course, run_cli, tmp_path, name):
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    with (a_course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(EXCHANGE.format(root=str(exchange)))
    put(a_course, name)
    stubs = files(a_course.root / "assignments")
    # It is refused before the stubs of other assignments are made, too.
    a_course.stub("transposed").write_text("as it was", encoding="utf-8")
    stubs["transposed/transposed.ipynb"] = b"as it was"
    done = run_cli("release", "--course", a_course.root)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"solutions/conv2d/{name}: would be given to learners" in done.stderr
    assert "Move it out of solutions/conv2d/" in done.stderr and "assets" in done.stderr
    assert files(a_course.root / "assignments") == stubs
    assert files(exchange) == {}


def test_what_nbgrader_leaves_out_may_lie_there(a_course: Course):
    put(a_course, ".ipynb_checkpoints/conv2d-checkpoint.ipynb")
    put(a_course, "__pycache__/helper.pyc")
    commands.generate(commands.connect(a_course), a_course, ["conv2d"], ignore)
    assert set(files(a_course.stub("conv2d").parent)) == {"conv2d.ipynb"}


def with_assets(of: Course, *names: str) -> Course:
    path = of.root / course.FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("id: conv2d", f"id: conv2d\n    assets: {json.dumps(names)}"), encoding="utf-8")
    return course.load(of.root)


def test_a_named_asset_is_given_to_learners(a_course: Course):
    put(a_course, "pictures/cat.png")
    named = with_assets(a_course, "pictures/cat.png")
    commands.generate(commands.connect(named), named, ["conv2d"], ignore)
    assert set(files(a_course.stub("conv2d").parent)) == {"conv2d.ipynb", "pictures/cat.png"}


def test_an_asset_that_is_not_there_is_said(a_course: Course):
    named = with_assets(a_course, "cat.png")
    with pytest.raises(Problem, match=r"cat\.png: is named in course\.yml as an asset of conv2d, but is not there"):
        commands.generate(commands.connect(named), named, ["conv2d"], ignore)


@pytest.mark.parametrize("name", ["../../gradebook.db", "/etc/passwd", "other.ipynb", ""])
def test_what_cannot_be_an_asset_is_said(a_course: Course, name):
    with pytest.raises(Problem, match="assets"):
        with_assets(a_course, name)


@pytest.mark.parametrize("link", ["answers.txt", "cat.png"])
def test_a_link_is_no_asset(a_course: Course, link):
    (a_course.master("conv2d").parent / link).symlink_to(a_course.root / "course.yml")
    named = with_assets(a_course, "cat.png") if link == "cat.png" else a_course
    with pytest.raises(Problem, match=link):
        commands.generate(commands.connect(named), named, ["conv2d"], ignore)


@pytest.mark.slow
def test_stock_nbgrader_refuses_it_too_and_leaves_the_stub(a_course: Course):
    put(a_course, "answers.txt")
    stubs = files(a_course.root / "assignments")
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "conv2d", "--force"]
    done = subprocess.run(command, cwd=a_course.root, capture_output=True, text=True, timeout=300)
    assert done.returncode != 0
    assert "answers.txt: would be given to learners" in done.stderr
    assert files(a_course.root / "assignments") == stubs


@pytest.mark.parametrize("after", [0, 1], ids=["as it begins", "in the middle"])
def test_a_release_that_fails_leaves_the_old_stub(a_course: Course, after):
    stubs = files(a_course.root / "assignments")
    master = a_course.master("conv2d")
    text = master.read_text(encoding="utf-8")
    # No notebook at all, or one on which a preprocessor fails.
    master.write_text("" if after == 0 else text.replace("### END SOLUTION", "### the end"), encoding="utf-8")
    with pytest.raises(Problem, match="no stub could be made"):
        commands.generate(commands.connect(a_course), a_course, ["conv2d"], ignore)
    assert files(a_course.root / "assignments") == stubs


def test_a_first_release_that_fails_leaves_nothing(a_course: Course):
    shutil.rmtree(a_course.stub("conv2d").parent)
    a_course.master("conv2d").write_text("", encoding="utf-8")
    with pytest.raises(Problem, match="no stub could be made"):
        commands.generate(commands.connect(a_course), a_course, ["conv2d"], ignore)
    assert not a_course.stub("conv2d").parent.exists()
