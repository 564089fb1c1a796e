"""When a notebook was handed in: what nbgrader's timestamp.txt says, read without trusting it."""

import os
import re
from datetime import datetime
from pathlib import Path

from autograder.notebooks.files import own_file
from autograder.notebooks.submitted import MOST_LINE, TIMESTAMP

MOST_TIME = 80
# A full date first: of anything less, the rest would be taken from today. A zone is a name, or an offset such as +0100;
# dots and a slash at its beginning would make it a path.
TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[ T]\d\d:[\w:.+-]+(?: (?:[+-]?\w+(?:[:/_+-]\w+)*))?)?|\d{8}T[\w:.+-]+",
    re.ASCII,
)


def read_timestamp(text: str) -> datetime | None:
    """Return nbgrader's timestamp.txt as naive UTC; None where it holds no time.

    What reads it takes minutes for half a megabyte, and looks for a file that is named like the time zone.
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
    """Return the time in a hand-in's folder, without what pads it; empty where there is none that can be read."""
    stamp = own_file(folder / TIMESTAMP, MOST_LINE)
    text = "" if stamp is None else _bare(stamp.decode("utf-8", "replace"))
    return text if text and read_timestamp(text) is not None else ""


def is_unreadable(folder: Path) -> bool:
    """Return True where a time is in the folder, and cannot be read as one."""
    return os.path.lexists(folder / TIMESTAMP) and not own_timestamp(folder)


def _bare(text: str) -> str:
    return text.removeprefix("\ufeff").strip()
