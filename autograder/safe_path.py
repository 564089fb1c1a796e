"""Keep Python from importing files in the working folder: a learner may have put a multiprocessing.py there."""

import os
import sys

SAFE_PATH = "PYTHONSAFEPATH"


def keep_off_the_working_folder() -> None:
    """Remove the working folder from the path of this process, and of every Python that it starts."""
    os.environ[SAFE_PATH] = "1"
    here = os.getcwd()
    sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != here] + _own(here)


def _own(here: str) -> list[str]:
    """Return the kit's own folder where that is the working folder, else nothing."""
    kit = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    return [kit] if kit == here else []
