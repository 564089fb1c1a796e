"""Show whose grade a run changes: as a table, as data for an event, or as one page."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from rich.console import Console

from autograder.course import Course
from autograder.errors import Problem
from autograder.grading.changes import Change, Changes
from autograder.report.counts import counted
from autograder.sanitize import clean
from autograder.terminal.console import plain
from autograder.terminal.tables import table

TEMPLATES = Path(__file__).parent / "templates"
TEMPLATE = "changes.html.j2"
HEADING = "{course}: {count} changed"
WOULD = "{count} would change. Nothing was written."
DID = "{count} changed."
DRY_RUN, WRITTEN = "A dry run over {count}, {now}. Nothing was written.", "A run over {count}, {now}."
REVIEW = "manual score to review"
NO_SCORE = "–"


def require_writable(page: Path | None) -> None:
    """Raise Problem, before anything is graded, if the page could not be written afterwards."""
    if page is not None and (page.is_dir() or not page.parent.is_dir()):
        raise Problem(page, "cannot be written: it is a folder, or its folder does not exist", "Name another file.")


def show(out: Console, changes: Changes, *, dry_run: bool) -> None:
    """Print one row for each grade that changes, and how many there are."""
    count = counted(len(changes.found), "grade")
    if changes.found:
        heads = ["student", "assignment", "before", "after", "why"]
        rows = [
            [each.student, each.assignment, points(each.before), points(each.after), "; ".join(_words(each))]
            for each in changes.found
        ]
        out.print(table("", heads, rows, numbers=heads[2:4]))
    out.print(plain((WOULD if dry_run else DID).format(count=count)))


def _words(change: Change) -> list[str]:
    return [*change.why, *(f"{REVIEW}: {title}" for title in change.to_review)]


def as_data(changes: Changes) -> list[dict[str, Any]]:
    """Return the changes as plain data."""
    return [asdict(change) for change in changes.found]


def write_page(course: Course, changes: Changes, page: Path, *, dry_run: bool) -> None:
    """Write one page that needs no other file. Raises Problem."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M UTC}"
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True)
    environment.filters |= {"clean": clean, "points": points}
    text = environment.get_template(TEMPLATE).render(
        heading=HEADING.format(course=course.title or course.course, count=counted(len(changes.found), "grade")),
        state=(DRY_RUN if dry_run else WRITTEN).format(count=counted(changes.submissions, "submission"), now=now),
        changes=changes.found,
        review=REVIEW,
    )
    try:
        page.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise Problem(page, f"could not be written ({error.strerror})", "Name another file.") from error


def points(value: float | None) -> str:
    """Return points for people; a dash if there are none yet."""
    return NO_SCORE if value is None else f"{value:g}"
