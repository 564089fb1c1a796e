"""List all hand-ins that lie in the exchange, by their folders' names. No file is opened."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect

from autograder.course import Course
from autograder.nbgrader.collecting import may_be
from autograder.nbgrader.commands import connect
from autograder.notebooks.handed_in_at import read_timestamp
from autograder.notebooks.submitted import wrong_with


@dataclass(frozen=True)
class HandIn:
    """A hand-in in the exchange. `when` is naive UTC."""

    student: str
    assignment: str
    when: datetime


def hand_ins(course: Course, assignments: Collection[str]) -> list[HandIn] | None:
    """Return the hand-ins for these assignments; None if there is no inbound folder that can be read. Raises Problem.

    Every user of the machine can write there. So folders are left out if `collect` would leave them out by their name
    or their owner.
    """
    if not (course.root / "nbgrader_config.py").is_file():
        return None
    api = connect(course)
    if not issubclass(api.exchange.collect, ExchangeCollect) or not api.exchange_root:
        return None
    check_owner = bool(api.config.get("ExchangeCollect", {}).get("check_owner", True))
    try:
        with os.scandir(Path(api.exchange_root) / course.course / "inbound") as entries:
            found = [_hand_in(entry, assignments, check_owner) for entry in entries]
    except OSError:
        return None
    return sorted(filter(None, found), key=lambda each: (each.assignment, each.student, each.when))


def _hand_in(entry: "os.DirEntry[str]", assignments: Collection[str], check_owner: bool) -> HandIn | None:
    student, *others = entry.name.rsplit("+", 3)
    if len(others) < 2 or others[0] not in assignments or wrong_with(student):
        return None
    when = read_timestamp(others[1])
    if when is None or not entry.is_dir(follow_symlinks=False):
        return None
    if check_owner and not may_be(student, entry.stat(follow_symlinks=False).st_uid):
        return None
    return HandIn(student, others[0], when)
