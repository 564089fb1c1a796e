"""Read when a notebook was handed in from nbgrader's timestamp.txt, without trusting the file."""

import os
import re
from datetime import datetime
from pathlib import Path

from autograder.notebooks.files import own_file
from autograder.notebooks.submitted import MOST_LINE, TIMESTAMP

MOST_TIME = 80
# A full date first: the parser would take missing parts from today's date. A zone is a name, or an offset such as
# +0100. With dots and a slash at its beginning, it would be a path.
TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[ T]\d\d:[\w:.+-]+(?: (?:[+-]?\w+(?:[:/_+-]\w+)*))?)?|\d{8}T[\w:.+-]+",
    re.ASCII,
)


def read_timestamp(text: str) -> datetime | None:
    """Return the time in the text of a timestamp.txt as naive UTC; None where it holds no time.

    The text is checked before nbgrader parses it: its parser takes minutes for half a megabyte, and opens a file that
    is named like the time zone.
    """
    from nbgrader.utils import parse_utc

    time = _bare(text)
    if len(time) > MOST_TIME or not TIME.fullmatch(time):
        return None
    try:
        parsed: datetime = parse_utc(time)
    except (ValueError, OverflowError):
        return None
    return parsed


def own_timestamp(folder: Path) -> str:
    """Return the time in a hand-in's folder, without padding; empty where there is none that can be read."""
    stamp = own_file(folder / TIMESTAMP, MOST_LINE)
    text = "" if stamp is None else _bare(stamp.decode("utf-8", "replace"))
    return text if text and read_timestamp(text) is not None else ""


def is_unreadable(folder: Path) -> bool:
    """Return whether the folder has a timestamp.txt that cannot be read as a time."""
    return os.path.lexists(folder / TIMESTAMP) and not own_timestamp(folder)


def _bare(text: str) -> str:
    return text.removeprefix("\ufeff").strip()
