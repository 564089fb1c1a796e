"""Configure nbgrader to use the kit: check cells when it makes stubs, the judge instead of a kernel when it grades."""

from pathlib import Path
from typing import Any

from nbgrader import preprocessors
from nbgrader.converters import Autograde

from autograder import course
from autograder.nbgrader.autograding import Judge, PreparingExporter, Record, find_every_folder
from autograder.nbgrader.config import SOLVED
from autograder.nbgrader.export import SafeCsvExport
from autograder.nbgrader.feedback_page import configure_feedback
from autograder.nbgrader.generating import AddChecks, NoStrayExporter, RemoveMarks, SaveDueDate
from autograder.nbgrader.gradebook import put_programs_on_path
from autograder.nbgrader.late_plugin import CourseLatePenalty
from autograder.nbgrader.update_penalties import ShareFreeDays

# A kernel on the same machine warns that it does not encrypt.
QUIET = ["--IPKernelApp.log_level=40"]


def configure(config: Any, root: Path) -> None:
    """Point nbgrader at the course in `root` and at the kit. Raises Problem if course.yml is wrong."""
    put_programs_on_path()
    the_course = course.load(root)
    # No setting of nbgrader's takes effect before this.
    Autograde.init_notebooks = find_every_folder
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = the_course.course
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "assignments"
    config.CourseDirectory.solution_directory = SOLVED
    config.Exchange.timezone = "UTC"
    if the_course.has_late_policy:
        # A plugin that the file itself names is reported as a conflict, not replaced.
        config.AssignLatePenalties.setdefault("plugin_class", CourseLatePenalty)
    _configure_generating(config)
    configure_feedback(config)
    config.ExportApp.plugin_class = SafeCsvExport
    config.Autograde.exporter_class = PreparingExporter
    config.Autograde.sanitize_preprocessors = [preprocessors.CheckCellMetadata]
    config.Autograde.autograde_preprocessors = [
        Judge,
        Record,
        ShareFreeDays,
        preprocessors.CheckCellMetadata,
    ]


def _configure_generating(config: Any) -> None:
    """Set up how nbgrader makes stubs and solved notebooks."""
    config.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    config.GenerateAssignment.exporter_class = NoStrayExporter
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
    config.GenerateSolution.preprocessors = [AddChecks, RemoveMarks, preprocessors.ClearOutput, preprocessors.Execute]
    config.Execute.extra_arguments = QUIET
