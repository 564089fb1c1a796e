"""Puts what was graded where it belongs: autograded/, the gradebook, results/. Only one process ever does this."""

import errno
import logging
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache as cache_of
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.grading import cache
from autograder.grading.backup import Backup
from autograder.grading.batch import GradedNotebook
from autograder.grading.cache import Saved
from autograder.grading.resubmission import Former, Resubmission, best_before, former
from autograder.nbgrader import gradebook
from autograder.nbgrader.late import LatePenalty
from autograder.nbgrader.rows import Sheet
from autograder.nbgrader.staging import kept
from autograder.notebooks.handed_in_at import read_timestamp
from autograder.notebooks.read import grade_id
from autograder.notebooks.submitted import TIMESTAMP, SubmissionFolder
from autograder.report import messages
from autograder.report.report import UNSAFE_TIER, Outcome, Report
from autograder.stages import stage

READ_ONLY, GROUPS = 0o444, 0o664
EVERYBODYS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}

logger = logging.getLogger(__name__)


@dataclass
class Filing:
    """Where a class run writes to."""

    course: Course
    book: gradebook.Gradebook
    late: LatePenalty
    backup: Backup
    shared: bool = False

    def __post_init__(self) -> None:
        # By assignment; the scores and hand-ins are those that stood in the gradebook when the run began.
        self._sheet = cache_of(lambda assignment: Sheet(self.book, assignment))
        self._scores = cache_of(lambda assignment: self._sheet(assignment).scores())
        self._stood = cache_of(lambda assignment: self._sheet(assignment).standings())

    def known(self, folder: SubmissionFolder, saved: Saved | None, key: str, unsafe: bool) -> Saved | None:
        """The last result, where it holds, the gradebook says the same, and a sandbox was there or need not be."""
        if saved is None or not saved.holds(key) or (saved.report.sandbox == UNSAFE_TIER and not unsafe):
            return None
        if not os.path.isdir(self._autograded(folder)):
            return None
        scores = {grade_id(check.id): check.score for check in saved.report.checks}
        found = self._scores(folder.assignment).get(folder.student)
        return saved if found and all(one == scores for one in found) else None

    def bring_lateness_up_to_date(self, assignment: str, students: Collection[str]) -> None:
        """Work out anew what these learners lose for being late: the due date or the policy may have changed."""
        sheet = self._sheet(assignment)
        changes = sheet.changed_penalties(self.late, students)
        if changes:
            self.backup.make_once()
            gradebook.write_penalties(sheet, changes)

    def resubmission(self, folder: SubmissionFolder, saved: Saved) -> Resubmission | None:
        """Return what a hand-in took the place of, and how it stands now; None where nothing is known of either."""
        if saved.former is None or saved.report.has_error:
            return None
        now = self._sheet(folder.assignment).standings(folder.student).get(folder.student)
        return Resubmission(saved.former, now) if now else None

    def put(self, folder: SubmissionFolder, key: str, graded: GradedNotebook) -> tuple[Report, Resubmission | None]:
        """Write one submission into autograded/ and the gradebook; the report as it is there, and what was before it.

        One that cannot be written is an error of its own: nobody else's grade waits for it. What keeps all of them from
        being written, such as a full disk, is raised.
        """
        try:
            saved = Saved.model_construct(key=key, report=graded.report, former=self._put(folder, key, graded))
            return graded.report, self.resubmission(folder, saved)
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno in EVERYBODYS:
                raise
            logger.exception("%s, %s: could not be written", folder.student, folder.assignment)
            none = without_verdict(graded.report, messages.UNWRITTEN.format(type=type(error).__name__))
            gradebook.write(self._sheet(folder.assignment), folder.student, none, None, self.late)
            return none, None

    def _put(self, folder: SubmissionFolder, key: str, graded: GradedNotebook) -> Former | None:
        """One submission into autograded/ and, in one transaction, into the gradebook; the best one before it.

        The last result is forgotten first and the new one remembered last: whoever is killed between has it to do
        again.
        """
        self.backup.make_once()
        stood = self._stood(folder.assignment).get(folder.student)
        saved = cache.recall(self.course, folder) if stood else None
        cache.forget(self.course, folder)
        with stage("write the notebook"):
            when = self._write(folder, graded.notebook)
        with stage("write the gradebook"):
            sheet = self._sheet(folder.assignment)
            gradebook.write(sheet, folder.student, graded.report, when, self.late)
        with stage("remember the report"):
            before = best_before(when, saved and saved.former, former(stood))
            cache.remember(self.course, folder, graded.report, key, before)
        return before

    def _write(self, folder: SubmissionFolder, notebook: str) -> Any:
        """The files of autograded/; when it was handed in, naive UTC, if that is known."""
        target = self._autograded(folder)
        if os.path.isdir(target):
            remove(Path(target))
        os.makedirs(target)
        mode = GROUPS if self.shared else READ_ONLY
        write_new(os.path.join(target, folder.notebook.name), notebook.encode("utf-8", "replace") + b"\n", mode)
        files = kept(folder.path)
        for name, content in files.items():
            write_new(os.path.join(target, name), content, mode)
        return read_timestamp(files[TIMESTAMP].decode()) if TIMESTAMP in files else None

    def _autograded(self, folder: SubmissionFolder) -> str:
        return os.path.join(self.course.root, "autograded", folder.student, folder.assignment)


def without_verdict(report: Report, note: str) -> Report:
    """The report with an error for each check, and a note that says why."""
    nothing = {"outcome": Outcome.ERROR, "score": 0.0, "message": messages.GRADER_ERROR}
    nothing |= dict.fromkeys(("misconception", "hint", "law", "counterexample", "picture"))
    checks = tuple(check.model_copy(update=nothing) for check in report.checks)
    return report.model_copy(update={"checks": checks, "score": 0.0, "notes": (note, *report.notes)})


def write_new(path: str, content: bytes, mode: int) -> None:
    """A new file with the permissions that nbgrader gives it: nobody is to change it, or only the group."""
    with open(path, "xb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)


def remove(folder: Path) -> None:
    """Remove a folder. Its files may be read-only or another user's: what counts is the folder that they are in."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink() and not os.access(path, os.W_OK | os.X_OK):
            path.chmod(0o755)
    shutil.rmtree(folder)
