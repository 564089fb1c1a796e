"""Grade a class with one of each hostile hand-in: honest learners get their points, and memory is bounded."""

import sys
from pathlib import Path

import pytest

from autograder import course
from benchmarks import measured
from tests import courses, hostile

HONEST = 12
LIMITS = "{call_seconds: 0.5, submission_seconds: 2, memory_mb: 256, restarts: 1, explain_calls: 20}"
# For all processes of the run together; shared pages count once.
MOST_MEMORY = 1_500_000_000


@pytest.mark.long
def test_everybody_honest_has_the_points(tmp_path: Path) -> None:
    made = courses.make(tmp_path / "course", limits=LIMITS)
    for number in range(HONEST):
        # Their names sort before, between and after the hostile ones.
        courses.hand_in(made, f"{'amz'[number % 3]}da{number}", courses.answered(made))
    courses.hand_in(made, "ada", courses.answered(made))
    expected = {f"{'amz'[number % 3]}da{number}": 10.0 for number in range(HONEST)} | {"ada": 10.0}
    expected |= hostile.hand_in_all(course.load(made.root))
    command = [sys.executable, "-m", "autograder", "grade", "conv2d", "--json", "--jobs", "2"]
    done = measured.run(command, cwd=made.root, environment={"PYTHONPATH": str(courses.ROOT)})
    assert courses.scores(made) == expected
    # No judge had to be ended: only folders whose names cannot be in a gradebook have no verdict.
    assert not [row for row in courses.rows(made) if row[5]]
    assert done.status == 1
    assert done.peak <= MOST_MEMORY
