"""The kit as an installed package: what it hides there, from root's submissions and an ordinary user's, in both tiers.

What runs in the sandbox must be readable there and all else of the kit must not, though both lie in one folder.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import installed
from tests.attack_files import make_class_folder
from tests.installed import Installed

pytestmark = pytest.mark.long

NOBODY = 65534
# The user who grades, and whether a link leads to the environment.
SETTINGS = {"root": (0, False), "ordinary user": (NOBODY, False), "by a link": (0, True)}
INSIDE = """
import sys
from pathlib import Path
from autograder.course import load
from autograder.errors import Problem
from autograder.sandbox.host import Sandbox

course = load(Path(sys.argv[1])).model_copy(update={"root": Path(sys.argv[2])})
try:
    with Sandbox.for_course(course):
        print("grades")
except Problem as problem:
    print(problem)
"""
WITHOUT = {"A": "", "B": "namespaces"}
GRADE = """
import json, sys
from pathlib import Path
from autograder.course import load
from autograder.judge import judge
from autograder.sandbox.host import Sandbox
from tests.attack_files import Places, all_attacks, neighbour

root, class_folder, without = Path(sys.argv[1]), Path(sys.argv[2]), [name for name in sys.argv[3].split(",") if name]
course = load(root)
places = Places.of(course, class_folder)
attacks = [attack for attack in all_attacks() if attack.path.parent.name == "reading"]
submissions = [neighbour(course), *(attack.submission(course, places) for attack in attacks)]
# What a failure is explained with is the same code for every kind of installation.
limits = course.limits.model_copy(update={"explain_calls": 0})
with Sandbox(limits, without=without) as sandbox:
    right, *reports = judge.grade(course, submissions, sandbox)
print(json.dumps({
    "kit": places.kit,
    "tier": sandbox.tier,
    "right": right.score,
    "came through": {attack.name: why for attack, report in zip(attacks, reports) if (why := attack.problem(report))},
    "proved nothing": {attack.name: why for attack in attacks if (why := attack.proves_nothing(places))},
}))
"""


@pytest.fixture(scope="module")
def kit() -> Iterator[Installed]:
    with tempfile.TemporaryDirectory(prefix="autograder-installed-") as folder:
        Path(folder).chmod(0o755)
        yield installed.install(Path(folder))


@pytest.mark.parametrize("tier", WITHOUT)
@pytest.mark.parametrize(("user", "linked"), SETTINGS.values(), ids=SETTINGS)
def test_nothing_of_the_kit_can_be_read(kit: Installed, tier: str, user: int, linked: bool) -> None:
    if user and os.geteuid() != 0:
        pytest.skip("this is an ordinary user already")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        class_folder = make_class_folder(Path(folder) / "class")
        if linked:
            (Path(folder) / "link").symlink_to(kit.prefix)
            kit = replace(kit, prefix=Path(folder) / "link")
        check(kit, class_folder, tier, user)


@pytest.mark.parametrize("tier", WITHOUT)
def test_a_course_in_whose_root_the_environment_was_made_cannot_be_read(kit: Installed, tier: str) -> None:
    """Here, somebody ran `python -m venv .` in the course's folder."""
    names = ("submitted", "course.yml", "gradebook.db")
    try:
        check(kit, make_class_folder(kit.prefix), tier)
    finally:
        for name in names:
            path = kit.prefix / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def check(kit: Installed, class_folder: Path, tier: str, user: int = 0) -> None:
    """Make every reading attack: each targets a real file, and none succeeds."""
    done = kit.run("python", "-c", GRADE, str(installed.ROOT), str(class_folder), WITHOUT[tier], user=user)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["kit"].endswith("site-packages/autograder")
    assert found["tier"] == tier
    assert found["right"] == 10
    assert found["proved nothing"] == {}
    assert found["came through"] == {}


@pytest.mark.parametrize("user", [0, NOBODY], ids=["root", "ordinary user"])
def test_every_attack_on_an_installed_package(kit: Installed, user: int) -> None:
    if user and os.geteuid() != 0:
        pytest.skip("this is an ordinary user already")
    path = str(installed.ROOT / "tests" / "sandbox" / "test_attacks.py")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        options = ["-q", "-p", "no:cacheprovider", "-m", "not slow and not long", "--basetemp", f"{folder}/pytest"]
        done = kit.run("python", "-m", "pytest", *options, path, user=user, TMPDIR=folder)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert "passed" in done.stdout


def test_a_course_among_the_interpreters_packages_is_refused(kit: Installed) -> None:
    """Workers must be able to read that folder."""
    done = kit.run("python", "-c", INSIDE, str(installed.ROOT), str(make_class_folder(kit.kit.parent / "class")))
    assert "cannot isolate a submission" in done.stdout, done.stderr
    assert f"look into {kit.kit.parent}/class/submitted" in done.stdout
    shutil.rmtree(kit.kit.parent / "class")
