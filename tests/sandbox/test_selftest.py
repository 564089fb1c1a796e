"""A sandbox that fails its self-test grades no submission, whichever command is used."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import Problem
from autograder.limits import Limits
from autograder.sandbox import host
from autograder.sandbox.host import Sandbox
from autograder.sandbox.selftest import ANSWERS
from tests import courses

KIT = Path(host.__file__).resolve().parents[1]
# Tier B, as in a container, with a Landlock that the kernel reports and that does nothing.
SABOTAGE = {
    "namespaces.py": ("def refusal(proc: int, view: View) -> str:", "    return 'refused, for a test'"),
    "bubblewrap.py": (
        "def go_on(settings: dict[str, Any], proc: int, view: View, refused: str) -> str:",
        "    return refused",
    ),
    "landlock.py": ("def restrict(handle: int) -> None:", "    return"),
}
REFUSED = "this machine cannot isolate a submission"
LEAK = "in the self-test, a submission could read a file of the machine"


@pytest.fixture(scope="module")
def sabotaged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a copy of the kit in which Landlock restricts nothing; return its folder."""
    folder = tmp_path_factory.mktemp("sabotaged")
    shutil.copytree(KIT, folder / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    for name, (signature, line) in SABOTAGE.items():
        path = folder / "autograder" / "sandbox" / "worker" / "isolation" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(signature) == 1
        path.write_text(text.replace(signature, f"{signature}\n{line}"), encoding="utf-8")
    yield folder


def run(kit: Path, course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the environment with this copy of the kit, in the course's folder."""
    start = (
        "import runpy, sys; sys.path.insert(0, {0!r}); sys.argv[:] = sys.argv[1:]; "
        "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
    )
    command = [sys.executable, "-P", "-c", start.format(str(kit)), *arguments]
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(course.root),
        "PYTHONPATH": str(kit),
    }
    return subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, timeout=300)


ROADS = {
    "check": ("autograder", "check", "submitted/ada/conv2d/conv2d.ipynb"),
    "grade": ("autograder", "grade", "conv2d", "--jobs", "1"),
    "grade in processes": ("autograder", "grade", "conv2d", "--jobs", "2"),
    "stock nbgrader": ("nbgrader", "autograde", "conv2d"),
    "Dask": ("autograder", "grade", "conv2d", "--scheduler", "local", "--jobs", "1"),
}


@pytest.mark.long
@pytest.mark.parametrize("road", ROADS)
def test_a_sandbox_that_leaks_grades_nobody(road: str, sabotaged: Path, a_course: Course) -> None:
    # The course points nbgrader at the kit that is first on the path.
    for student in ("ada", "ben", "cy", "dora", "emil"):
        courses.hand_in(a_course, student, courses.answered(a_course))
    done = run(sabotaged, a_course, *ROADS[road])
    output = " ".join((done.stdout + done.stderr).split())
    assert done.returncode != 0, output
    assert REFUSED in output and LEAK in output, output[-2000:]
    assert not any(courses.scores(a_course).values())


@pytest.mark.long
def test_a_sandbox_that_holds_is_told_from_one_that_leaks() -> None:
    with Sandbox(Limits()) as holds:
        assert holds.leaks == []
        assert holds.tier in ("A", "B")
    with Sandbox(Limits(), without=("namespaces", "landlock"), unsafe=True) as leaks:
        assert {"read a file of the machine", "write to a file of the machine"} <= set(leaks.leaks)
        assert leaks.tier == "C"
    with pytest.raises(Problem, match=REFUSED):
        Sandbox(Limits(), without=("namespaces", "landlock")).__enter__()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layer", "leak"),
    [("seccomp", "start a process"), ("landlock", f"read {ANSWERS}")],
)
def test_what_a_missing_layer_lets_through_is_said(layer: str, leak: str) -> None:
    with Sandbox(Limits(), without=("namespaces", layer), unsafe=True) as sandbox:
        assert leak in sandbox.leaks
        assert leak in sandbox.lacks()
