"""Late penalties, as nbgrader's plugin computes them: the one of course.yml, or another in nbgrader_config.py."""

from dataclasses import dataclass

from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties

from autograder.course import FILE, Course
from autograder.errors import Problem
from autograder.nbgrader.config import nbgrader_config
from autograder.nbgrader.late_plugin import CourseLatePenalty

CONFIG = "nbgrader_config.py"
TWO_POLICIES = "sets {setting}, and {file} has `late:`: only one of them can decide"


@dataclass(frozen=True)
class LatePenalty:
    """nbgrader's preprocessor for late penalties and its plugin, configured as for `nbgrader autograde`."""

    course: Course
    assigning: AssignLatePenalties

    def of(
        self, gradebook: Gradebook, assignment: str, student: str, score: float, seconds_late: float
    ) -> float | None:
        """Return the points that one notebook loses, from 0 to its score; None if it is in time. Raises Problem."""
        if seconds_late <= 0:
            return None
        # A plugin may look at these, as it can when nbgrader itself calls it.
        self.assigning.gradebook, self.assigning.assignment_id, self.assigning.student_id = (
            gradebook,
            assignment,
            student,
        )
        try:
            penalty = self.assigning.plugin_inst.late_submission_penalty(student, score, seconds_late)
            return None if penalty is None else max(0, min(penalty, score))
        except Problem:
            raise
        except Exception as error:
            raise self._problem(error) from error

    def _problem(self, error: Exception) -> Problem:
        name = type(self.assigning.plugin_inst).__name__
        what = f"the late-submission plugin {name} failed: {type(error).__name__}: {error}"
        return Problem(self.course.root / CONFIG, what, "Fix it, or remove AssignLatePenalties.plugin_class.")


def load(course: Course) -> LatePenalty:
    """Return the late penalty of a course. Raises Problem if its plugin cannot be loaded, or if there are two."""
    config = nbgrader_config(course.root)
    try:
        assigning = AssignLatePenalties(config=config)
        assigning.init_plugin()
    except Exception as error:
        what = f"the late-submission plugin could not be loaded: {type(error).__name__}: {error}"
        raise Problem(course.root / CONFIG, what, "Check AssignLatePenalties.plugin_class.") from error
    require_one_policy(course, assigning)
    return LatePenalty(course, assigning)


def require_one_policy(course: Course, assigning: AssignLatePenalties) -> None:
    """Raise Problem if course.yml and nbgrader_config.py both say what lateness costs."""
    if not course.has_late_policy:
        return
    setting = ""
    if not issubclass(assigning.plugin_class, CourseLatePenalty):
        setting = f"AssignLatePenalties.plugin_class to {assigning.plugin_class.__name__}"
    elif (method := assigning.plugin_class(parent=assigning).penalty_method) != "none":
        setting = f"LateSubmissionPlugin.penalty_method to '{method}'"
    if setting:
        what = TWO_POLICIES.format(setting=setting, file=FILE)
        raise Problem(course.root / CONFIG, what, f"Remove that setting, or `late:` in {FILE}.")
