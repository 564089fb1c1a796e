"""Write graded submissions to autograded/, the gradebook and results/. Only the parent process ever does this."""

import errno
import logging
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache as cache_of
from pathlib import Path
from typing import Protocol

from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.grading import cache
from autograder.grading.batch import GradedNotebook
from autograder.grading.cache import Parts, Saved
from autograder.grading.resubmission import Former, Resubmission, best_before, former
from autograder.nbgrader import gradebook, update_penalties
from autograder.nbgrader.late import LatePenalty
from autograder.nbgrader.rows import Sheet
from autograder.nbgrader.staging import kept_files
from autograder.notebooks.handed_in_at import read_timestamp
from autograder.notebooks.read import grade_id
from autograder.notebooks.submitted import TIMESTAMP, SubmissionFolder
from autograder.report import messages
from autograder.report.report import UNSAFE_TIER, Outcome, Report
from autograder.stages import stage

READ_ONLY, GROUP_WRITABLE = 0o444, 0o664
# Errors that keep every submission from being written, and not only this one.
FATAL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}

logger = logging.getLogger(__name__)


class Copying(Protocol):
    """A backup of the gradebook, made before the first write."""

    def make_once(self) -> None:
        """Copy the gradebook, unless this run has done so already."""


@dataclass
class Writer:
    """Writes the results of one run over a class."""

    course: Course
    book: Gradebook
    late: LatePenalty
    backup: Copying
    shared: bool = False

    def __post_init__(self) -> None:
        # Each is read once for an assignment. Scores and standings stay as they were when the run began.
        self._sheet = cache_of(lambda assignment: Sheet(self.book, assignment))
        self._scores = cache_of(lambda assignment: self._sheet(assignment).scores())
        self._standings = cache_of(lambda assignment: self._sheet(assignment).standings())

    def still_valid(self, folder: SubmissionFolder, saved: Saved | None, key: str, unsafe: bool) -> Saved | None:
        """Return the saved result if nothing has changed and the gradebook agrees with it; otherwise None.

        A result that was graded without a sandbox is valid only with `unsafe`.
        """
        if saved is None or not saved.is_valid(key) or (saved.report.sandbox == UNSAFE_TIER and not unsafe):
            return None
        if not os.path.isdir(self._autograded(folder)):
            return None
        scores = {grade_id(check.id): check.score for check in saved.report.checks}
        in_gradebook = self._scores(folder.assignment).get(folder.student)
        return saved if in_gradebook and all(each == scores for each in in_gradebook) else None

    def update_penalties(self, assignment: str, students: Collection[str]) -> None:
        """Recompute these learners' late penalties, because the due date or the policy may have changed."""
        sheet = self._sheet(assignment)
        changes = sheet.changed_penalties(self.late, students)
        if changes:
            self.backup.make_once()
            gradebook.write_penalties(sheet, changes)

    def share_free_days(self, students: Collection[str]) -> None:
        """Update these learners' penalties for all assignments, if a hand-in can change the penalty of another."""
        if update_penalties.has_free_days(self.course):
            update_penalties.update_all(self.book, self.late, students, self.backup.make_once)

    def resubmission(self, folder: SubmissionFolder, saved: Saved) -> Resubmission | None:
        """Return what a hand-in replaced and how it stands now; None if either is unknown."""
        if saved.former is None or saved.report.has_error:
            return None
        now = self._sheet(folder.assignment).standings(folder.student).get(folder.student)
        return Resubmission(saved.former, now) if now else None

    def write(
        self, folder: SubmissionFolder, parts: Parts, graded: GradedNotebook
    ) -> tuple[Report, Resubmission | None]:
        """Write one submission. Return the report as written, and the hand-in that it replaced.

        A submission that cannot be written gets a report without a verdict, and the run goes on. An error that affects
        every submission, such as a full disk, is raised.
        """
        try:
            before = self._write(folder, parts, graded)
            saved = Saved.model_construct(key=parts.key, report=graded.report, former=before)
            return graded.report, self.resubmission(folder, saved)
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno in FATAL:
                raise
            logger.exception("%s, %s: could not be written", folder.student, folder.assignment)
            report = without_verdict(graded.report, messages.UNWRITTEN.format(type=type(error).__name__))
            gradebook.write(self._sheet(folder.assignment), folder.student, report, None, self.late)
            return report, None

    def _write(self, folder: SubmissionFolder, parts: Parts, graded: GradedNotebook) -> Former | None:
        """Write one submission, with one transaction for the gradebook. Return the best earlier hand-in.

        The old result is forgotten first, and the new one is saved last. If the run is killed in between, the next one
        grades the submission again.
        """
        self.backup.make_once()
        standing = self._standings(folder.assignment).get(folder.student)
        saved = cache.recall(self.course, folder) if standing else None
        cache.forget(self.course, folder)
        with stage("write the notebook"):
            when = self._write_files(folder, graded.notebook)
        with stage("write the gradebook"):
            sheet = self._sheet(folder.assignment)
            gradebook.write(sheet, folder.student, graded.report, when, self.late)
        with stage("remember the report"):
            before = best_before(when, saved.former if saved else None, former(standing))
            cache.remember(self.course, folder, graded.report, parts, before)
        return before

    def _write_files(self, folder: SubmissionFolder, notebook: str) -> datetime | None:
        """Write the files of autograded/. Return the time of the hand-in in naive UTC, if it is known."""
        target = self._autograded(folder)
        if os.path.isdir(target):
            remove(Path(target))
        os.makedirs(target)
        mode = GROUP_WRITABLE if self.shared else READ_ONLY
        write_new(os.path.join(target, folder.notebook.name), notebook.encode("utf-8", "replace") + b"\n", mode)
        files = kept_files(folder.path)
        for name, content in files.items():
            write_new(os.path.join(target, name), content, mode)
        return read_timestamp(files[TIMESTAMP].decode()) if TIMESTAMP in files else None

    def _autograded(self, folder: SubmissionFolder) -> str:
        return os.path.join(self.course.root, "autograded", folder.student, folder.assignment)


def without_verdict(report: Report, note: str) -> Report:
    """Return a copy of the report with an error for each check, and with a note that says why."""
    nothing = {"outcome": Outcome.ERROR, "score": 0.0, "message": messages.GRADER_ERROR}
    nothing |= dict.fromkeys(("misconception", "hint", "law", "slip", "counterexample", "picture"))
    checks = tuple(check.model_copy(update=nothing) for check in report.checks)
    return report.model_copy(
        update={"checks": checks, "score": 0.0, "notes": (note, *report.notes), "wrong_results": ""}
    )


def write_new(path: str, content: bytes, mode: int) -> None:
    """Write a new file with the permissions that nbgrader would give it."""
    with open(path, "xb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)


def remove(folder: Path) -> None:
    """Remove a folder, even if its files are read-only or another user's. Only the permissions of folders matter."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink() and not os.access(path, os.W_OK | os.X_OK):
            path.chmod(0o755)
    shutil.rmtree(folder)
