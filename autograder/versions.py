"""The versions that a report depends on. They are read without importing the packages."""

import platform
from importlib import metadata

from autograder import __version__

VERSIONS = {
    "autograder": __version__,
    "torch": metadata.version("torch"),
    "numpy": metadata.version("numpy"),
    "python": platform.python_version(),
}
