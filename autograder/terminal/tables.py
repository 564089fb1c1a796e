"""Reports and tables for people at a terminal. Whatever comes from a submission is cleaned before it is shown."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from autograder.report.counts import counted, points_of
from autograder.report.report import CheckResult, Outcome, Report
from autograder.report.wording import lines_of
from autograder.sanitize import clean
from autograder.terminal.console import console, plain

if TYPE_CHECKING:
    from autograder.authoring.answers_proof import Found
    from autograder.authoring.notebooks_proof import Proof
    from autograder.doctor import Finding

MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.SKIPPED: "–", Outcome.ERROR: "!"}
STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.SKIPPED: "dim", Outcome.ERROR: "bold yellow"}
MOST_NAMES = 4
NO_VERDICT = "Some checks have no verdict, through the grader's own fault; the total is not final."


def show_report(out: Console, report: Report) -> None:
    """One report: its checks with points and messages, its notes, and the total."""
    out.print(plain(f"{report.assignment}: {report.submission}", "bold"))
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column(width=1)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for check in report.checks:
        style = STYLES[check.outcome]
        points = f"{check.score:g} of {check.max_score:g}"
        table.add_row(Text(MARKS[check.outcome], style), _told(check), Text(points, style))
    out.print(table)
    for note in report.notes:
        out.print(Text("Note: ", "bold") + plain(note))
    noun = "bonus point" if report.bonus else "point"
    out.print(Text(f"Total: {points_of(report.score, report.max_score, noun)}", "bold"))
    if report.has_error:
        out.print(Text(NO_VERDICT, STYLES[Outcome.ERROR]))


def _told(check: CheckResult) -> Text:
    told = plain(check.title)
    for line in lines_of(check):
        told.append("\n" + clean(line), "dim" if check.outcome is Outcome.SKIPPED else "")
    return told


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[str] = ()) -> Table:
    """A table of cleaned text; the columns named in `numbers` are set to the right.

    A title is broken where the table is narrower: a long one is better printed above.
    """
    made = Table(title=title or None, title_justify="left", title_style="bold")
    for head in heads:
        made.add_column(head, justify="right" if head in numbers else "left")
    for row in rows:
        made.add_row(*(plain(value) for value in row))
    return made


def show_scores(out: Console, title: str, scores: Iterable[tuple[str, str, float, bool]]) -> None:
    """A line for each student and a column for each assignment, from (student, assignment, score, needs a look)."""
    names: dict[str, None] = {}
    students: dict[str, dict[str, tuple[float, bool]]] = {}
    for student, assignment, score, flagged in scores:
        names[assignment] = None
        students.setdefault(student, {})[assignment] = (score, flagged)
    rows = []
    for student, own in sorted(students.items()):
        cells = [f"{own[name][0]:g}{' !' if own[name][1] else ''}" if name in own else "" for name in names]
        rows.append([student, *cells, f"{sum(score for score, _ in own.values()):g}"])
    out.print(plain(title, "bold"))
    out.print(table("", ["student", *names, "total"], rows, numbers=[*names, "total"]))


@contextmanager
def progress(title: str, total: int) -> Iterator[Callable[..., None]]:
    """A progress bar on stderr; call what it gives with a number of steps, or none for one. Silent off a terminal."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console(stderr=True),
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count=1: bar.advance(task, count)


def show_proof(out: Console, proven: Sequence["Proof"], seeds: int) -> None:
    """What `verify` found, an assignment a line, and beneath it what does not hold."""
    heads = ["assignment", "solution", "stub", "release", "hidden", ""]
    rows = [
        [one.assignment, one.solution, one.stub, one.release, one.leak, "holds" if one.holds else "DOES NOT HOLD"]
        for one in proven
    ]
    out.print(table(f"in the sandbox, {counted(seeds, 'seed')}", heads, rows))
    for one in proven:
        for problem in one.problems:
            out.print(plain(f"{one.assignment}: {problem}", "red"))


def show_found(out: Console, found: Mapping[str, "Found"]) -> None:
    """A line a check: how many wrong answers it catches as learners would see it, and some of their names."""
    rows = [row for step, one in found.items() if one.table_seeds for row in _caught(step, one)]
    if rows:
        seeds = max(one.seeds for one in found.values())
        out.print(
            table(f"known wrong answers, {counted(seeds, 'seed')}", ["step", "check", "catches", "such as"], rows)
        )
    for step, one in found.items():
        for name, seed in one.survived[:MOST_NAMES]:
            out.print(plain(f"{step}: the wrong answer {name} keeps its points under seed {seed}", "red"))
        for name, check, seed in one.refused[:MOST_NAMES]:
            out.print(plain(f"{step}: the right answer {name} fails {check} under seed {seed}", "red"))


def _caught(step: str, one: "Found") -> list[list[str]]:
    from autograder.suite.load import load_suite

    idle = one.dead_weight()
    rows = []
    for check in load_suite(step).checks:
        caught = one.killed_by(check.id)
        names = ", ".join(caught[:MOST_NAMES]) + (", …" if len(caught) > MOST_NAMES else "")
        rows.append(
            [
                step,
                check.id,
                str(len(caught)),
                names + (" (none that no other check catches)" if check.id in idle else ""),
            ]
        )
    return rows


def show_findings(out: Console, findings: Sequence["Finding"]) -> None:
    """What `doctor` found, a line each; the remedy beneath what is missing."""
    marks = {True: Text("✓", "green"), False: Text("✗", "red"), None: Text("·", "dim")}
    for one in findings:
        out.print(marks[one.good], plain(f"{one.what}: {one.found}"))
        if one.remedy:
            out.print(Text("  "), plain(one.remedy))
