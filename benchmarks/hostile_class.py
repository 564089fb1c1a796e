"""Measure what hostile hand-ins cost a class: `python -m benchmarks.hostile_class [HONEST]` (default: 200).

It grades the honest hand-ins alone, then together with one hostile hand-in of each kind. The second run should take no
longer than twice the first, plus what the limits of course.yml allow the hostile ones.
"""

import sys
import tempfile
from pathlib import Path

from autograder.course import PATIENCE_FACTOR, Course
from benchmarks import measured
from benchmarks.measured import Measured
from tests import courses, hostile

JOBS = 2
LIMITS = "{call_seconds: 0.5, submission_seconds: 2, memory_mb: 256, restarts: 1, explain_calls: 20}"


def main(honest: int) -> None:
    """Measure both classes and print one line each."""
    with tempfile.TemporaryDirectory(prefix="autograder-hostile-") as folder:
        alone = graded(courses.make(Path(folder) / "alone", limits=LIMITS), honest, with_hostile=False)
        made = courses.make(Path(folder) / "all", limits=LIMITS)
        together = graded(made, honest, with_hostile=True)
        points = courses.scores(made)
    waiting = made.limits.submission_seconds * PATIENCE_FACTOR * len(hostile.CODE) / JOBS
    for name, done in (("the honest ones alone", alone), ("with the hostile ones", together)):
        print(f"{name}: {done.seconds:.1f} s, CPU {done.cpu:.1f} s, peak {done.peak / 1e6:.0f} MB")
    print(f"allowed: {2 * alone.seconds + waiting:.1f} s")
    print(f"honest ones with all points: {sum(points[student] == 10 for student in students(honest))} of {honest}")


def students(honest: int) -> list[str]:
    """Return the honest learners. A hostile hand-in is a link to the first."""
    return ["ada", *(f"{'amz'[number % 3]}da{number:03}" for number in range(1, honest))]


def graded(made: Course, honest: int, *, with_hostile: bool) -> Measured:
    """Grade a class with `autograder grade`."""
    for student in students(honest):
        courses.hand_in(made, student, courses.answered(made))
    if with_hostile:
        hostile.hand_in_all(made)
    command = [sys.executable, "-m", "autograder", "grade", "conv2d", "--json", "--jobs", str(JOBS)]
    return measured.run(command, cwd=made.root, environment={"PYTHONPATH": str(courses.ROOT)})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
