"""Files as nbgrader's zip_collect expects them: `conv2d_ada_attempt_2027-01-30-15-00-00_conv2d.ipynb`.

Blackboard names downloads like that. Times are those of the campus system. Of several attempts, the last one counts.
"""

import re
from collections import defaultdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from autograder.campus.arrivals.hand_in import Claim, HandIn, Layout
from autograder.campus.zip_reader import Archive, Entry, shown

NAME = re.compile(r"(.+?)_attempt_(\d{4}(?:-\d\d){5})(?:_(.*))?(\.[^.]*)?", re.DOTALL)
TIME = "%Y-%m-%d-%H-%M-%S"


def reading(entry: Entry) -> re.Match[str] | None:
    """Return the parts of the name of an entry; None if it is of another kind."""
    return NAME.fullmatch(entry.parts[-1])


def hand_ins(archive: Archive, assignment: str, zone: str) -> list[HandIn]:
    """Return each attempt."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in archive.entries:
        if match := reading(entry):
            groups[match[1], match[2]].append(entry)
    return [
        HandIn(
            shown(f"{before}_attempt_{time}"),
            (Claim(ids=_ids(before, assignment)),),
            tuple(files),
            _time(time, zone),
            is_attempt=True,
        )
        for (before, time), files in groups.items()
    ]


def _ids(before: str, assignment: str) -> tuple[str, ...]:
    """Return what may be the id: what follows the assignment's name, or what follows any underscore."""
    if before.startswith(f"{assignment}_"):
        return (before.removeprefix(f"{assignment}_"),)
    pieces = before.split("_")
    return tuple("_".join(pieces[index:]) for index in range(1, len(pieces))) or (before,)


def _time(text: str, zone: str) -> datetime | None:
    try:
        return datetime.strptime(text, TIME).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


LAYOUT = Layout(
    "attempts", "files as nbgrader's zip_collect takes them", lambda entry: reading(entry) is not None, hand_ins
)
