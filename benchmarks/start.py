"""What a command costs before it grades anything, in imports of PyTorch: a cold `check`, and `grade` with two jobs."""

import os
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import measured

if TYPE_CHECKING:
    from benchmarks.__main__ import Bench

# Taken in turns, because a machine is not equally fast at all times.
TURNS = 5
# So few submissions are still two batches, one for each judge.
FEW = 8
IMPORT, CHECK, GRADE = "import torch", "a cold check of one notebook", f"grade of {FEW} submissions, 2 jobs"


def measure(bench: "Bench") -> None:
    """Measure each command several times, in turns, and keep the run with the median time."""
    with bench.school(FEW) as graded:
        notebook = next((graded.root / "submitted").glob("*/*/*.ipynb"))
        commands = {
            IMPORT: ["-c", "import torch"],
            CHECK: ["-m", "autograder", "check", str(notebook), "--assignment", notebook.stem],
            GRADE: ["-m", "autograder", "grade", "--json", "--force", "--jobs", "2"],
        }
        environment = {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])}
        runs = [
            {
                what: measured.run([sys.executable, *command], cwd=graded.root, environment=environment)
                for what, command in commands.items()
            }
            for _ in range(TURNS)
        ]
    for what in commands:
        done = sorted((turn[what] for turn in runs), key=lambda run: run.seconds)[TURNS // 2]
        ratios = [turn[what].seconds / turn[IMPORT].seconds for turn in runs]
        cpu = [turn[what].cpu / turn[IMPORT].cpu for turn in runs]
        bench.note("start", what, 1, done, imports=statistics.median(ratios), imports_cpu=statistics.median(cpu))
