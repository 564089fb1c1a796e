"""Print reports and tables at a terminal. Text from a submission is cleaned before it is shown."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from autograder.notebooks.fill import MARKS
from autograder.report.counts import counted, points_of
from autograder.report.messages import NOT_FINAL
from autograder.report.report import CheckResult, Outcome, Report
from autograder.report.wording import lines_of
from autograder.sanitize import clean
from autograder.terminal.console import console, plain

if TYPE_CHECKING:
    from autograder.authoring.answers_proof import AnswersProof
    from autograder.authoring.notebooks_proof import NotebooksProof
    from autograder.doctor import Finding

STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.SKIPPED: "dim", Outcome.ERROR: "bold yellow"}
MOST_NAMES = 4


def show_report(out: Console, report: Report) -> None:
    """Print a report: its checks with points and messages, its notes, and the total."""
    out.print(plain(f"{report.assignment}: {report.submission}", "bold"))
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column(width=1)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for check in report.checks:
        style = STYLES[check.outcome]
        points = f"{check.score:g} of {check.max_score:g}"
        table.add_row(Text(MARKS[check.outcome], style), _explained(check), Text(points, style))
    out.print(table)
    for note in (*report.flags, *report.notes):
        out.print(Text("Note: ", "bold") + plain(note))
    noun = "bonus point" if report.bonus else "point"
    out.print(Text(f"Total: {points_of(report.score, report.max_score, noun)}", "bold"))
    if report.has_error:
        out.print(Text(NOT_FINAL, STYLES[Outcome.ERROR]))


def _explained(check: CheckResult) -> Text:
    text = plain(check.title)
    for line in lines_of(check):
        text.append("\n" + clean(line), "dim" if check.outcome is Outcome.SKIPPED else "")
    return text


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[str] = ()) -> Table:
    """Return a table of cleaned text. The columns named in `numbers` are aligned to the right.

    A title wraps at the width of the table: print a long one above it instead.
    """
    made = Table(title=title or None, title_justify="left", title_style="bold")
    for head in heads:
        made.add_column(head, justify="right" if head in numbers else "left")
    for row in rows:
        made.add_row(*(plain(value) for value in row))
    return made


def show_scores(out: Console, title: str, scores: Iterable[tuple[str, str, float, bool]]) -> None:
    """Print one row per student and one column per assignment.

    A score is (student, assignment, points, flagged); a flagged one gets an exclamation mark.
    """
    names: dict[str, None] = {}
    students: dict[str, dict[str, tuple[float, bool]]] = {}
    for student, assignment, points, flagged in scores:
        names[assignment] = None
        students.setdefault(student, {})[assignment] = (points, flagged)
    rows = []
    for student, row in sorted(students.items()):
        cells = [f"{row[name][0]:g}{' !' if row[name][1] else ''}" if name in row else "" for name in names]
        rows.append([student, *cells, f"{sum(points for points, _ in row.values()):g}"])
    out.print(plain(title, "bold"))
    out.print(table("", ["student", *names, "total"], rows, numbers=[*names, "total"]))


@contextmanager
def progress(title: str, total: int) -> Iterator[Callable[..., None]]:
    """Show a progress bar if stderr is a terminal. Yield a function that advances it, by one step or several."""
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


def show_notebooks_proof(out: Console, proofs: Sequence["NotebooksProof"], seeds: int) -> None:
    """Print one row per assignment, then everything that does not hold."""
    heads = ["assignment", "solution", "stub", "release", "hidden", ""]
    rows = [
        [
            proof.assignment,
            proof.solution,
            proof.stub,
            proof.release,
            proof.leak,
            "holds" if proof.holds else "DOES NOT HOLD",
        ]
        for proof in proofs
    ]
    out.print(table(f"in the sandbox, {counted(seeds, 'seed')}", heads, rows))
    for proof in proofs:
        for problem in proof.problems:
            out.print(plain(f"{proof.assignment}: {problem}", "red"))


def show_answers_proof(out: Console, proofs: Mapping[str, "AnswersProof"]) -> None:
    """Print one row per check: how many wrong answers it catches, and the names of some."""
    rows = [row for step, proof in proofs.items() if proof.table_seeds for row in _caught(step, proof)]
    if rows:
        seeds = max(proof.seeds for proof in proofs.values())
        out.print(
            table(f"known wrong answers, {counted(seeds, 'seed')}", ["step", "check", "catches", "such as"], rows)
        )
    for step, proof in proofs.items():
        for name, seed in proof.survived[:MOST_NAMES]:
            out.print(plain(f"{step}: the wrong answer {name} keeps its points under seed {seed}", "red"))
        for name, check, seed in proof.refused[:MOST_NAMES]:
            out.print(plain(f"{step}: the right answer {name} fails {check} under seed {seed}", "red"))


def _caught(step: str, proof: "AnswersProof") -> list[list[str]]:
    from autograder.suite.load import load_suite

    redundant = set(proof.redundant_checks())
    rows = []
    for check in load_suite(step).checks:
        caught = proof.caught_by(check.id)
        names = ", ".join(caught[:MOST_NAMES]) + (", …" if len(caught) > MOST_NAMES else "")
        rows.append(
            [
                step,
                check.id,
                str(len(caught)),
                names + (" (other checks catch all of them)" if check.id in redundant else ""),
            ]
        )
    return rows


def show_findings(out: Console, findings: Sequence["Finding"]) -> None:
    """Print one line per finding, and the remedy below what is missing."""
    marks = {True: Text("✓", "green"), False: Text("✗", "red"), None: Text("·", "dim")}
    for finding in findings:
        out.print(marks[finding.good], plain(f"{finding.what}: {finding.text}"))
        if finding.remedy:
            out.print(Text("  "), plain(finding.remedy))
