"""Print one line to people on stderr, so that stdout holds results alone."""

import sys
from contextlib import suppress

from autograder.sanitize import clean


def say(text: str) -> None:
    """Print cleaned text to stderr. A closed stderr is no reason to stop."""
    with suppress(OSError):
        print(clean(text).encode("utf-8", "replace").decode(), file=sys.stderr, flush=True)
