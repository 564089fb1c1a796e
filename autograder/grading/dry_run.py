"""Grade without writing anything that lasts: reports and scores go into a copy of the gradebook alone."""

from autograder.grading import cache
from autograder.grading.batch import GradedNotebook
from autograder.grading.cache import Parts
from autograder.grading.resubmission import Former, best_before, former
from autograder.grading.writer import Writer
from autograder.nbgrader import gradebook
from autograder.nbgrader.staging import kept_files
from autograder.notebooks.handed_in_at import read_timestamp
from autograder.notebooks.submitted import TIMESTAMP, SubmissionFolder


class NoBackup:
    """Stands for the backup of a gradebook that is a copy itself."""

    def make_once(self) -> None:
        """Do nothing."""


class DryRun(Writer):
    """Writes what a run would write into the gradebook, and no files. Its gradebook is a copy."""

    def _write(self, folder: SubmissionFolder, parts: Parts, graded: GradedNotebook) -> Former | None:
        standing = self._standings(folder.assignment).get(folder.student)
        saved = cache.recall(self.course, folder) if standing else None
        files = kept_files(folder.path)
        when = read_timestamp(files[TIMESTAMP].decode()) if TIMESTAMP in files else None
        gradebook.write(self._sheet(folder.assignment), folder.student, graded.report, when, self.late)
        return best_before(when, saved.former if saved else None, former(standing))
