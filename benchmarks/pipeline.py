"""From hand-in to page: grade a class as classes are, and make its feedback pages; the same by stock nbgrader."""

import os
import sys
from typing import TYPE_CHECKING

from autograder.course import Course
from benchmarks import measured, stock
from benchmarks.measured import Measured

if TYPE_CHECKING:
    from benchmarks.__main__ import Bench

# Half of the answers are right, and a few loop for ever.
MIX = {"right": 50, "wrong": 47, "looping": 3}


def measure(bench: "Bench", size: int, jobs: int, students: int) -> None:
    """Measure grading, pages, pages with nothing changed, and a few students by stock nbgrader."""
    with bench.school(size, MIX) as graded:
        done, _ = bench.grade(graded, "--jobs", str(jobs))
        bench.note("pages", "ours: grading a mixed class", size, done)
        bench.note("pages", "ours: its feedback pages", size, _feedback(graded, bench, jobs))
        bench.note("pages", "ours: feedback again, nothing changed", size, _feedback(graded, bench, jobs))
        plain = stock.make(bench.released, bench.steps, bench.folder / "stock-pages")
        for name in bench.steps:
            _nbgrader(plain, "generate_assignment", name, "--create")
        count = stock.hand_in(graded, plain, students)
        for command in ("autograde", "generate_feedback"):
            parts = [_nbgrader(plain, command, name) for name in bench.steps]
            bench.note("pages", f"stock nbgrader: {command}", count, measured.total(parts))


def _feedback(graded: Course, bench: "Bench", jobs: int) -> Measured:
    command = [sys.executable, "-m", "autograder", "feedback", *bench.steps, "--jobs", str(jobs)]
    return measured.run(command, cwd=graded.root, environment={"PYTHONPATH": os.pathsep.join(sys.path)})


def _nbgrader(folder: os.PathLike[str], *arguments: str) -> Measured:
    return measured.run([sys.executable, "-m", "nbgrader", *arguments], cwd=folder)
