"""Keeps Python from importing what lies in the working folder: a learner may have put a multiprocessing.py there."""

import os
import sys

SAFE_PATH = "PYTHONSAFEPATH"


def keep_off_the_working_folder() -> None:
    """Take the working folder off this process's path, and have every Python that it starts leave it off."""
    os.environ[SAFE_PATH] = "1"
    here = os.getcwd()
    sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != here] + _own(here)


def _own(here: str) -> list[str]:
    """The folder that the kit itself was found in, where that is the working folder."""
    kit = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    return [kit] if kit == here else []
