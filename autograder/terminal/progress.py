"""How far a class run is: a bar at a terminal, lines in a log, or events (one JSON object a line) for a program."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.grading.people import NO_VERDICT, why
from autograder.sanitize import clean
from autograder.terminal.console import console

if TYPE_CHECKING:
    from autograder.grading.engine import Graded

LINE_SECONDS = 10.0
# Results come a batch at a time: before this, they tell nothing of the pace.
SETTLED_SECONDS = 3.0
FULL, PARTLY, NONE, ERROR, UNCHANGED = "full", "partly", "0 points", NO_VERDICT, "unchanged"


@dataclass
class Tally:
    """What a run came to so far. Of each submission it keeps a line's worth: a class may be large.

    `people` are the submissions that need a person: student, assignment, and why.
    """

    total: int
    started: float = field(default_factory=time.monotonic)
    counts: Counter[str] = field(default_factory=Counter)
    scores: list[tuple[str, str, float, bool]] = field(default_factory=list)
    people: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    under_way: float = 0.0

    def add(self, one: "Graded") -> str:
        """Count one submission; what it came to."""
        report = one.report
        kind = FULL if report.score >= report.max_score else PARTLY if report.score > 0 else NONE
        kind = ERROR if report.has_error else kind
        self.counts[kind] += 1
        self.counts[UNCHANGED] += one.cached
        if not one.cached and not self.under_way:
            self.under_way = time.monotonic()
        self.scores.append((one.student, one.assignment, report.score, report.has_error))
        if reasons := why(one):
            self.people.append((one.student, one.assignment, reasons))
        if not one.cached:
            self.slowest = max(self.slowest, (report.seconds, f"{one.student}/{one.assignment}"))
        return kind

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
        """Submissions a second."""
        return self.graded / max(self.seconds, 1e-9)

    @property
    def left(self) -> str:
        """How long the rest takes, at the pace since the first was graded: what came before was the start."""
        seconds = time.monotonic() - self.under_way
        if self.graded < 2 or seconds < SETTLED_SECONDS:
            return ""
        return f", about {seconds * (self.total - self.done) / (self.graded - 1):.0f} s left"

    def line(self) -> str:
        """All of it in a line."""
        told = [f"{self.counts[kind]} {kind}" for kind in (FULL, PARTLY, NONE, ERROR, UNCHANGED) if self.counts[kind]]
        if self.graded:
            told.append(f"{self.rate:.1f} a second")
        if self.slowest[1]:
            told.append(f"slowest {clean(self.slowest[1])} {self.slowest[0]:.1f} s")
        return ", ".join(told)


Told = Callable[["Graded"], None]


@contextmanager
def following(tally: Tally, *, events: bool = False) -> Iterator[Told]:
    """Tell of a run while it lasts: call what this gives with each submission."""
    way = _events if events else _bar if sys.stderr.isatty() else _lines
    with way(tally) as told:
        yield told


@contextmanager
def _bar(tally: Tally) -> Iterator[Told]:
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}", markup=False), console=console(stderr=True)) as bar:
        task = bar.add_task("", total=tally.total)

        def told(one: "Graded") -> None:
            tally.add(one)
            bar.update(task, advance=1, description=tally.line())

        yield told


@contextmanager
def _lines(tally: Tally) -> Iterator[Told]:
    said = tally.started

    def told(one: "Graded") -> None:
        nonlocal said
        tally.add(one)
        if time.monotonic() - said >= LINE_SECONDS:
            said = time.monotonic()
            _say(f"{tally.done} of {tally.total}: {tally.line()}{tally.left}")

    yield told


@contextmanager
def _events(tally: Tally) -> Iterator[Told]:
    _emit(event="start", submissions=tally.total)

    def told(one: "Graded") -> None:
        report = one.report
        _emit(
            event="graded",
            student=one.student,
            assignment=one.assignment,
            score=report.score,
            max_score=report.max_score,
            outcome=tally.add(one),
            unchanged=one.cached,
            seconds=report.seconds,
        )

    yield told


def end(tally: Tally, *, stopped: bool) -> None:
    """The last event."""
    _emit(
        event="end",
        submissions=tally.total,
        graded=tally.graded,
        unchanged=tally.counts[UNCHANGED],
        no_verdict=tally.counts[ERROR],
        stopped=stopped,
        seconds=round(tally.seconds, 3),
        slowest=tally.slowest[1],
        people=[{"student": who, "assignment": what, "why": reasons} for who, what, reasons in sorted(tally.people)],
    )


def _emit(**event: Any) -> None:
    # Student names come from folders, whose names need not be text; JSON escapes what is none.
    print(json.dumps(event), flush=True)


def _say(text: str) -> None:
    with suppress(OSError):
        print(clean(text).encode("utf-8", "replace").decode(), file=sys.stderr, flush=True)
