"""Grade without a judge, for tests of what happens afterwards."""

from collections.abc import Iterable, Iterator

import nbformat

from autograder.course import Course
from autograder.grading.batch import GradedNotebook
from autograder.grading.cache import Parts
from autograder.grading.dispatch import Keyed
from autograder.grading.plan import Plan
from autograder.judge import judge
from autograder.notebooks.fill import fill
from autograder.notebooks.read import Submission
from autograder.notebooks.submitted import SubmissionFolder
from autograder.report.report import Outcome


def dispatch(
    the_course: Course, todo: Iterable[Keyed], plan: Plan
) -> Iterator[tuple[SubmissionFolder, Parts, GradedNotebook]]:
    """Yield a report for each submission: all checks pass, except for the stride where it is ignored."""
    for folder, parts in todo:
        none = judge.no_verdict(the_course, Submission("conv2d", "conv2d.ipynb", ()), "A")
        wrong = {"stride"} if "// 1" in folder.notebook.read_text(encoding="utf-8") else set()
        checks = [
            one.model_copy(update={"outcome": Outcome.FAILED, "score": 0.0})
            if one.id in wrong
            else one.model_copy(update={"outcome": Outcome.PASSED, "score": one.max_score})
            for one in none.checks
        ]
        score = sum(one.score for one in checks)
        report = none.model_copy(update={"checks": tuple(checks), "score": score})
        page = fill(nbformat.read(the_course.stub("conv2d"), as_version=4), report)
        yield folder, parts, GradedNotebook(report, nbformat.writes(page))
