"""Turn one handed-in file into a report, and the notebook that shows it: for `grade` and for stock nbgrader alike."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode

from autograder.course import Course
from autograder.errors import Problem
from autograder.judge import judge
from autograder.notebooks.budget import PAGE_SECONDS, READ_SECONDS
from autograder.notebooks.clock import TookTooLong, at_most
from autograder.notebooks.fill import fill
from autograder.notebooks.intake import AnotherStep, RawSubmission, pack, refuse_another, sentence, settle
from autograder.notebooks.nodes import node, read_node
from autograder.notebooks.read import Submission, compared, from_notebook, leading, parse
from autograder.notebooks.repair import is_repair, repair
from autograder.report.report import Look, Report
from autograder.sandbox.host import Sandbox
from autograder.stages import stage

KEY = "autograder"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PreparedNotebook:
    """A repaired notebook, and the submission in it."""

    notebook: NotebookNode
    submission: Submission


def prepare(course: Course, assignment: str, path: Path) -> PreparedNotebook:
    """Read and repair one handed-in notebook. A file that is not a notebook becomes the stub, and a note says why.

    `path` is where the notebook should be. If it is not there, another one in the folder may be meant.
    """
    return unpack(pack(course, assignment, path), release_notebook(course.stub(assignment)))


@stage("read and repair")
def unpack(raw: RawSubmission, release: NotebookNode) -> PreparedNotebook:
    """Parse a notebook, and repair it after the stub that it was made from. An unreadable one becomes the stub.

    One that takes too long to read becomes the stub as well, and has no verdict.
    """
    is_slow = False
    unreadable, look = raw.unreadable, Look.EMPTY if raw.empty else Look.UNREADABLE
    if not unreadable:
        try:
            with at_most(READ_SECONDS, raw.name, "read"):
                raw = settle(raw)
                prepared, submission = _repaired(raw, release)
        except Problem as problem:
            unreadable, is_slow = sentence(problem), isinstance(problem, TookTooLong)
            look = Look.WRONG_STEP if isinstance(problem, AnotherStep) else look
    if unreadable:
        prepared = node(release)
        submission = Submission(raw.assignment, raw.name, (), raw.notes, unreadable, is_slow, looks=(look,))
    # As plain lists: nbgrader saves the notebook between this and `read_prepared`.
    prepared.metadata[KEY] = {
        "notes": list(submission.notes),
        "unreadable": submission.unreadable,
        "slow": submission.is_slow,
        "given": list(submission.given),
        "looks": list(submission.looks),
    }
    return PreparedNotebook(prepared, submission)


def _repaired(raw: RawSubmission, release: NotebookNode) -> tuple[NotebookNode, Submission]:
    """Return the repaired notebook and what it holds. Raises Problem where it is none, or another step's."""
    submitted = parse(raw.data, raw.name)
    refuse_another(raw, submitted)
    prepared, notes = repair(submitted, release)
    name, notes = raw.name, (*raw.notes, *notes)
    submission = from_notebook(prepared, raw.assignment, name, notes)
    submission = compared(submission, from_notebook(release, raw.assignment, name))
    looks = (Look.EMPTY,) if len(submission.given) == len(submission.cells) else ()
    if is_repair(notes[len(raw.notes) :]):
        looks = (*looks, Look.REPAIRED)
    return prepared, replace(submission, looks=looks)


def read_prepared(prepared: NotebookNode, assignment: str, name: str) -> Submission:
    """Return the submission in a notebook that `prepare` returned."""
    saved = prepared.metadata.get(KEY, {})
    notes, looks = tuple(saved.get("notes", ())), tuple(map(Look, saved.get("looks", ())))
    if saved.get("unreadable"):
        return Submission(assignment, name, (), notes, saved["unreadable"], bool(saved.get("slow")), looks=looks)
    given = tuple(saved.get("given", ()))
    return replace(from_notebook(prepared, assignment, name, notes), given=given, own=leading(given), looks=looks)


def grade(
    course: Course,
    prepared: Sequence[PreparedNotebook],
    sandbox: Sandbox | None = None,
    preludes: Mapping[str, str] | None = None,
    on_check: Callable[[], None] = lambda: None,
) -> list[tuple[Report, NotebookNode]]:
    """Grade prepared notebooks; return the report on each, and the notebook filled with it."""
    submissions = [one.submission for one in prepared]
    reports = judge.grade(course, submissions, sandbox, pictures=True, preludes=preludes, on_check=on_check)
    return [_filled(course, one, report) for one, report in zip(prepared, reports, strict=True)]


def _filled(course: Course, prepared: PreparedNotebook, report: Report) -> tuple[Report, NotebookNode]:
    """Fill a report into its notebook, and return both. Where that fails, every check becomes an error."""
    try:
        with stage("fill the notebook"), at_most(PAGE_SECONDS, report.submission, "fill in"):
            return report, fill(prepared.notebook, report)
    except Exception:
        logger.exception("%s: the page could not be made", report.submission)
        none = judge.no_verdict(course, prepared.submission, report.sandbox)
        return none, fill(prepared.notebook, none)


def release_notebook(path: Path) -> NotebookNode:
    """Return the stub that learners were given. Raises Problem."""
    if not path.is_file():
        raise Problem(path, "has not been generated", "Run `autograder release` or `nbgrader generate_assignment`.")
    return _parsed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _parsed(path: Path, changed: int) -> NotebookNode:
    return read_node(path)
