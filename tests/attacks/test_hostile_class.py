"""A class with one of each hostile hand-in: everybody honest has the points, and the memory is bounded."""

import sys
from pathlib import Path

import pytest

from autograder import course
from benchmarks import measured
from tests import courses, hostile

HONEST = 12
LIMITS = "{call_seconds: 0.5, submission_seconds: 2, memory_mb: 256, restarts: 1, explain_calls: 20}"
# All processes of the run together, what they share counted once.
MOST_MEMORY = 1_500_000_000


@pytest.mark.long
def test_everybody_honest_has_the_points(tmp_path: Path) -> None:
    made = courses.make(tmp_path / "course", limits=LIMITS)
    for number in range(HONEST):
        # Before, between and behind the hostile ones.
        courses.hand_in(made, f"{'amz'[number % 3]}da{number}", courses.answered(made))
    courses.hand_in(made, "ada", courses.answered(made))
    expected = {f"{'amz'[number % 3]}da{number}": 10.0 for number in range(HONEST)} | {"ada": 10.0}
    expected |= hostile.hand_in_all(course.load(made.root))
    command = [sys.executable, "-m", "autograder", "grade", "conv2d", "--json", "--jobs", "2"]
    done = measured.run(command, cwd=made.root, environment={"PYTHONPATH": str(courses.ROOT)})
    assert courses.scores(made) == expected
    # Nobody's judge had to be ended: only the folders without a name for a gradebook have no verdict.
    assert not [row for row in courses.rows(made) if row[5]]
    assert done.status == 1
    assert done.peak <= MOST_MEMORY
