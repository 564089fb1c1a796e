"""Moodle's "download all submissions": a folder for each learner, or one file each in the flat form.

Both are named `Full name_123_assignsubmission_file_`. Moodle takes underscores out of full names, so the first one ends
the name. The number is the participant's in this assignment; the grading worksheet of the assignment has it, too.
"""

import re
from collections import defaultdict

from autograder.campus.arrivals.hand_in import Claim, HandIn, Layout
from autograder.campus.zip_reader import Archive, Entry, shown

PART = re.compile(r"([^_]*)_(\d{1,18})_(assign[a-z]+)_([a-z0-9]+)(?:_(.*))?", re.DOTALL)
# Other plugins hold text that was typed into Moodle, and feedback.
SUBMITTED = ("assignsubmission", "file")


def reading(entry: Entry) -> tuple[re.Match[str], str] | None:
    """Return whose an entry is, by the outermost part of its path that says so, and the name of the file."""
    for index, part in enumerate(entry.parts):
        if match := PART.fullmatch(part):
            return match, "/".join([*([match[5]] if match[5] else []), *entry.parts[index + 1 :]])
    return None


def hand_ins(archive: Archive, assignment: str, zone: str) -> list[HandIn]:
    """Return the hand-ins, by the numbers of the participants."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in archive.entries:
        found = reading(entry)
        if found and (found[0][3], found[0][4]) == SUBMITTED:
            groups[found[0][2], found[0][1]].append(entry)
    return [
        HandIn(shown(f"{name}_{number}"), (Claim(number=number, name=name),), tuple(files))
        for (number, name), files in groups.items()
    ]


LAYOUT = Layout(
    "moodle",
    "Moodle's download of all submissions",
    lambda entry: reading(entry) is not None,
    hand_ins,
    number="moodle_ids",
    needs_roster="Download the grading worksheet of this assignment from Moodle, and add --roster WORKSHEET.",
)
