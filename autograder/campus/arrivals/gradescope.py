"""Gradescope's export: one folder for each submission, and submission_metadata.yml, which says whose each one is.

One submission may have several submitters. Each of them gets a copy.
"""

import re
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from autograder.campus.arrivals.hand_in import Claim, HandIn, Layout
from autograder.campus.arrivals.shallow_yaml import read_yaml
from autograder.campus.zip_reader import Archive, Entry, Refused, shown
from autograder.errors import Problem

METADATA = "submission_metadata.yml"
MOST_METADATA = 40_000_000
# Ruby writes "2026-01-05 10:00:00.123456000 Z".
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)")
AGAIN = "Export the submissions from Gradescope again."


def hand_ins(archive: Archive, assignment: str, zone: str) -> list[HandIn]:
    """Return the hand-ins that the metadata lists. Raises Problem if the metadata cannot be read."""
    found = [entry for entry in archive.entries if entry.parts[-1] == METADATA and len(entry.parts) <= 2]
    if len(found) != 1:
        raise Problem(METADATA, f"the archive holds {len(found)} of them", AGAIN)
    root = found[0].parts[:-1]
    try:
        text = archive.read(found[0], MOST_METADATA).decode("utf-8-sig")
        metadata = read_yaml(text)
    except (Refused, ValueError) as error:
        raise Problem(METADATA, f"cannot be read ({shown(str(error))})", AGAIN) from error
    folders: dict[str, list[Entry]] = defaultdict(list)
    for entry in archive.entries:
        if entry.parts[: len(root)] == root and len(entry.parts) > len(root) + 1:
            folders[entry.parts[len(root)]].append(entry)
    made = []
    for name, files in folders.items():
        about = metadata.get(name) if isinstance(metadata, dict) else None
        about = about if isinstance(about, dict) else {}
        made.append(HandIn(shown(name), _claims(about), tuple(files), _time(about.get(":created_at"))))
    return made


def _claims(about: dict[str, Any]) -> tuple[Claim, ...]:
    """Return who handed in. Values of another shape than Gradescope's say nothing."""
    submitters = about.get(":submitters")
    made = []
    for each in submitters if isinstance(submitters, list) else []:
        fields = each if isinstance(each, dict) else {}
        name, number, email = (
            value if isinstance(value := fields.get(key), str) else "" for key in (":name", ":sid", ":email")
        )
        made.append(Claim(number=number, ids=(email,) if email else (), name=name))
    return tuple(made)


def _time(value: Any) -> datetime | None:
    """Return a time in UTC. Ruby may write an object with the time in UTC inside."""
    if isinstance(value, dict):
        value = value.get("utc")
    match = TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        return None
    offset = "+00:00" if match[3] in ("Z", "UTC") else match[3]
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


LAYOUT = Layout(
    "gradescope",
    "Gradescope's export of submissions",
    lambda entry: entry.parts[-1] == METADATA and len(entry.parts) <= 2,
    hand_ins,
    number="student_number",
    lasting=True,
    needs_roster="Download the roster from Gradescope as CSV, and add --roster FILE or run `autograder roster FILE`.",
)
