"""Make and release feedback pages, with a bar at a terminal; Ctrl-C stops after the pages in progress."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.course import Course
from autograder.feedback.give import Plan, give
from autograder.grading import lock
from autograder.nbgrader import commands
from autograder.terminal import interrupt
from autograder.terminal.console import console
from autograder.terminal.exit_status import GRADED, INTERRUPTED
from autograder.terminal.say import say

REDRAW_SECONDS = 0.1
FINISHING = "Finishing the pages in progress; press Ctrl-C again to stop at once."
STOPPED = "Stopped. The pages that were made are complete; run the same command again to continue."


def run(
    course: Course,
    assignments: Sequence[str],
    students: Sequence[str] | None,
    *,
    jobs: int,
    force: bool,
    wait: bool,
    echo: Callable[[str], None] = print,
) -> int:
    """Make the pages of these learners, or of all, and return the exit status. Raises Problem."""
    try:
        with (
            interrupt.finish_on_first(lambda: say(FINISHING)) as interrupted,
            lock.held(course, "feedback", wait=wait),
            _following() as on_page,
        ):
            plan = Plan(set(students) if students else None, jobs, force, interrupted.is_set, on_page)
            give(commands.connect(course), course, assignments, echo, plan)
    except KeyboardInterrupt:
        say(STOPPED)
        return INTERRUPTED
    if interrupted.is_set():
        say(STOPPED)
        return INTERRUPTED
    return GRADED


@contextmanager
def _following() -> Iterator[Callable[[int, int], None]]:
    """Yield a function to call after each page, with the number done and the number of all."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    columns = (TextColumn("feedback"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    drawn = 0.0
    # No thread draws the bar: the pages are made by forks, and only a process without other threads is safe to fork.
    with Progress(*columns, console=console(stderr=True), auto_refresh=False) as bar:
        task = bar.add_task("", total=None)

        def on_page(done: int, total: int) -> None:
            nonlocal drawn
            bar.update(task, completed=done, total=total)
            if done == total or time.monotonic() - drawn >= REDRAW_SECONDS:
                drawn = time.monotonic()
                bar.refresh()

        yield on_page
