"""Where nbgrader calls the kit: check cells at generating, our judge in place of a kernel at autograding."""

import atexit
import gc
import glob
import json
import os
import re
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader import preprocessors
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import rmtree
from traitlets import Bool

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from autograder.nbgrader.export import SafeCsvExport
from autograder.nbgrader.feedback_page import configure_feedback
from autograder.nbgrader.gradebook import forget, programs_on_path, record
from autograder.nbgrader.staging import guard
from autograder.nbgrader.strays import refuse_strays
from autograder.notebooks.fill import fill
from autograder.notebooks.read import grade_id, load_notebook, nbgrader_metadata
from autograder.sandbox.control import SandboxError
from autograder.sandbox.host import Sandbox

# What imports PyTorch is imported where it is needed: every nbgrader command reads this module.

HIDDEN_CHECKS = "hidden-checks"
SOLVED = "solved"
# A kernel on the same machine warns that it does not encrypt.
QUIET = ["--IPKernelApp.log_level=40"]
NBGRADERS_OWN = BaseConverter.init_notebooks
MARK = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", re.MULTILINE)
# In a running notebook the cell fails unless the visible check of that title passed: nbgrader's Validate button
# counts these cells alone. The name is defined among the visible checks. Grading fills the cell and never runs it.
CHECK_CELL = "# {title} ({points:g} {noun})\nvisible_check_passed({quoted})"


def configure(config: Any, root: Path) -> None:
    """Point nbgrader at the course in `root` and at the kit. Raises Problem where course.yml is wrong."""
    programs_on_path()
    the_course = course.load(root)
    # No setting of nbgrader's comes before this.
    Autograde.init_notebooks = _take_every_folder
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = the_course.course
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "assignments"
    config.CourseDirectory.solution_directory = SOLVED
    config.Exchange.timezone = "UTC"
    config.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    config.GenerateAssignment.exporter_class = NothingStrayExporter
    config.GenerateAssignment.preprocessors = [
        AddChecks,
        preprocessors.LockCells,
        preprocessors.ClearSolutions,
        preprocessors.ClearOutput,
        preprocessors.CheckCellMetadata,
        preprocessors.ComputeChecksums,
        preprocessors.SaveCells,
        SaveDueDate,
        preprocessors.CheckCellMetadata,
    ]
    configure_feedback(config)
    config.GenerateSolution.preprocessors = [AddChecks, DropMarks, preprocessors.ClearOutput, preprocessors.Execute]
    config.Execute.extra_arguments = QUIET
    config.ExportApp.plugin_class = SafeCsvExport
    config.Autograde.exporter_class = PreparingExporter
    config.Autograde.sanitize_preprocessors = [preprocessors.CheckCellMetadata]
    config.Autograde.autograde_preprocessors = [
        Judge,
        Record,
        preprocessors.AssignLatePenalties,
        preprocessors.CheckCellMetadata,
    ]


def here() -> Course:
    """The course that nbgrader works on: its converters change into the course's root."""
    return course.load(Path.cwd())


class NothingStrayExporter(NotebookExporter):
    """Refuses to make stubs where a stray file would go with them. nbgrader has not removed the old stubs by then."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # nbgrader has not gone into the course's root yet.
        coursedir = self.parent.coursedir
        for folder in self.parent.assignments:
            try:
                refuse_strays(course.load(Path(coursedir.root)), Path(folder).name, coursedir.ignore)
            except Problem as problem:
                self.parent.log.error(str(problem))
                # nbgrader's own ends without a traceback.
                raise NbGraderException(str(problem)) from None


class AddChecks(NbGraderPreprocessor):
    """Adds one locked cell for each hidden check: its title, its points, and whether its visible check passed."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        from autograder.suite.load import load_suite

        suite = load_suite(resources["nbgrader"]["assignment"])
        assignment = here().assignment(suite.id)
        points = suite.points(assignment)
        at = next((i for i, cell in enumerate(nb.cells) if cell.get("id") == HIDDEN_CHECKS), len(nb.cells) - 1)
        nb.cells[at + 1 : at + 1] = [
            _check_cell(check.id, check.title, points[check.id], assignment.bonus) for check in suite.checks
        ]
        return nb, resources


def _check_cell(check: str, title: str, points: float, bonus: bool) -> NotebookNode:
    """The cell of a check. What is worth a bonus has a maximum of 0: its score still counts, in all sums."""
    noun = ("bonus " if bonus else "") + ("point" if points == 1 else "points")
    source = CHECK_CELL.format(title=title, points=points, noun=noun, quoted=json.dumps(title, ensure_ascii=False))
    cell = nbformat.v4.new_code_cell(source, id=grade_id(check))
    most = 0.0 if bonus else points
    flags = {"grade": True, "solution": False, "locked": True, "task": False}
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": grade_id(check), "points": most, **flags}
    return cell


class SaveDueDate(NbGraderPreprocessor):
    """Writes course.yml's due date into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        the_course = here()
        name = resources["nbgrader"]["assignment"]
        due = the_course.due_utc(the_course.assignment(name))
        with Gradebook(resources["nbgrader"]["db_url"], the_course.course) as gradebook:
            gradebook.update_or_create_assignment(name, duedate=due.replace(tzinfo=None) if due else None)
        return nb, resources


class DropMarks(NbGraderPreprocessor):
    """Takes the lines that mark a solution's begin and end out of a solved notebook."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        for cell in nb.cells:
            cell.source = MARK.sub("", cell.source)
        return nb, resources


class PreparingExporter(NotebookExporter):
    """Reads whatever was handed in and makes it whole, before any preprocessor can stumble over it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        _sandbox(here(), Judge(parent=self.parent).unsafe_no_sandbox)
        guard(self.parent)

    def from_filename(self, filename: str, resources: dict | None = None, **options: Any) -> Any:
        from autograder.judge import notebooks

        if not getattr(self.parent, "_sanitizing", True):
            return super().from_filename(filename, resources, **options)
        told = resources["nbgrader"]
        with Gradebook(told["db_url"], here().course) as gradebook:
            forget(gradebook.find_submission_notebook(told["notebook"], told["assignment"], told["student"]))
            gradebook.db.commit()
        prepared = notebooks.prepare(here(), told["assignment"], Path(filename)).notebook
        return self.from_notebook_node(prepared, resources, **options)


def _take_every_folder(autograde: Autograde) -> None:
    """Find the one notebook that belongs into each folder, whatever lies there in its place, or nothing.

    nbgrader's own way drops a renamed notebook, gives it 0 and stops with an error; it drops a folder without any, old
    scores and all; and where that is the only folder, as for formgrader's button, it stops before it asks the kit.
    """
    coursedir = autograde.coursedir
    pattern = coursedir.format_path(coursedir.submitted_directory, coursedir.student_id, coursedir.assignment_id)
    folders = [folder for folder in glob.glob(pattern) if os.path.isdir(folder)]
    if autograde.exporter_class is not PreparingExporter or coursedir.notebook_id != "*" or not folders:
        NBGRADERS_OWN(autograde)
        return
    autograde.notebooks = []
    autograde.assignments = {}
    for folder in folders:
        student, assignment = Path(folder).parent.name, Path(folder).name
        autograde.assignments[folder] = [os.path.join(folder, f"{assignment}.ipynb")]
        graded = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
        if graded.is_dir() and not _is_filled(graded / f"{assignment}.ipynb"):
            rmtree(str(graded))


def _is_filled(path: Path) -> bool:
    """False for what a run that was killed left behind: nbgrader would take it for graded, and go on to the next."""
    try:
        cells = load_notebook(path)["cells"]
    except Problem:
        return False
    return all(cell.get("outputs") for cell in cells if nbgrader_metadata(cell).get("grade"))


class Judge(NbGraderPreprocessor):
    """Grades the notebook with the hidden suite and fills its check cells; no kernel runs anything."""

    unsafe_no_sandbox = Bool(
        False, help="Grade on a machine that cannot isolate submissions. Each of them then has all of your rights."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        from autograder.judge import judge, notebooks

        the_course = here()
        name = resources["nbgrader"]["notebook"]
        submission = notebooks.read_prepared(nb, resources["nbgrader"]["assignment"], f"{name}.ipynb")
        try:
            sandbox = _sandbox(the_course, self.unsafe_no_sandbox).result()
            (report,) = judge.grade(the_course, [submission], sandbox, pictures=True)
        except SandboxError:
            # Its zygote may be gone, killed for its memory; the next notebook gets a new one.
            _sandbox.cache_clear()
            raise
        resources["nbgrader"]["report"] = report
        return fill(nb, report), resources


class Record(NbGraderPreprocessor):
    """Writes the report's scores into the gradebook; a check without a verdict needs manual grading."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        told = resources["nbgrader"]
        with Gradebook(told["db_url"], here().course) as gradebook:
            row = gradebook.find_submission_notebook(told["notebook"], told["assignment"], told["student"])
            record(row, told["report"])
            gradebook.db.commit()
        if told["report"].has_error:
            self.log.error("No verdict on some checks of %s: they need manual grading", told["student"])
        return nb, resources


@lru_cache(maxsize=1)
def _sandbox(the_course: Course, unsafe: bool) -> "Future[Sandbox]":
    """One zygote for as long as nbgrader's process lives. It warms up while that imports PyTorch, too."""
    other = ThreadPoolExecutor(1)
    started = other.submit(Sandbox.for_course(the_course, unsafe=unsafe).__enter__)
    started.add_done_callback(lambda done: done.exception() or atexit.register(done.result().__exit__))
    other.shutdown(wait=False)
    # What was imported is not looked through for garbage once more as this process ends.
    atexit.register(gc.freeze)
    return started
