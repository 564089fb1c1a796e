"""Grades a class: what changed goes to the judges, what they found is written at once, nothing is graded twice."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.course import Course
from autograder.errors import Problem
from autograder.grading.cache import Keys
from autograder.grading.dispatch import Keyed, dispatch
from autograder.grading.plan import Plan
from autograder.grading.writer import Filing
from autograder.nbgrader import gradebook, late
from autograder.notebooks.submitted import handins
from autograder.report.report import Report


@dataclass(frozen=True)
class Graded:
    """One submission's report; `cached` where it had been graded before and nothing has changed."""

    student: str
    assignment: str
    report: Report
    cached: bool = False


def grade_class(
    course: Course,
    assignments: Sequence[str],
    students: Sequence[str] | None = None,
    *,
    jobs: int = 1,
    force: bool = False,
    unsafe: bool = False,
    on_graded: Callable[[Graded], None] | None = None,
) -> list[Graded]:
    """Grade a small class: `grade_each`, with all reports kept, in the order of `handins`."""
    found = {}
    for one in grade_each(course, assignments, students, Plan(jobs=jobs, force=force, unsafe=unsafe)):
        found[one.assignment, one.student] = one
        if on_graded:
            on_graded(one)
    return [found[handin.assignment, handin.student] for handin in handins(course, assignments, students)]


def grade_each(
    course: Course, assignments: Sequence[str], students: Sequence[str] | None = None, plan: Plan | None = None
) -> Iterator[Graded]:
    """Grade what was handed in, into gradebook.db, autograded/ and results/; each as soon as it is written.

    What was graded before, and has not changed since, is not graded again.
    """
    plan = plan or Plan()
    with gradebook.opened(course) as book:
        _require_released(course, book, assignments)
        filing = Filing(course, book, late.load(course.root), plan.stages)
        keys, todo = Keys(course), deque[Keyed]()
        for handin in handins(course, assignments, students):
            with plan.stages.stage("look for what changed"):
                key = keys.of(handin)
                known = None if plan.force else filing.known(handin, key, plan.unsafe)
            if known is None:
                todo.append((handin, key))
            else:
                yield Graded(handin.student, handin.assignment, known, cached=True)
        for handin, key, judged in dispatch(course, todo, plan):
            yield Graded(handin.student, handin.assignment, filing.put(handin, key, judged))


def _require_released(course: Course, book: gradebook.Gradebook, assignments: Sequence[str]) -> None:
    known = {assignment.name for assignment in book.assignments if assignment.notebooks}
    for name in assignments:
        if name not in known:
            remedy = "Run `autograder release` (or `nbgrader generate_assignment`) in this folder first."
            raise Problem(course.root / "gradebook.db", f"it knows no assignment '{name}'", remedy)
        if not course.stub(name).is_file():
            raise Problem(course.stub(name), "has not been generated", "Run `autograder release` first.")
