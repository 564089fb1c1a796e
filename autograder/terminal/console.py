"""What everything that is printed for people goes through: a console that never fails, and text that is only text."""

import sys

from rich.console import Console
from rich.text import Text

from autograder.sanitize import clean


def plain(text: str, style: str = "") -> Text:
    """Text that rich shows as it is: nothing in it is markup."""
    return Text(clean(text), style=style)


def console(*, stderr: bool = False) -> Console:
    """A console that never fails on a character that the terminal does not know, and never guesses at highlights."""
    stream = sys.stderr if stderr else sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    # A pipe has no width; 80 columns would tear the messages in a log.
    width = None if stream.isatty() else 110
    return Console(stderr=stderr, highlight=False, emoji=False, markup=False, width=width, soft_wrap=False)
