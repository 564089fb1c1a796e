"""Made-up reports, written into a gradebook without a judge."""

from autograder.course import Course
from autograder.judge import judge
from autograder.judge.pytest_plugin import Run, Verdict
from autograder.nbgrader import gradebook, late
from autograder.nbgrader.rows import Sheet
from autograder.notebooks import handed_in_at
from autograder.notebooks.read import Submission
from autograder.report.report import Outcome, Report
from autograder.suite.load import load_suite
from tests import courses


def make(of: Course, sandbox: str = "A", *, assignment: str = "conv2d", **outcomes: Outcome) -> Report:
    """Return a report in which every check passes, except for the outcomes given."""
    run = Run(Submission(assignment, f"{assignment}.ipynb", ()), "")
    names = [check.id for check in load_suite(assignment).checks]
    run.verdicts = {name: Verdict(outcomes.get(name, Outcome.PASSED)) for name in names}
    return judge.report(of, run, sandbox)


def write(of: Course, report: Report, student: str = "ada", *, time: str = courses.IN_TIME) -> None:
    """Write a report into the gradebook as that of a hand-in at this time."""
    with gradebook.opened(of) as book:
        when = handed_in_at.read_timestamp(time)
        gradebook.write(Sheet(book, report.assignment), student, report, when, late.load(of))
