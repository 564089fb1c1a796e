"""The recipe of docs/operations.md for upgrading a clone whose course.yml was edited, run as it stands there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from autograder import course

ROOT = Path(__file__).resolve().parents[1]
RECIPE = (ROOT / "docs" / "operations.md").read_text("utf-8").split("## Upgrading in mid-term")[1]
ONCE, EACH_TIME = re.findall(r"```sh\n(.*?)```", RECIPE, re.DOTALL)
MERGE = "".join(line for line in EACH_TIME.splitlines(keepends=True) if line.startswith("git "))
USER = "-c user.name=x -c user.email=x@example.org -c init.defaultBranch=main"


def sh(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    script = script.replace("git ", f"git {USER} ")
    return subprocess.run(["sh", "-ec", script], cwd=folder, capture_output=True, text=True)


def both_changed(tmp_path: Path) -> Path:
    """Return a clone in which an instructor moved all dates, while the kit added a key beside each of them."""
    kit, clone = tmp_path / "kit", tmp_path / "clone"
    kit.mkdir()
    new = (ROOT / "course.yml").read_text("utf-8")
    old = re.sub(r"^    (minutes|difficulty|importance): .*\n", "", new, flags=re.MULTILINE)
    shutil.copy(ROOT / "nbgrader_config.py", kit)
    (kit / "course.yml").write_text(old, encoding="utf-8")
    assert sh(kit, "git init -q . && git add . && git commit -qm old").returncode == 0
    assert sh(tmp_path, "git clone -q kit clone").returncode == 0
    (clone / "course.yml").write_text(old.replace("due: 2027", "due: 2028").replace("seed: 2026", "seed: 7"), "utf-8")
    (kit / "course.yml").write_text(new, encoding="utf-8")
    assert sh(kit, "git commit -qam new").returncode == 0
    return clone


@pytest.mark.slow
def test_an_edited_course_survives_an_upgrade_without_a_conflict(tmp_path: Path) -> None:
    clone = both_changed(tmp_path)
    assert sh(clone, ONCE).returncode == 0
    done = sh(clone, MERGE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sh(clone, "git status --porcelain").stdout == ""
    assert sh(clone, "git log --oneline").stdout.count("\n") == 4
    # Steps need a lesson each, which are not the point here.
    for path in (ROOT / "solutions").glob("*/*.ipynb"):
        (clone / "solutions" / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, clone / "solutions" / path.parent.name)
    upgraded = course.load(clone)
    assert {one.due.year for one in upgraded.assignments if one.due} == {2028}
    assert not any(one.minutes for one in upgraded.assignments)


@pytest.mark.slow
def test_without_the_recipe_there_is_a_conflict(tmp_path: Path) -> None:
    clone = both_changed(tmp_path)
    assert "CONFLICT" in sh(clone, MERGE).stdout
