"""Many submissions: judges in processes of their own, one parent that writes, and nothing graded twice."""

import logging
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat

from autograder import classwork, gradebook, judge, results
from autograder import late as late_penalty
from autograder.course import Course
from autograder.filled import fill
from autograder.handedin import Handin, handins
from autograder.late import LatePenalty
from autograder.notebook import Submission
from autograder.problems import Problem
from autograder.report import UNSAFE_TIER, Report
from autograder.sandbox import kernel
from autograder.sandbox.host import Sandbox, SandboxError

BATCH = 16
# nbgrader names released feedback after what is in it, so that only the learner can fetch it.
SECRET = "submission_secret.txt"

Results = list[tuple[Report, str]]
Tried = tuple[list[Handin], Results | None]
logger = logging.getLogger(__name__)


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
    """Grade what was handed in, into gradebook.db, autograded/ and results/; in the order of `handins`.

    What was graded before, and has not changed since, is not graded again unless `force`. `unsafe` grades even on a
    machine that cannot isolate submissions; the reports and the gradebook then say so.
    """
    _require_released(course, assignments)
    late = late_penalty.load(course.root)
    keys = {handin: results.key(course, handin) for handin in handins(course, assignments, students)}
    todo, done = [], {}
    with gradebook.opened(course) as book:
        for handin, key in keys.items():
            known = None if force else _known(course, book, handin, key, unsafe)
            if known is not None:
                done[handin] = Graded(handin.student, handin.assignment, known, cached=True)
                if on_graded:
                    on_graded(done[handin])
            else:
                todo.append(handin)
        batches = [todo[at : at + BATCH] for at in range(0, len(todo), BATCH)]
        for batch, judged in _judged(course, batches, jobs, unsafe):
            for handin, (report, notebook) in zip(batch, judged, strict=True):
                _write(course, book, handin, report, notebook, late)
                results.remember(course, handin, report, keys[handin])
                done[handin] = Graded(handin.student, handin.assignment, report)
                if on_graded:
                    on_graded(done[handin])
    return [done[handin] for handin in keys]


def _known(course: Course, book: gradebook.Gradebook, handin: Handin, key: str, unsafe: bool) -> Report | None:
    """The last report, where it still holds, the gradebook says the same, and a sandbox was there or is not asked."""
    report = results.recall(course, handin, key)
    if report is None or (report.sandbox == UNSAFE_TIER and not unsafe):
        return None
    if not _autograded(course, handin).is_dir() or not gradebook.holds(book, handin.student, report):
        return None
    return report


def judge_batch(root: Path, batch: Sequence[Handin], unsafe: bool = False) -> Results:
    """Grade one batch in this process: reports, and the filled notebooks as JSON text."""
    from autograder import course

    the_course = course.load(root)
    with Sandbox(the_course.limits, unsafe=unsafe) as sandbox:
        wholes = [classwork.make_whole(the_course, handin.assignment, handin.notebook) for handin in batch]
        graded = classwork.grade(the_course, wholes, sandbox)
    return [(report, nbformat.writes(notebook)) for report, notebook in graded]


def no_verdict(course: Course, handin: Handin) -> tuple[Report, str]:
    """What stands for a submission that brought its judge down: every check is an error, for a person to look at."""
    submission = Submission(handin.assignment, handin.notebook.name, ())
    whole = classwork.Whole(classwork.blank(course, handin.assignment), submission)
    report = judge.report(course, judge.Run(submission, ""), "none")
    return report, nbformat.writes(fill(whole.notebook, report))


def _judged(
    course: Course, batches: list[list[Handin]], jobs: int, unsafe: bool
) -> Iterator[tuple[list[Handin], Results]]:
    """The batches with their results, as they are done."""
    failed: list[Handin] = []
    for batch, judged in _tried(course.root, batches, jobs, unsafe):
        if judged is None:
            failed += batch
        else:
            yield batch, judged
    # Whatever brought a judge down took its whole batch with it: find out which one it was, each in a process alone.
    for handin in failed:
        with _processes(1) as executor:
            for batch, judged in _gather(executor, course.root, [[handin]], unsafe):
                yield batch, [no_verdict(course, handin)] if judged is None else judged


def _tried(root: Path, batches: list[list[Handin]], jobs: int, unsafe: bool) -> Iterator[Tried]:
    """The batches with their results, as they are done; None where a judge did not survive, or failed."""
    if len(batches) <= 1 or jobs <= 1:
        for batch in batches:
            yield batch, _result(batch, partial(judge_batch, root, batch, unsafe))
        return
    with _processes(min(jobs, len(batches))) as executor:
        yield from _gather(executor, root, batches, unsafe)


def _processes(count: int) -> ProcessPoolExecutor:
    """Judges in processes of their own; they die with this one, however it dies."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_die_with, initargs=(os.getpid(),))


def _die_with(parent: int) -> None:
    """In a judge's process: end when the process that started it ends, or where it has ended already."""
    if kernel.known_machine():
        kernel.die_with_parent()
    if os.getppid() != parent:
        os._exit(1)


def _gather(executor: Executor, root: Path, batches: list[list[Handin]], unsafe: bool) -> Iterator[Tried]:
    waiting: dict[Future, list[Handin]] = {
        executor.submit(judge_batch, root, batch, unsafe): batch for batch in batches
    }
    while waiting:
        finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in finished:
            batch = waiting.pop(future)
            yield batch, _result(batch, future.result)


def _result(batch: list[Handin], get: Callable[[], Results]) -> Results | None:
    """A batch's results, or None where there are none. What concerns every submission is raised."""
    try:
        return get()
    except (Problem, SandboxError):
        raise
    except Exception as error:
        logger.error("no results for %s: %r", ", ".join(one.student for one in batch), error)
        return None


def _require_released(course: Course, assignments: Sequence[str]) -> None:
    with gradebook.opened(course) as book:
        known = {assignment.name for assignment in book.assignments if assignment.notebooks}
    for name in assignments:
        if name not in known:
            remedy = "Run `autograder release` (or `nbgrader generate_assignment`) in this folder first."
            raise Problem(course.root / "gradebook.db", f"it knows no assignment '{name}'", remedy)


def _autograded(course: Course, handin: Handin) -> Path:
    return course.root / "autograded" / handin.student / handin.assignment


def _write(
    course: Course, book: gradebook.Gradebook, handin: Handin, report: Report, notebook: str, late: LatePenalty
) -> None:
    """One submission into autograded/ and, in one transaction, into the gradebook.

    The last result is forgotten first and the new one remembered last: whoever is killed between has it to do again.
    """
    results.forget(course, handin)
    target = _autograded(course, handin)
    if target.exists():
        _remove(target)
    target.mkdir(parents=True)
    written = target / handin.notebook.name
    written.write_text(notebook + "\n", encoding="utf-8")
    stamp = handin.folder / "timestamp.txt"
    when = None
    if _is_own_file(stamp):
        shutil.copyfile(stamp, target / stamp.name)
        when = gradebook.read_timestamp(stamp.read_text(encoding="utf-8", errors="replace"))
    secret = handin.folder / SECRET
    if _is_own_file(secret):
        shutil.copyfile(secret, target / SECRET)
    for path in target.iterdir():
        path.chmod(0o444)
    gradebook.write(book, handin.student, report, when, late)


def _is_own_file(path: Path) -> bool:
    """True for a file that is no link: a link could lead to what is not the learner's."""
    try:
        return path.is_file() and not path.is_symlink()
    except OSError:
        return False


def _remove(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder)
