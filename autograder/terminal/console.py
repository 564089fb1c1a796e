"""A console that never fails, and text that rich prints as it is."""

import sys

from rich.console import Console
from rich.text import Text

from autograder.sanitize import clean


def plain(text: str, style: str = "") -> Text:
    """Return cleaned text that rich does not read as markup."""
    return Text(clean(text), style=style)


def console(*, stderr: bool = False) -> Console:
    """Return a console that replaces characters the terminal cannot show, and highlights nothing by itself."""
    stream = sys.stderr if stderr else sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    # A pipe has no width, and rich's default of 80 columns would break the messages in a log.
    width = None if stream.isatty() else 110
    return Console(stderr=stderr, highlight=False, emoji=False, markup=False, width=width, soft_wrap=False)
