"""Many submissions: judges in processes of their own, one parent that writes, and nothing graded twice."""

import hashlib
import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder import classwork, gradebook
from autograder.course import Course
from autograder.judge import VERSIONS
from autograder.problems import Problem
from autograder.report import Report
from autograder.sandbox.host import Sandbox
from autograder.suite import load_suite

BATCH = 16
# nbgrader names released feedback after what is in it, so that only the learner can fetch it.
SECRET = "submission_secret.txt"
RENAMED = "The notebook was named {found}; it was graded as {expected}."


@dataclass(frozen=True)
class Handin:
    """One learner's folder for one assignment."""

    student: str
    assignment: str
    folder: Path

    @property
    def notebook(self) -> Path:
        """Where the notebook should be; it may be missing."""
        return self.folder / f"{self.assignment}.ipynb"


@dataclass(frozen=True)
class Graded:
    """One submission's report; `cached` where it had been graded before and nothing has changed."""

    student: str
    assignment: str
    report: Report
    cached: bool = False


def handins(course: Course, assignments: Sequence[str], students: Sequence[str] | None = None) -> list[Handin]:
    """What lies in submitted/<student>/<assignment>/, by assignment in the course's order, then by student."""
    submitted = course.root / "submitted"
    folders = sorted(path for path in submitted.iterdir() if path.is_dir()) if submitted.is_dir() else []
    names = [folder.name for folder in folders if students is None or folder.name in students]
    return [
        Handin(name, assignment, submitted / name / assignment)
        for assignment in assignments
        for name in names
        if (submitted / name / assignment).is_dir()
    ]


def grade_class(
    course: Course,
    assignments: Sequence[str],
    students: Sequence[str] | None = None,
    *,
    jobs: int = 1,
    force: bool = False,
    on_graded: Callable[[Graded], None] | None = None,
) -> list[Graded]:
    """Grade what was handed in, into gradebook.db, autograded/ and results/; in the order of `handins`.

    What was graded before, and has not changed since, is not graded again unless `force`.
    """
    _require_released(course, assignments)
    todo, done = [], {}
    for handin in handins(course, assignments, students):
        key = _key(course, handin)
        cached = None if force else _cached(course, handin, key)
        if cached is not None:
            done[handin] = cached
            if on_graded:
                on_graded(cached)
        else:
            todo.append((handin, key))
    keys = dict(todo)
    batches = [[handin for handin, _ in todo[at : at + BATCH]] for at in range(0, len(todo), BATCH)]
    with gradebook.opened(course) as book:
        for batch, results in _judged(course, batches, jobs):
            for handin, (report, notebook) in zip(batch, results, strict=True):
                _write(course, book, handin, report, notebook)
                _remember(course, handin, report, keys[handin])
                done[handin] = Graded(handin.student, handin.assignment, report)
                if on_graded:
                    on_graded(done[handin])
    return [done[handin] for handin in handins(course, assignments, students) if handin in done]


def judge_batch(root: Path, batch: Sequence[Handin]) -> list[tuple[Report, str]]:
    """Grade one batch in this process: reports, and the filled notebooks as JSON text."""
    from autograder import course

    the_course = course.load(root)
    with Sandbox(the_course.limits) as sandbox:
        wholes = [classwork.make_whole(the_course, handin.assignment, handin.notebook) for handin in batch]
        graded = classwork.grade(the_course, wholes, sandbox)
    return [(report, nbformat.writes(notebook)) for report, notebook in graded]


Results = list[tuple[Report, str]]


def _judged(course: Course, batches: list[list[Handin]], jobs: int) -> Iterator[tuple[list[Handin], Results]]:
    """The batches with their results, as they are done."""
    if len(batches) <= 1 or jobs <= 1:
        for batch in batches:
            yield batch, judge_batch(course.root, batch)
        return
    workers = min(jobs, len(batches))
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield from _gather(executor, course.root, batches)


def _gather(executor: Executor, root: Path, batches: list[list[Handin]]) -> Iterator[tuple[list[Handin], Results]]:
    waiting: dict[Future, list[Handin]] = {executor.submit(judge_batch, root, batch): batch for batch in batches}
    while waiting:
        finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in finished:
            yield waiting.pop(future), future.result()


def _require_released(course: Course, assignments: Sequence[str]) -> None:
    with gradebook.opened(course) as book:
        known = {assignment.name for assignment in book.assignments if assignment.notebooks}
    for name in assignments:
        if name not in known:
            remedy = "Run `autograder release` (or `nbgrader generate_assignment`) in this folder first."
            raise Problem(course.root / "gradebook.db", f"it knows no assignment '{name}'", remedy)


def _key(course: Course, handin: Handin) -> str:
    """What decides a report: the submission, the stub, the suites, the seed, the limits and the versions."""
    suite = load_suite(handin.assignment)
    settings = [
        course.seed,
        course.limits.model_dump(),
        suite.points(course.assignment(handin.assignment)),
        VERSIONS,
    ]
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for path in (
        *sorted(handin.folder.glob("*.ipynb")),
        handin.folder / "timestamp.txt",
        course.stub(suite.id),
        suite.path,
    ):
        digest.update(path.name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


def _result_path(course: Course, handin: Handin) -> Path:
    return course.root / "results" / handin.assignment / f"{handin.student}.json"


def _cached(course: Course, handin: Handin, key: str) -> Graded | None:
    try:
        saved = json.loads(_result_path(course, handin).read_text(encoding="utf-8"))
        if saved["key"] != key or not _autograded(course, handin).is_dir():
            return None
        return Graded(handin.student, handin.assignment, Report.model_validate(saved["report"]), cached=True)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(course: Course, handin: Handin, report: Report, key: str) -> None:
    path = _result_path(course, handin)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"key": key, "report": report.model_dump(mode="json", by_alias=True)}, indent=1)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def _autograded(course: Course, handin: Handin) -> Path:
    return course.root / "autograded" / handin.student / handin.assignment


def _write(course: Course, book: gradebook.Gradebook, handin: Handin, report: Report, notebook: str) -> None:
    """One submission into autograded/ and, in one transaction, into the gradebook."""
    _result_path(course, handin).unlink(missing_ok=True)
    target = _autograded(course, handin)
    if target.exists():
        _remove(target)
    target.mkdir(parents=True)
    written = target / handin.notebook.name
    written.write_text(notebook + "\n", encoding="utf-8")
    stamp = handin.folder / "timestamp.txt"
    when = None
    if stamp.is_file():
        shutil.copyfile(stamp, target / stamp.name)
        when = gradebook.read_timestamp(stamp.read_text(encoding="utf-8", errors="replace"))
    secret = handin.folder / SECRET
    if secret.is_file():
        shutil.copyfile(secret, target / SECRET)
    for path in target.iterdir():
        path.chmod(0o444)
    gradebook.write(book, handin.student, report, when)


def _remove(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder)
