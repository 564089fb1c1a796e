"""A loop that makes no turn is told, if a function reaches it and if it is the only one."""

from autograder.explain.edits.search import Search
from autograder.explain.edits.unturned import unturned
from autograder.sandbox.in_process import InProcess
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE
from autograder.suite.load import load_suite
from tests.explain.test_edits import KEY, NAME, RIGHT, opened, submitted

NO_ROWS = RIGHT.replace("range(OH)", "range(OH, 0)")


def told(source: str, calls: int = 2000) -> str | None:
    submission = submitted(source)
    learner = Learner(InProcess(submission, PRELUDE), KEY, digest=submission.digest)
    return unturned(Search(opened, calls), load_suite("conv2d"), learner, NAME)


def test_the_loop_is_told() -> None:
    words = told(NO_ROWS) or ""
    assert words.startswith("Line 6 of cell 1, “for i in range(OH, 0):”, makes no turn in any of the ")
    assert words.endswith(" calls of the checks.")


def test_a_while_that_never_starts_is_told() -> None:
    source = RIGHT.replace("for i in range(OH):", "i = 0\n    while i > OH:")
    assert "“while i > OH:”" in (told(source) or "")


def test_loops_that_turn_are_not_told() -> None:
    assert told(RIGHT) is None
    assert told(RIGHT.replace("    input = F", "    for _ in range(padding):\n        pass\n    input = F")) is None


def test_nothing_is_told_of_a_loop_that_is_not_reached_or_of_two_loops() -> None:
    assert told(NO_ROWS.replace("    input = F", "    return input\n    input = F")) is None
    assert told(RIGHT.replace("range(OH)", "range(OH.rows)")) is None
    assert told(NO_ROWS.replace("    out =", "    for _ in []:\n        pass\n    out =")) is None


def test_without_calls_nobody_looks() -> None:
    assert told(NO_ROWS, calls=0) is None
    assert told(NO_ROWS, calls=50) is None
