"""From hand-in to page: the whole way of a class as classes are, step by step; and the same by stock nbgrader.

The whole way is: release, import a zip of hand-ins, grade and make the pages, make them again, export, class page.
"""

import os
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import Course
from benchmarks import measured, stock
from benchmarks.measured import Measured

if TYPE_CHECKING:
    from benchmarks.__main__ import Bench

# Half of the answers are right, a third is partly right, and a few loop for ever. The others do not run.
MIX = {"right": 50, "wrong": 33, "broken": 14, "looping": 3}
GRADE, PAGES, AGAIN = "grade and make the pages", "all pages made anew", "feedback again, nothing changed"


def measure(bench: "Bench", sizes: Sequence[int], jobs: int, students: int) -> None:
    """Measure the whole way for classes of these sizes, and that of a few students by stock nbgrader."""
    for size in sizes:
        with bench.school(size, MIX) as graded:
            if size == sizes[0]:
                measure_stock(bench, graded, students)
            measure_way(bench, graded, size, jobs)


def measure_way(bench: "Bench", graded: Course, size: int, jobs: int) -> None:
    """Measure each step from a released course to the page about the class."""
    archives = [(name, packed(graded, name)) for name in bench.steps]
    jobs_option = ("--jobs", str(jobs))
    steps = {
        "release": [("release", name, "--only-stubs") for name in bench.steps],
        "import": [("import", str(path), "--assignment", name, "--replace") for name, path in archives],
        GRADE: [("grade", *bench.steps, "--feedback", "--json", *jobs_option)],
        PAGES: [("feedback", *bench.steps, "--force", *jobs_option)],
        AGAIN: [("feedback", *bench.steps, *jobs_option)],
        "export csv": [("export", "csv", *bench.steps, "--to", str(graded.root / "grades.csv"))],
        "page about the class": [("class", *bench.steps)],
    }
    for what, commands in steps.items():
        bench.note("pages", what, size, measured.total([_run(graded, *command) for command in commands]))


def measure_stock(bench: "Bench", graded: Course, students: int) -> None:
    """Measure stock nbgrader's `autograde` and `generate_feedback` on the same answers of a few students."""
    plain = stock.make(bench.released, bench.steps, bench.folder / "stock-pages")
    for name in bench.steps:
        _nbgrader(plain, "generate_assignment", name, "--create")
    count = stock.hand_in(graded, plain, students)
    for command in ("autograde", "generate_feedback"):
        parts = [_nbgrader(plain, command, name) for name in bench.steps]
        bench.note("pages", f"stock nbgrader: {command}", count, measured.total(parts))


def packed(graded: Course, name: str) -> Path:
    """Move the hand-ins of one assignment out of submitted/ into a zip, as a campus system would send them."""
    path = graded.root.parent / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted((graded.root / "submitted").glob(f"*/{name}/*")):
            archive.write(file, Path(*file.parts[-4:]))
            file.unlink()
    return path


def _run(graded: Course, *command: str) -> Measured:
    environment = {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])}
    return measured.run([sys.executable, "-m", "autograder", *command], cwd=graded.root, environment=environment)


def _nbgrader(folder: os.PathLike[str], *arguments: str) -> Measured:
    return measured.run([sys.executable, "-m", "nbgrader", *arguments], cwd=folder)
