"""Canvas's download of submissions: files named `lastfirst_[LATE_]userid_fileid_original name`.

The name is in small letters, and has only letters, digits and underscores. The times in the archive are those of the
download, so the times of the hand-ins are not known; only LATE is.
"""

import re
from collections import defaultdict

from autograder.campus.arrivals.hand_in import Claim, HandIn, Layout
from autograder.campus.zip_reader import Archive, Entry, shown

NAME = re.compile(r"(.*?)_(LATE_)?(\d{1,18})_(\d{1,18})_(.+)", re.DOTALL)


def reading(entry: Entry) -> re.Match[str] | None:
    """Return the parts of the name of an entry; None if Canvas has not named it."""
    match = NAME.fullmatch(entry.parts[-1])
    # Where learners are anonymous, the first number is that of a file.
    return None if match and match[1].startswith("anon_") else match


def hand_ins(archive: Archive, assignment: str, zone: str) -> list[HandIn]:
    """Return the hand-ins, by Canvas's ids of the learners."""
    groups: dict[tuple[str, str, bool], list[Entry]] = defaultdict(list)
    for entry in archive.entries:
        if match := reading(entry):
            groups[match[3], match[1], bool(match[2])].append(entry)
    return [
        HandIn(shown(f"{name}_{number}"), (Claim(number=number, name=name),), tuple(files), late=late)
        for (number, name, late), files in groups.items()
    ]


LAYOUT = Layout(
    "canvas",
    "Canvas's download of submissions",
    lambda entry: reading(entry) is not None,
    hand_ins,
    number="canvas_id",
    lasting=True,
    has_times=False,
    needs_roster="Export the gradebook from Canvas as CSV, and add --roster EXPORT or run `autograder roster EXPORT`.",
)
