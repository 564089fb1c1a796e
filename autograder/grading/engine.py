"""Grades a class: what changed goes to the judges, what they found is written at once, nothing is graded twice."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.course import FILE, Course
from autograder.errors import Problem
from autograder.grading import cache, forced
from autograder.grading.backup import Backup
from autograder.grading.cache import Keys, Saved
from autograder.grading.dispatch import Keyed, dispatch
from autograder.grading.plan import Plan
from autograder.grading.resubmission import Resubmission
from autograder.grading.writer import Filing
from autograder.nbgrader import gradebook, late, shared
from autograder.notebooks.submitted import SubmissionFolder, submission_folders
from autograder.report.report import Report
from autograder.stages import stage


@dataclass(frozen=True)
class Graded:
    """One submission's report; `cached` where it had been graded before and nothing has changed.

    `resubmission` is what its learner handed in before, where that is known.
    """

    student: str
    assignment: str
    report: Report
    cached: bool = False
    resubmission: Resubmission | None = None


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
    return [found[folder.assignment, folder.student] for folder in submission_folders(course, assignments, students)]


def grade_each(
    course: Course, assignments: Sequence[str], students: Sequence[str] | None = None, plan: Plan | None = None
) -> Iterator[Graded]:
    """Grade what was handed in, into gradebook.db, autograded/ and results/; each as soon as it is written.

    What was graded before, and has not changed since, is not graded again.
    """
    plan = plan or Plan()
    since = forced.begin(course, assignments, students) if plan.force else 0
    with gradebook.opened(course) as book:
        _require_released(course, book, assignments)
        for name in assignments:
            due = course.due_utc(course.assignment(name))
            gradebook.write_due_date(book, name, due.replace(tzinfo=None) if due else None)
        is_shared = shared.is_shared(course)
        backup = Backup(course, shared=is_shared)
        filing = Filing(course, book, late.load(course.root), backup, is_shared)
        todo, known = _look(course, filing, submission_folders(course, assignments, students), plan, since)
        for name in assignments:
            theirs = {folder.student for folder, _ in known if folder.assignment == name}
            filing.bring_lateness_up_to_date(name, theirs)
        for folder, saved in known:
            now = filing.resubmission(folder, saved)
            yield Graded(folder.student, folder.assignment, saved.report, True, now)
        for folder, key, graded in dispatch(course, todo, plan):
            report, now = filing.put(folder, key, graded)
            yield Graded(folder.student, folder.assignment, report, resubmission=now)
    if plan.force and not plan.stop():
        forced.end(course)


def _look(
    course: Course, filing: Filing, found: Sequence[SubmissionFolder], plan: Plan, since: int
) -> tuple[deque[Keyed], list[tuple[SubmissionFolder, Saved]]]:
    """Return what is to be graded, and what was graded before and has not changed. Raises Problem for a second key."""
    keys, todo, known = Keys(course), deque[Keyed](), list[tuple[SubmissionFolder, Saved]]()
    others: dict[str, int | str] = {}
    for folder in found:
        with stage("look for what changed"):
            key = keys.of(folder)
            saved = cache.recall(course, folder, since)
            held = filing.known(folder, saved, key, plan.unsafe)
        if saved is not None and saved.report.seed != course.key.shown:
            others.setdefault(folder.assignment, saved.report.seed)
        if held is None:
            todo.append((folder, key))
        else:
            known.append((folder, held))
    if others and not plan.force:
        name, seed = next(iter(others.items()))
        what = f"{name} was graded with another key ({seed}), and now it is {course.key}"
        remedy = "Use the key that it was graded with, or grade everything again with --force."
        raise Problem(course.root / "results" / name, what, remedy)
    return todo, known


def _require_released(course: Course, book: gradebook.Gradebook, assignments: Sequence[str]) -> None:
    known = {assignment.name: assignment.max_score for assignment in book.assignments if assignment.notebooks}
    for name in assignments:
        if name not in known:
            remedy = "Run `autograder release` (or `nbgrader generate_assignment`) in this folder first."
            raise Problem(course.root / "gradebook.db", f"it knows no assignment '{name}'", remedy)
        most = 0.0 if course.assignment(name).bonus else course.assignment(name).points
        if known[name] != most:
            what = f"{name} has {most:g} points, and in the release that learners got it has {known[name]:g}"
            remedy = f"Run `autograder release {name}` (or with --only-stubs), then grade again; or change it back."
            raise Problem(course.root / FILE, what, remedy)
        if not course.stub(name).is_file():
            raise Problem(course.stub(name), "has not been generated", "Run `autograder release` first.")
