"""Gradescope's zip in a root laid out like Gradescope's: whatever is handed in, results.json is written."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder import course, key
from autograder.course import Course
from autograder.elsewhere import package, words
from autograder.elsewhere.systems import Place
from tests import courses
from tests.elsewhere import roots, schemas

pytestmark = [pytest.mark.slow, roots.needed]
# Tries to read the key, to write a result, and to end the grader.
HOSTILE = """
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import os
    told = []
    for path in ("/autograder/source/course.key", "/autograder/source/autograder/steps/conv2d/test_conv2d.py"):
        try:
            told.append(open(path).read())
        except OSError:
            pass
    for path in ("/autograder/results/results.json", "/autograder/run_autograder"):
        try:
            open(path, "w").write('{"score": 1000}')
            told.append("written")
        except OSError:
            pass
    try:
        os.kill(os.getppid(), 9)
        told.append("killed")
    except OSError:
        pass
    raise ValueError("told: " + " ".join(told))
"""


@pytest.fixture(scope="module")
def keyed(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course with a key."""
    root = shutil.copytree(released.root, tmp_path_factory.mktemp("keyed") / "course")
    key.make(root)
    return course.load(root)


@pytest.fixture(scope="module")
def zipped(keyed: Course) -> Path:
    path = keyed.root / "conv2d.zip"
    package.write(keyed, Place.GRADESCOPE, "conv2d", path)
    return path


@pytest.fixture
def autograder(zipped: Path, tmp_path: Path) -> Path:
    """The folder /autograder as Gradescope's harness makes it from the zip, before a submission comes."""
    folder = tmp_path / "autograder"
    for name in ("submission", "results"):
        (folder / name).mkdir(parents=True)
    (folder / "submission_metadata.json").write_text('{"id": 1, "users": [{"name": "Ada"}]}', encoding="utf-8")
    roots.unpack(zipped, folder / "source")
    shutil.copy2(folder / "source" / "run_autograder", folder / "run_autograder")
    return folder


def graded(folder: Path, **options: Any) -> tuple[dict[str, Any], str]:
    """Run the autograder; return the checked results.json, and what instructors see."""
    where = {"environment": "/autograder/source/.venv"} | options
    done = roots.run("/autograder/run_autograder", binds={folder: "/autograder"}, **where)
    assert done.returncode == 0, done.stdout
    read = json.loads((folder / "results" / "results.json").read_text("utf-8"))
    schemas.validate(read, schemas.GRADESCOPE)
    return read, done.stdout


def put(folder: Path, notebook: Any, name: str = "conv2d.ipynb") -> None:
    data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    (folder / "submission" / name).write_bytes(data)


def test_a_right_answer_gets_all_points_in_tier_b_under_the_courses_own_key(autograder: Path, keyed: Course) -> None:
    put(autograder, courses.answered(keyed))
    read, log = graded(autograder)
    assert read["score"] == 10, log
    assert read["extra_data"]["sandbox"] == "B"
    assert read["extra_data"]["key"] == keyed.key.shown
    assert words.SHARED in log and words.TIERS["B"] in log
    assert "Warning" not in log


HAND_INS: dict[str, tuple[Callable[[Path, Course], None], str]] = {
    "nothing": (lambda folder, of: None, "conv2d.ipynb was not handed in"),
    "two files": (
        lambda folder, of: [put(folder, courses.answered(of), name) for name in ("a.ipynb", "b.ipynb")],
        "which notebook stands for it is not clear: a.ipynb, b.ipynb",
    ),
    "broken JSON": (lambda folder, of: put(folder, b'{"cells": ['), "is not a notebook: broken JSON"),
    "a link to the key": (
        lambda folder, of: (folder / "submission" / "conv2d.ipynb").symlink_to("/autograder/source/course.key"),
        "is a link to another file",
    ),
    "an attack": (lambda folder, of: put(folder, courses.answered(of, HOSTILE)), "raised ValueError: told:"),
}


@pytest.mark.long
@pytest.mark.parametrize("name", HAND_INS)
def test_whatever_is_handed_in_there_is_a_result_that_says_why(autograder: Path, keyed: Course, name: str) -> None:
    make, says = HAND_INS[name]
    make(autograder, keyed)
    read, log = graded(autograder)
    assert read["score"] == 0
    assert len(read["tests"]) == 7
    assert says in read["tests"][0]["output"], log
    secret = keyed.key.secret
    assert secret not in json.dumps(read) and secret not in log
    assert not any(word in json.dumps(read) for word in ("written", "killed"))


def without_python(folder: Path) -> dict[str, Any]:
    return {"environment": ""}


def broken_settings(folder: Path) -> dict[str, Any]:
    (folder / "source" / "course.yml").write_text("course: [", encoding="utf-8")
    return {}


def no_landlock(folder: Path) -> dict[str, Any]:
    return {"refused": (roots.LANDLOCK,)}


def too_slow(folder: Path) -> dict[str, Any]:
    script = folder / "run_autograder"
    script.write_text(script.read_text("utf-8").replace(" 570 ", " 0.1 "), encoding="utf-8")
    return {}


FAILURES = {
    without_python: "No such file",
    broken_settings: "course.yml",
    no_landlock: "this machine cannot isolate a submission",
    too_slow: "status 124",
}


@pytest.mark.parametrize("fail", FAILURES)
def test_where_the_grader_fails_the_student_reads_that_there_is_no_verdict(
    autograder: Path, keyed: Course, fail: Callable[[Path], dict[str, Any]]
) -> None:
    put(autograder, courses.answered(keyed))
    read, log = graded(autograder, **fail(autograder))
    assert read["output"].startswith(words.NO_VERDICT)
    assert "tests" not in read
    # The reason is for the instructor alone.
    assert FAILURES[fail] in log
    assert FAILURES[fail] not in json.dumps(read)
    assert "the grader ended with status" in log


# Stand in for an Ubuntu whose Python is too old: only apt-get brings a newer one. pip must not use the network.
OLD = "#!/bin/sh\nexit 1\n"
STUBS = {
    "python3.13": OLD,
    "python3.12": OLD,
    "python3.11": OLD,
    "python3": OLD,
    "apt-get": '#!/bin/sh\necho "apt-get $*" >> /autograder/apt\ncp /stubs/newer /stubs/python3.11\n',
    "newer": '#!/bin/sh\n[ "$1 $2" = "-m venv" ] && ln -s /environment "$3"\nexit 0\n',
}


@pytest.mark.long
@pytest.mark.parametrize("pin", ["", "numpy==0.0.1\n"], ids=["the pins", "a pin that is not to be had"])
def test_setup_installs_what_the_constraints_pin(autograder: Path, tmp_path: Path, pin: str) -> None:
    stubs = tmp_path / "stubs"
    stubs.mkdir()
    for name, text in STUBS.items():
        (stubs / name).write_text(text, encoding="utf-8")
        (stubs / name).chmod(0o755)
    pins = autograder / "source" / "constraints.txt"
    text = pins.read_text("utf-8")
    pins.write_text(re.sub(r"^numpy==.*\n", pin, text, flags=re.MULTILINE) if pin else text, encoding="utf-8")
    # pip decides what it would install, from nothing but what is there.
    settings = ["PIP_NO_INDEX=1", "PIP_DRY_RUN=1", "PIP_NO_BUILD_ISOLATION=0", "PIP_EXTRA_INDEX_URL=none"]
    done = roots.run(
        *("/usr/bin/env", *settings, "/autograder/source/setup.sh"),
        binds={autograder: "/autograder", stubs: "/stubs"},
        environment="/environment",
        path="/stubs:/usr/bin:/bin",
    )
    assert "apt-get install --yes python3.11 python3.11-venv" in (autograder / "apt").read_text("utf-8")
    if pin:
        assert done.returncode != 0
        assert "The user requested (constraint) numpy==0.0.1" in done.stdout
    else:
        assert done.returncode == 0, done.stdout
        assert "Would install conv2d-by-hand" in done.stdout


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder", "entrypoint.sh"])
def test_the_scripts_are_scripts_of_any_posix_shell(name: str) -> None:
    path = package.TEMPLATES / name
    assert path.read_bytes().startswith(b"#!/bin/sh\n") and b"\r" not in path.read_bytes()
    subprocess.run(["sh", "-n", str(path)], check=True)
