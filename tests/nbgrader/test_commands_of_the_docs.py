"""The instructor's commands of the README run, one after the other, and so does CONTRIBUTING's export."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.grading import engine
from tests import courses
from tests.nbgrader.exchange import submit

ROOT = Path(__file__).resolve().parents[2]


def lines_of(page: str, heading: str) -> list[str]:
    """Return the first shell block below a heading, without comments."""
    section = (ROOT / page).read_text(encoding="utf-8").split(f"## {heading}\n")[1]
    block = re.search(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL).group(1)
    return [line.partition("#")[0].strip() for line in block.splitlines()]


def run(line: str, folder: Path, *statuses: int) -> None:
    """Run a line as a reader does whose shell has the kit's environment."""
    path = os.pathsep.join((str(Path(sys.prefix) / "bin"), os.environ["PATH"]))
    done = subprocess.run(
        shlex.split(line), cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=300
    )
    assert done.returncode in (statuses or (0,)), (line, done.stdout, done.stderr)


@pytest.mark.long
def test_the_readmes_way_from_release_to_grades(a_course: Course, with_exchange: Path) -> None:
    lines = [line for line in lines_of("README.md", "For instructors") if line.startswith(("autograder", "nbgrader"))]
    assert len(lines) == 8
    for line in lines:
        if line == "autograder collect":
            submit(a_course, with_exchange, "ada", 1)
        # The doctor finds that there is no key yet.
        run(line, a_course.root, *((1,) if line == "autograder doctor" else ()))
    assert "ada" in (a_course.root / "grades.csv").read_text(encoding="utf-8")
    assert (a_course.root / "feedback" / "ada" / "conv2d" / "conv2d.html").is_file()
    assert (a_course.root / "solved").is_dir()


@pytest.mark.slow
def test_the_export_of_contributing(a_course: Course) -> None:
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    engine.grade_class(a_course, ["conv2d"])
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Add an export format\n")[1]
    module = re.search(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL).group(1)
    (a_course.root / "json_export.py").write_text(module, encoding="utf-8")
    (line,) = lines_of("CONTRIBUTING.md", "Add an export format")
    run(line, a_course.root)
    (score,) = json.loads((a_course.root / "grades.json").read_text(encoding="utf-8"))
    assert score == {"student": "ada", "assignment": "conv2d", "score": 10}
