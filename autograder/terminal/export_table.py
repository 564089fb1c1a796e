"""Show what a way out writes, and what has no match, before anything is written."""

from collections.abc import Sequence

from rich.console import Console

from autograder.campus.made import Kind, Made, Remark
from autograder.sanitize import one_line
from autograder.terminal.tables import table

MOST_NAMES, MOST_LETTERS = 12, 60
ORDER = list(Kind)


def show_made(out: Console, made: Made) -> None:
    """Print a table of the remarks, with those that say the same in one row."""
    groups: dict[tuple[int, str, str], list[str]] = {}
    for remark in made.remarks:
        groups.setdefault((ORDER.index(remark.kind), remark.assignment, remark.why), []).append(_shown(remark))
    rows = [
        [str(ORDER[kind]), assignment, str(len(names)) if any(names) else "", _who(kind, why, names), why]
        for (kind, assignment, why), names in sorted(groups.items(), key=lambda group: group[0][0])
    ]
    if rows:
        out.print(table("", ["", "assignment", "how many", "who", "why"], rows, numbers=["how many"]))


def _shown(remark: Remark) -> str:
    name = one_line(remark.who)
    return name if len(name) <= MOST_LETTERS else f"{name[:MOST_LETTERS]}…"


def _who(kind: int, why: str, names: Sequence[str]) -> str:
    """Return the names, unless nothing about them is out of the ordinary. A long list of absent learners is cut."""
    if ORDER[kind] is Kind.FILLED and not why:
        return ""
    if ORDER[kind] is Kind.NOTE:
        return ", ".join(names)
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
