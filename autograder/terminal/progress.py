"""Report the progress of a run: a bar at a terminal, lines in a log, or events (one JSON object per line)."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.grading.needs_review import NO_VERDICT, review_reasons
from autograder.sanitize import clean
from autograder.terminal.console import console
from autograder.terminal.say import say

if TYPE_CHECKING:
    from autograder.grading.engine import Graded

LINE_SECONDS = 10.0
# Results come in batches, so the pace is unknown before this.
SETTLED_SECONDS = 3.0
FULL, PARTLY, NONE, ERROR, UNCHANGED = "full", "partly", "0 points", NO_VERDICT, "unchanged"
# Counts as they stand in a line; the names above are those of the events.
COUNTS = {
    FULL: "{} full",
    PARTLY: "{} partly",
    NONE: "{} with 0 points",
    ERROR: "{} no verdict",
    UNCHANGED: "{} unchanged",
}


class Score(NamedTuple):
    """The points of one submission; `no_verdict` is true if some check has none, so that they are not final."""

    student: str
    assignment: str
    points: float
    no_verdict: bool


class Review(NamedTuple):
    """A submission that a person should review, and why."""

    student: str
    assignment: str
    reasons: tuple[str, ...]


@dataclass
class Tally:
    """The results of a run so far. It keeps no reports, because a class may be large."""

    total: int
    started: float = field(default_factory=time.monotonic)
    counts: Counter[str] = field(default_factory=Counter)
    scores: list[Score] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    first_graded: float = 0.0

    def add(self, graded: "Graded") -> str:
        """Count one submission, and return its outcome."""
        report = graded.report
        outcome = FULL if report.score >= report.max_score else PARTLY if report.score > 0 else NONE
        outcome = ERROR if report.has_error else outcome
        self.counts[outcome] += 1
        self.counts[UNCHANGED] += graded.cached
        if not graded.cached and not self.first_graded:
            self.first_graded = time.monotonic()
        self.scores.append(Score(graded.student, graded.assignment, report.score, report.has_error))
        if reasons := review_reasons(graded):
            self.reviews.append(Review(graded.student, graded.assignment, reasons))
        if not graded.cached:
            self.slowest = max(self.slowest, (report.seconds, f"{graded.student}/{graded.assignment}"))
        return outcome

    def sort(self, assignments: Sequence[str]) -> None:
        """Put the scores into the order of the assignments: each judge begins with others."""
        self.scores.sort(key=lambda score: (assignments.index(score.assignment), score.student))

    @property
    def done(self) -> int:
        return len(self.scores)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def graded(self) -> int:
        return self.done - self.counts[UNCHANGED]

    @property
    def has_error(self) -> bool:
        return self.counts[ERROR] > 0

    @property
    def rate(self) -> float:
        """Return how many submissions were graded per second."""
        return self.graded / max(self.seconds, 1e-9)

    @property
    def time_left(self) -> str:
        """Return how long the rest will take, at the pace since the first result; empty if that is unknown yet."""
        seconds = time.monotonic() - self.first_graded
        if self.graded < 2 or seconds < SETTLED_SECONDS:
            return ""
        return f", about {seconds * (self.total - self.done) / (self.graded - 1):.0f} s left"

    def line(self) -> str:
        """Return the results in one line."""
        parts = [text.format(self.counts[name]) for name, text in COUNTS.items() if self.counts[name]]
        if self.graded:
            parts.append(f"{self.rate:.1f} per second")
        if self.slowest[1]:
            parts.append(f"slowest {clean(self.slowest[1])} {self.slowest[0]:.1f} s")
        return ", ".join(parts)


OnGraded = Callable[["Graded"], None]


@contextmanager
def following(tally: Tally, *, events: bool = False) -> Iterator[OnGraded]:
    """Report the progress of a run. Yield a function to call with each graded submission."""
    reporter = _events if events else _bar if sys.stderr.isatty() else _lines
    with reporter(tally) as on_graded:
        yield on_graded


@contextmanager
def _bar(tally: Tally) -> Iterator[OnGraded]:
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}", markup=False), console=console(stderr=True)) as bar:
        task = bar.add_task("", total=tally.total)

        def on_graded(graded: "Graded") -> None:
            tally.add(graded)
            bar.update(task, advance=1, description=tally.line())

        yield on_graded


@contextmanager
def _lines(tally: Tally) -> Iterator[OnGraded]:
    last_line = tally.started

    def on_graded(graded: "Graded") -> None:
        nonlocal last_line
        tally.add(graded)
        if time.monotonic() - last_line >= LINE_SECONDS:
            last_line = time.monotonic()
            say(f"{tally.done} of {tally.total}: {tally.line()}{tally.time_left}")

    yield on_graded


@contextmanager
def _events(tally: Tally) -> Iterator[OnGraded]:
    _emit(event="start", submissions=tally.total)

    def on_graded(graded: "Graded") -> None:
        report = graded.report
        _emit(
            event="graded",
            student=graded.student,
            assignment=graded.assignment,
            score=report.score,
            max_score=report.max_score,
            outcome=tally.add(graded),
            unchanged=graded.cached,
            seconds=report.seconds,
        )

    yield on_graded


def end(
    tally: Tally, *, stopped: bool, dry_run: bool = False, changes: Sequence[Mapping[str, Any]] | None = None
) -> None:
    """Print the last event. It has the changes only if the run collected them."""
    collected = {} if changes is None else {"dry_run": dry_run, "changes": changes}
    _emit(
        event="end",
        submissions=tally.total,
        graded=tally.graded,
        unchanged=tally.counts[UNCHANGED],
        no_verdict=tally.counts[ERROR],
        stopped=stopped,
        seconds=round(tally.seconds, 3),
        slowest=tally.slowest[1],
        people=[
            {"student": review.student, "assignment": review.assignment, "why": review.reasons}
            for review in sorted(tally.reviews)
        ],
        **collected,
    )


def _emit(**event: Any) -> None:
    # Students' names come from folders, whose names may not be valid text. JSON escapes such bytes.
    print(json.dumps(event), flush=True)
