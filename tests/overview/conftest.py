"""A class in three steps, for tests of the page and of the command."""

import pytest

from autograder.course import Course
from autograder.report.report import Counterexample
from tests.overview import made_up
from tests.overview.made_up import FLIPPED, STRIDE, Named, grade, picture, report

NUMBERS = Counterexample(arguments={}, expected=[[1.0]], got=[[2.0, "nan"]])
RAISED = Counterexample(arguments={}, expected=[[1.0]], got=None)


@pytest.fixture(scope="module")
def steps(tmp_path_factory) -> Course:
    """A class of four with a gradebook. Nobody has handed in the third step."""
    of = made_up.make_course(tmp_path_factory.mktemp("steps") / "course", ("conv2d", "flatten", "full"))
    grade(of, "ada", report(of, "ppppppp"))
    grade(of, "ben", report(of, "ppfppsp", {2: Named(STRIDE.id, STRIDE.hint, NUMBERS, picture("Expected 1, got 2."))}))
    grade(of, "cleo", report(of, "fssssss", {0: Named(FLIPPED.id, FLIPPED.hint, RAISED, picture("raised by cleo"))}))
    grade(of, "ada", report(of, "pppppppp", step="flatten"))
    made_up.enter(of, dan="Dan")
    return of
