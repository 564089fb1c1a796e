"""Grade a class: send what has changed to the judges, write each result at once, and grade nothing twice."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nbgrader.api import Gradebook

from autograder.course import FILE, Course
from autograder.errors import Problem
from autograder.grading import cache, forced
from autograder.grading.backup import Backup
from autograder.grading.cache import Keys, Parts, Saved
from autograder.grading.changes import Changes
from autograder.grading.dispatch import dispatch
from autograder.grading.dry_run import DryRun, NoBackup
from autograder.grading.packing import Keyed
from autograder.grading.plan import Plan
from autograder.grading.reasons import reasons
from autograder.grading.resubmission import Resubmission
from autograder.grading.writer import Writer
from autograder.nbgrader import gradebook, late, shared
from autograder.notebooks.saved_reports import FOLDER
from autograder.notebooks.submitted import SubmissionFolder, submission_folders
from autograder.report.report import Report
from autograder.stages import stage


@dataclass(frozen=True)
class Graded:
    """One submission's report. `cached` is true if it was graded before and has not changed.

    `resubmission` says what the learner handed in before, if that is known.
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
    """Grade a small class: collect the results of `grade_each` in the order of `submission_folders`."""
    results = {}
    for graded in grade_each(course, assignments, students, Plan(jobs=jobs, force=force, unsafe=unsafe)):
        results[graded.assignment, graded.student] = graded
        if on_graded:
            on_graded(graded)
    return [results[folder.assignment, folder.student] for folder in submission_folders(course, assignments, students)]


def grade_each(
    course: Course, assignments: Sequence[str], students: Sequence[str] | None = None, plan: Plan | None = None
) -> Iterator[Graded]:
    """Yield each submission's result, once it is written to gradebook.db, autograded/ and results/.

    A submission that was graded before and has not changed is not graded again.
    """
    plan = plan or Plan()
    changes = plan.changes or Changes()
    since = _since(course, assignments, students, plan)
    with gradebook.copied(course) if plan.dry_run else gradebook.opened(course) as book:
        if plan.changes:
            changes.begin(book)
        _require_released(course, book, assignments)
        for name in assignments:
            due = course.due_utc(course.assignment(name))
            gradebook.write_due_date(book, name, due.replace(tzinfo=None) if due else None)
        writer = _writer(course, book, plan)
        folders = submission_folders(course, assignments, students)
        todo, unchanged = _split(course, writer, folders, plan, since)
        for name in assignments:
            writer.update_penalties(name, {folder.student for folder, _ in unchanged if folder.assignment == name})
        for folder, saved in unchanged:
            resubmission = writer.resubmission(folder, saved)
            yield Graded(folder.student, folder.assignment, saved.report, True, resubmission)
        for folder, parts, graded in dispatch(course, todo, plan):
            report, resubmission = writer.write(folder, parts, graded)
            changes.name_checks(folder.assignment, {check.id: check.title for check in report.checks})
            yield Graded(folder.student, folder.assignment, report, resubmission=resubmission)
        writer.share_free_days({folder.student for folder in folders})
        if plan.changes:
            changes.end(book)
    if plan.force and not plan.dry_run and not plan.stop():
        forced.end(course)


def _since(course: Course, assignments: Sequence[str], students: Sequence[str] | None, plan: Plan) -> int:
    """Return the time, in nanoseconds, from which on results count; 0 if all of them count."""
    if not plan.force:
        return 0
    return time.time_ns() if plan.dry_run else forced.begin(course, assignments, students)


def _writer(course: Course, book: Gradebook, plan: Plan) -> Writer:
    if plan.dry_run:
        return DryRun(course, book, late.load(course), NoBackup())
    is_shared = shared.is_shared(course)
    return Writer(course, book, late.load(course), Backup(course, shared=is_shared), is_shared)


def _split(
    course: Course, writer: Writer, folders: Sequence[SubmissionFolder], plan: Plan, since: int
) -> tuple[deque[Keyed], list[tuple[SubmissionFolder, Saved]]]:
    """Return the submissions to grade, and the unchanged ones. Raises Problem if some were graded with another key."""
    keys, todo, unchanged = Keys(course), deque[Keyed](), list[tuple[SubmissionFolder, Saved]]()
    other_seeds: dict[str, int | str] = {}
    for folder in folders:
        with stage("look for what changed"):
            parts = keys.of(folder)
            saved = cache.recall(course, folder, since)
            valid = writer.still_valid(folder, saved, parts.key, plan.unsafe)
        if saved is not None and saved.report.seed != course.key.shown:
            other_seeds.setdefault(folder.assignment, saved.report.seed)
        if valid is None:
            todo.append((folder, parts))
            _explain(course, folder, parts, plan)
        else:
            unchanged.append((folder, valid))
    if other_seeds and not plan.force:
        name, seed = next(iter(other_seeds.items()))
        what = f"{name} was graded with another key ({seed}); the key is now {course.key}"
        remedy = "Restore the key that it was graded with, or grade everything again with --force."
        raise Problem(course.root / FOLDER / name, what, remedy)
    return todo, unchanged


def _explain(course: Course, folder: SubmissionFolder, parts: Parts, plan: Plan) -> None:
    """Note why a submission is graded, for the list of changes."""
    if plan.changes:
        is_graded = plan.changes.is_graded(folder.student, folder.assignment)
        why = reasons(cache.recall(course, folder), parts, in_gradebook=is_graded, force=plan.force)
        plan.changes.explain(folder.student, folder.assignment, why)


def _require_released(course: Course, book: Gradebook, assignments: Sequence[str]) -> None:
    """Raise Problem for an assignment that is not released, or was released with other points."""
    released = {assignment.name: assignment.max_score for assignment in book.assignments if assignment.notebooks}
    for name in assignments:
        if name not in released:
            remedy = "Run `autograder release` (or `nbgrader generate_assignment`) in this folder first."
            raise Problem(course.root / "gradebook.db", f"it knows no assignment '{name}'", remedy)
        max_score = 0.0 if course.assignment(name).bonus else course.assignment(name).points
        if released[name] != max_score:
            what = f"{name} has {max_score:g} points, but {released[name]:g} in the release that learners got"
            remedy = (
                f"Run `autograder release {name}` (or with --only-stubs), and grade again. Or change the points back."
            )
            raise Problem(course.root / FILE, what, remedy)
        if not course.stub(name).is_file():
            raise Problem(course.stub(name), "has not been generated", "Run `autograder release` first.")
