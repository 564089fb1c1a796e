"""Late penalties, as the nbgrader plugin computes them that the course's nbgrader_config.py names."""

from dataclasses import dataclass
from pathlib import Path

from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties

from autograder.errors import Problem
from autograder.nbgrader.config import nbgrader_config

CONFIG = "nbgrader_config.py"


@dataclass(frozen=True)
class LatePenalty:
    """nbgrader's late-submission plugin, configured as `nbgrader autograde` would configure it."""

    root: Path
    plugin: BasePlugin

    def of(self, student: str, score: float, seconds_late: float) -> float | None:
        """Return the points that one notebook loses, from 0 to its score; None if it is in time. Raises Problem."""
        if seconds_late <= 0:
            return None
        try:
            penalty = self.plugin.late_submission_penalty(student, score, seconds_late)
            return None if penalty is None else max(0, min(penalty, score))
        except Exception as error:
            raise self._problem(error) from error

    def _problem(self, error: Exception) -> Problem:
        what = f"the late-submission plugin {type(self.plugin).__name__} failed: {type(error).__name__}: {error}"
        return Problem(self.root / CONFIG, what, "Fix it, or remove AssignLatePenalties.plugin_class.")


def load(root: Path) -> LatePenalty:
    """Return the late penalty of the course in `root`. Raises Problem if its plugin cannot be loaded."""
    config = nbgrader_config(root)
    try:
        assigned = AssignLatePenalties(config=config)
        assigned.init_plugin()
    except Exception as error:
        what = f"the late-submission plugin could not be loaded: {type(error).__name__}: {error}"
        raise Problem(root / CONFIG, what, "Check AssignLatePenalties.plugin_class.") from error
    return LatePenalty(root, assigned.plugin_inst)
