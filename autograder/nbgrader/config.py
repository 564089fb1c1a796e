"""Find the course's nbgrader settings, as nbgrader's own commands find them."""

from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Application, Config

from autograder import course
from autograder.course import Course
from autograder.errors import Problem

# The folder for solved notebooks, to hand out after the deadline.
SOLVED = "solved"


def nbgrader_config(root: Path) -> Config:
    """Return the settings from Jupyter's configuration folders, then from the course's own file. Raises Problem."""
    reader = Application()
    reader.raise_config_file_errors = True
    try:
        reader.load_config_file("nbgrader_config", path=[str(root), *jupyter_config_path()])
    except Problem:
        raise
    except Exception as error:
        what = f"could not be read: {type(error).__name__}: {error}"
        raise Problem(root / "nbgrader_config.py", what, "Fix it, or compare it with the kit's own.") from error
    config: Config = reader.config
    config.CourseDirectory.root = str(root)
    return config


def current_course() -> Course:
    """Return the course that nbgrader works on: its converters change into the course's root."""
    return course.load(Path.cwd())
