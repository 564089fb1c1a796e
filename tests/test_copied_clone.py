"""A clone copied with its .venv: `make` makes a new one, and until then every command says whose checks it uses."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import course, doctor

ROOT = Path(__file__).resolve().parents[1]
# Makes a .venv whose interpreter logs its arguments.
FAKE_PYTHON = """#!/bin/sh
[ "$1 $2" = "-m venv" ] || exit 0
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho "$@" >> "%s/asked"\\n' "$3" > "$3/bin/python"
chmod +x "$3/bin/python"
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone that is set up: its .venv holds a link to its own package."""
    clone = tmp_path / "the clone"
    (clone / "autograder").mkdir(parents=True)
    (clone / "autograder" / "__init__.py").touch()
    for name in ("pyproject.toml", "constraints.txt", "Makefile"):
        shutil.copyfile(ROOT / name, clone / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", clone / ".venv"], check=True)
    (packages,) = clone.glob(".venv/lib/python*/site-packages")
    (packages / "clone.pth").write_text(f"{clone}\n", encoding="utf-8")
    (clone / ".venv" / ".set-up").touch()
    return clone


def make(folder: Path, *arguments: str) -> str:
    fake = folder / "python"
    fake.write_text(FAKE_PYTHON, encoding="ascii")
    fake.chmod(0o755)
    done = subprocess.run(
        ["make", *arguments, f"PYTHON={fake}".replace(" ", "\\ ")],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def interpreter_log(folder: Path) -> str:
    log = folder / ".venv" / "asked"
    return log.read_text(encoding="utf-8") if log.is_file() else ""


@pytest.mark.slow
def test_a_clone_keeps_the_environment_that_is_its_own(clone):
    assert "Nothing to be done" in make(clone, "setup")
    assert interpreter_log(clone) == ""


@pytest.mark.slow
def test_a_copy_makes_one_of_its_own_once(clone, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(clone, copy, symlinks=True)
    output = make(copy, "setup")
    assert f".venv belongs to {clone}" in output
    assert "-e .[dev,site]" in interpreter_log(copy)
    before = interpreter_log(copy)
    assert "belongs" not in make(copy, "setup") and "install" not in interpreter_log(copy).removeprefix(before)
    assert (clone / ".venv" / ".set-up").exists()


@pytest.mark.slow
def test_a_clone_that_was_moved_makes_one_anew(clone, tmp_path):
    moved = clone.rename(tmp_path / "moved")
    assert ".venv belongs to another folder" in make(moved, "setup")
    assert "-e .[dev,site]" in interpreter_log(moved)


@pytest.mark.slow
def test_help_takes_no_setup(clone, tmp_path):
    shutil.copytree(clone, tmp_path / "copy", symlinks=True)
    assert "belongs" not in make(tmp_path / "copy", "help")


@pytest.fixture
def copied(a_course: course.Course) -> course.Course:
    """A course with a package of its own that is not the one that runs."""
    (a_course.root / "autograder").mkdir()
    (a_course.root / "autograder" / "__init__.py").touch()
    return a_course


COMMANDS: list[tuple[str, ...]] = [
    ("check", "nothing.ipynb"),
    ("collect",),
    ("release", "--only-stubs", "conv2d"),
    ("grade",),
    ("feedback",),
    ("doctor",),
    ("new-step", "brighten"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_every_command_says_whose_checks_run(copied, run_cli: Callable, command):
    done = run_cli(*command, "--course", copied.root)
    warning = f"This is the autograder of {ROOT}, not the one in {copied.root}: it uses the hidden checks of {ROOT}."
    assert warning in done.stderr
    assert f"cd {copied.root} && make setup && . .venv/bin/activate" in done.stderr


def test_a_course_without_a_package_is_fine(a_course, run_cli, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_SEED", "not the public seed")
    done = run_cli("release", "--only-stubs", "conv2d", "--course", a_course.root)
    assert (done.exit_code, done.stderr) == (0, "")
    (a_course.root / "autograder").symlink_to(ROOT / "autograder")
    # The same package by another path.
    assert run_cli("release", "--only-stubs", "conv2d", "--course", a_course.root).stderr == ""


@pytest.mark.long
def test_the_doctor_does_not_tick_it(copied):
    (kit,) = (one for one in doctor.examine(copied) if one.what == "kit")
    assert kit.good is False and str(ROOT) in kit.text and "make setup" in kit.remedy
    shutil.rmtree(copied.root / "autograder")
    (kit,) = (one for one in doctor.examine(copied) if one.what == "kit")
    assert kit.good and kit.text == f"{ROOT / 'autograder'}"
