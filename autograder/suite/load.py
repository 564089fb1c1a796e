"""Load a step's hidden suite: its checks in order, their points, and what it forbids."""

import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from autograder import step_files
from autograder.course import Assignment, Course
from autograder.errors import Problem
from autograder.suite.check import Check

# Families of library operations that a learner's functions may not call, unless the suite has a FORBIDS of its own.
FORBIDS = ("convolution",)


@dataclass(frozen=True)
class Suite:
    """All hidden checks of one assignment, in order."""

    id: str
    checks: tuple[Check, ...]
    forbids: tuple[str, ...] = FORBIDS

    @property
    def functions(self) -> tuple[str, ...]:
        """Return the names of the functions that learners write, in the order in which they are first checked."""
        return tuple(dict.fromkeys(space.function for check in self.checks for space in check.spaces))

    @property
    def path(self) -> Path:
        """Return the file that pytest runs."""
        return step_files.path_of(self.id)

    def points(self, assignment: Assignment) -> dict[str, float]:
        """Return the points by check id: the assignment's total, in proportion to the checks' own points.

        Raises Problem where a check would get a fraction of a hundredth.
        """
        total = sum(check.points for check in self.checks)
        shares = {check.id: assignment.points * check.points / total for check in self.checks}
        if any(abs(share * 100 - round(share * 100)) > 1e-6 for share in shares.values()):
            what = f"{assignment.id}: {assignment.points:g} points do not share out over its checks"
            raise Problem("course.yml", what, f"Use a multiple of {total:g}.")
        return {name: round(share, 2) for name, share in shares.items()}


@cache
def load_suite(name: str) -> Suite:
    """Return the hidden suite of an assignment. Raises Problem where there is none."""
    step_files.path_of(name)
    module = importlib.import_module(f"autograder.steps.{name}.test_{name}")
    return Suite(name, _checks_in(module), getattr(module, "FORBIDS", FORBIDS))


def _checks_in(module: ModuleType) -> tuple[Check, ...]:
    return tuple(value.check for value in vars(module).values() if isinstance(getattr(value, "check", None), Check))


def check_points(course: Course) -> None:
    """Raise Problem where an assignment's points do not share out over its checks."""
    for assignment in course.assignments:
        load_suite(assignment.id).points(assignment)
