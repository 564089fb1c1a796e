"""What a process does instead of making pages, in a test: it ends at ben's."""

import os
from pathlib import Path

from autograder.feedback.wanted import WantedPage


def html_of(_root: Path, page: WantedPage) -> str:
    """Return a page, but end this process at ben's."""
    if page.student == "ben":
        os._exit(9)
    return f"the page of {page.student}"
