"""A plain zip, in which ids are names: `ada.ipynb`, `ada/conv2d.ipynb` or nbgrader's `submitted/ada/conv2d/…`."""

from collections import defaultdict
from datetime import UTC, datetime

from autograder.campus.arrivals.hand_in import Claim, HandIn, Layout
from autograder.campus.zip_reader import Archive, Entry, Refused, shown
from autograder.notebooks.handed_in_at import read_timestamp
from autograder.notebooks.submitted import MOST_LINE, TIMESTAMP

TOP = "submitted"


def hand_ins(archive: Archive, assignment: str, zone: str) -> list[HandIn]:
    """Return the hand-ins, by the names of files or folders. Folders of other assignments are none of this one's."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in archive.entries:
        parts = entry.parts[1:] if entry.parts[0] == TOP else entry.parts
        if len(parts) == 1:
            groups[parts[0].rpartition(".")[0] or parts[0]].append(entry)
        elif len(parts) == 2 or (len(parts) > 2 and parts[1] == assignment):
            groups[parts[0]].append(entry)
    return [
        HandIn(shown(name), (Claim(ids=(name,)),), tuple(files), _time(archive, files))
        for name, files in groups.items()
    ]


def _time(archive: Archive, files: list[Entry]) -> datetime | None:
    """Return the time in nbgrader's timestamp.txt, if there is one."""
    for entry in files:
        if entry.parts[-1] == TIMESTAMP:
            try:
                read = read_timestamp(archive.read(entry, MOST_LINE).decode("utf-8", "replace"))
            except Refused:
                continue
            return read and read.replace(tzinfo=UTC)
    return None


LAYOUT = Layout("plain", "a plain archive, with ids as names", lambda entry: True, hand_ins)
