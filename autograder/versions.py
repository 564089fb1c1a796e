"""What a report depends on besides the course: the versions that it was made with. Nothing large is imported."""

import platform
from importlib import metadata

from autograder import __version__

VERSIONS = {
    "autograder": __version__,
    "torch": metadata.version("torch"),
    "numpy": metadata.version("numpy"),
    "python": platform.python_version(),
}
