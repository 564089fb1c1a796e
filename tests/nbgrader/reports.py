"""Made-up reports on conv2d, written into a gradebook without a judge."""

from autograder.course import Course
from autograder.judge import judge
from autograder.judge.pytest_plugin import Run, Verdict
from autograder.nbgrader import gradebook, late
from autograder.nbgrader.rows import Sheet
from autograder.notebooks import handed_in_at
from autograder.notebooks.read import Submission
from autograder.report.report import Outcome, Report
from tests import courses

CHECKS = ("slides", "rectangles", "stride", "padding", "bias", "together", "arguments")


def make(of: Course, sandbox: str = "A", **outcomes: Outcome) -> Report:
    """Return a report on conv2d: every check passes, except for the outcomes given."""
    run = Run(Submission("conv2d", "conv2d.ipynb", ()), "")
    run.verdicts = {name: Verdict(outcomes.get(name, Outcome.PASSED)) for name in CHECKS}
    return judge.report(of, run, sandbox)


def write(of: Course, report: Report, student: str = "ada", *, time: str = courses.IN_TIME) -> None:
    """Write a report into the gradebook as that of a hand-in at this time."""
    with gradebook.opened(of) as book:
        when = handed_in_at.read_timestamp(time)
        gradebook.write(Sheet(book, report.assignment), student, report, when, late.load(of))
