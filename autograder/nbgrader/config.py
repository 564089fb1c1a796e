"""nbgrader's settings of a course, as nbgrader's own commands find them."""

from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Application, Config

from autograder.errors import Problem


def nbgrader_config(root: Path) -> Config:
    """The settings in Jupyter's configuration folders, then in the course's own file. Raises Problem."""
    reader = Application()
    reader.raise_config_file_errors = True
    try:
        reader.load_config_file("nbgrader_config", path=[str(root), *jupyter_config_path()])
    except Problem:
        raise
    except Exception as error:
        what = f"could not be read: {type(error).__name__}: {error}"
        raise Problem(root / "nbgrader_config.py", what, "Mend it, or compare it with the kit's own.") from error
    reader.config.CourseDirectory.root = str(root)
    return reader.config
