"""A new step is complete: it is proved, released, graded and diagnosed. No existing file is overwritten."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IN_PLACE = "def brighten(input, amount=1.0):\n    input += amount\n    return input.clone()\n"
LAID_DOWN = [
    "solutions/brighten/brighten.ipynb",
    "autograder/steps/brighten/test_brighten.py",
    "autograder/steps/brighten/right_answers.py",
    "autograder/steps/brighten/wrong_answers.py",
    "autograder/steps/brighten/__init__.py",
    "course.yml",
]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the kit with a new step in it."""
    kit = tmp_path_factory.mktemp("kit")
    for name in ("autograder", "solutions"):
        shutil.copytree(ROOT / name, kit / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copyfile(ROOT / name, kit / name)
    done = run(kit, "new-step", "brighten")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:-1] == LAID_DOWN
    return kit


def run(kit: Path, *arguments: str | Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(
        command, cwd=kit, env={**os.environ, "PYTHONPATH": str(kit)}, capture_output=True, text=True, timeout=300
    )


def test_it_is_proved_as_it_stands(kit):
    assert run(kit, "release", "--only-stubs", "brighten").returncode == 0
    done = run(kit, "verify", "brighten", "--seeds", "3", "--jobs", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " holds " in done.stdout


def test_a_mistake_is_graded_and_named(kit, tmp_path):
    answer = tmp_path / "answer.py"
    answer.write_text(IN_PLACE, encoding="utf-8")
    done = run(kit, "check", answer, "--assignment", "brighten", "--json")
    report = json.loads(done.stdout)
    assert report["score"] == 7
    (failed,) = (check for check in report["checks"] if check["outcome"] == "failed")
    assert (failed["id"], failed["misconception"]) == ("arguments", "added-in-place")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("brighten", "there is a step 'brighten' already"),
        ("conv2d", "there is a step 'conv2d' already"),
        ("Two Words", "'Two Words' cannot be the name of a step"),
        ("toy", "'toy' cannot be the name of a step"),
    ],
)
def test_what_cannot_be_laid_down_is_said(kit, name, says):
    before = {path: path.read_bytes() for path in kit.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    done = run(kit, "new-step", name)
    assert done.returncode == 2
    assert says in done.stderr
    assert before == {path: path.read_bytes() for path in kit.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_a_course_yml_that_ends_otherwise_is_left_as_it_was(kit):
    settings = kit / "course.yml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before.replace("language: en\n", "") + "language: en\n", encoding="utf-8")
    try:
        done = run(kit, "new-step", "darken")
        assert done.returncode == 2
        assert "Put the assignments at the end of the file" in done.stderr
        assert not list(kit.rglob("*darken*"))
        assert settings.read_text(encoding="utf-8").endswith("language: en\n")
    finally:
        settings.write_text(before, encoding="utf-8")


def test_the_check_and_the_wrong_answer_of_contributing_fit_into_it(kit, tmp_path):
    """What CONTRIBUTING.md tells to do is done here, and the tests that it names pass."""
    copy = shutil.copytree(kit, tmp_path / "kit", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests", "assignments", "docs"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    for name in ("README.md", "pyproject.toml"):
        shutil.copyfile(ROOT / name, copy / name)
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    check, wrong, *_ = re.findall(r"^```python\n(.*?)^```$", told, re.MULTILINE | re.DOTALL)
    suite, bank = (copy / "autograder" / "steps" / "brighten" / f"{n}.py" for n in ("test_brighten", "wrong_answers"))
    text = suite.read_text(encoding="utf-8")
    shared = '@check(points=5, cases=SPACE.where(amount=["number", "zero"], spelled="all"))'
    assert shared in text
    text = text.replace(shared, '@check(points=4, cases=SPACE.where(amount="number", spelled="all"))')
    suite.write_text(f"{text}\n\n{check}", encoding="utf-8")
    bank.write_text(f"{bank.read_text(encoding='utf-8')}\n\n{wrong}", encoding="utf-8")
    lesson = copy / "solutions" / "brighten" / "brighten.ipynb"
    text = lesson.read_text(encoding="utf-8")
    last = '"visible_check(\\"leaves its arguments unchanged'
    more = '"visible_check(\\"adds nothing where the amount is 0\\", brighten, by_pytorch, image, 0)\\n",\n    '
    assert text.count(last) == 1
    lesson.write_text(text.replace(last, more + last), encoding="utf-8")
    assert run(copy, "release", "--only-stubs", "brighten").returncode == 0
    done = run(copy, "verify", "brighten", "--seeds", "3", "--jobs", "1")
    assert done.returncode == 0 and "zero-taken-for-none" in done.stdout, done.stdout + done.stderr
    tests = ["tests/steps", "tests/lessons", "-k", "brighten", "-n", "0", "-q", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *tests]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout
