"""The kit's part in `nbgrader autograde`: it repairs notebooks, judges them in the sandbox and records the scores."""

import atexit
import gc
import glob
import os
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from nbgrader.utils import rmtree
from traitlets import Bool

from autograder.course import Course
from autograder.errors import Problem
from autograder.nbgrader.config import current_course
from autograder.nbgrader.extensions import complete_rows
from autograder.nbgrader.gradebook import Forgotten, forget, record
from autograder.nbgrader.late import require_one_policy
from autograder.nbgrader.staging import guard
from autograder.notebooks.fill import fill
from autograder.notebooks.read import load_notebook, nbgrader_metadata
from autograder.sandbox.control import SandboxError
from autograder.sandbox.host import Sandbox

# PyTorch is imported only where it is needed: every nbgrader command imports this module.

ORIGINAL_INIT_NOTEBOOKS = BaseConverter.init_notebooks


class PreparingExporter(NotebookExporter):
    """Reads and repairs each submission before any preprocessor can fail on it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]  # nbconvert has no types here
        self._forgotten: Forgotten = {}
        _sandbox(current_course(), Judge(parent=self.parent).unsafe_no_sandbox)
        guard(self.parent)
        assigning = AssignLatePenalties(parent=self.parent)
        require_one_policy(current_course(), assigning)

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **options: Any) -> Any:
        """Export the repaired notebook when nbgrader sanitizes it, and the file as it is afterwards."""
        from autograder.judge import notebooks

        if resources is None or not getattr(self.parent, "_sanitizing", True):
            if resources is not None:
                resources["nbgrader"]["forgotten"] = self._forgotten
            return super().from_filename(filename, resources, **options)
        names = resources["nbgrader"]
        with Gradebook(names["db_url"], current_course().course) as gradebook:
            row = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            self._forgotten = forget(row)
            gradebook.db.commit()
        prepared = notebooks.prepare(current_course(), names["assignment"], Path(filename)).notebook
        # nbconvert has no types here.
        return self.from_notebook_node(prepared, resources, **options)  # type: ignore[no-untyped-call]


def find_every_folder(autograde: Autograde) -> None:
    """Find the expected notebook of every folder, whether or not the folder holds it.

    nbgrader itself drops a renamed notebook, gives it 0 and stops with an error. It drops a folder without any notebook
    and keeps its old scores. If that is the only folder, as for formgrader's button, it stops before it calls the kit.
    """
    coursedir = autograde.coursedir
    pattern = coursedir.format_path(coursedir.submitted_directory, coursedir.student_id, coursedir.assignment_id)
    folders = [folder for folder in glob.glob(pattern) if os.path.isdir(folder)]
    if autograde.exporter_class is not PreparingExporter or coursedir.notebook_id != "*" or not folders:
        ORIGINAL_INIT_NOTEBOOKS(autograde)
        return
    autograde.notebooks = []
    autograde.assignments = {}
    for folder in folders:
        student, assignment = Path(folder).parent.name, Path(folder).name
        autograde.assignments[folder] = [os.path.join(folder, f"{assignment}.ipynb")]
        graded = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
        if graded.is_dir() and not _is_complete(graded / f"{assignment}.ipynb"):
            rmtree(str(graded))
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        complete_rows(gradebook, {(Path(folder).parent.name, Path(folder).name) for folder in folders})


def _is_complete(path: Path) -> bool:
    """Return False for what a killed run left behind: nbgrader would take it for graded and skip it."""
    try:
        cells = load_notebook(path)["cells"]
    except Problem:
        return False
    return all(cell.get("outputs") for cell in cells if nbgrader_metadata(cell).get("grade"))


class Judge(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Grades the notebook with the hidden suite and fills its check cells. No kernel runs."""

    unsafe_no_sandbox = Bool(
        False, help="Grade on a machine that cannot isolate submissions. Each submission then has all of your rights."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Fill the check cells, and add the report to the resources."""
        from autograder.judge import judge, notebooks

        course = current_course()
        name = resources["nbgrader"]["notebook"]
        submission = notebooks.read_prepared(nb, resources["nbgrader"]["assignment"], f"{name}.ipynb")
        try:
            sandbox = _sandbox(course, self.unsafe_no_sandbox).result()
            (report,) = judge.grade(course, [submission], sandbox, pictures=True)
        except SandboxError:
            # The zygote may have been killed for its memory. The next notebook gets a new one.
            _sandbox.cache_clear()
            raise
        resources["nbgrader"]["report"] = report
        return fill(nb, report), resources


class Record(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Writes the report's scores into the gradebook. A check without a verdict needs manual grading."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Write the scores. The notebook stays unchanged."""
        names = resources["nbgrader"]
        with Gradebook(names["db_url"], current_course().course) as gradebook:
            row = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            record(row, names["report"], names["forgotten"])
            gradebook.db.commit()
        if names["report"].has_error:
            self.log.error("Some checks of %s have no verdict: they need manual grading", names["student"])
        return nb, resources


@lru_cache(maxsize=1)
def _sandbox(course: Course, unsafe: bool) -> "Future[Sandbox]":
    """Start the one zygote of nbgrader's process. It warms up while this process imports PyTorch, too."""
    executor = ThreadPoolExecutor(1)
    future = executor.submit(Sandbox.for_course(course, unsafe=unsafe).__enter__)
    future.add_done_callback(lambda started: started.exception() or atexit.register(started.result().__exit__))
    executor.shutdown(wait=False)
    # Exempt imported modules from a last garbage collection as this process ends.
    atexit.register(gc.freeze)
    return future
