"""Print a class at a glance: what to talk about, results by step, mistakes, hard checks, who may need help."""

from collections.abc import Sequence

from rich.console import Console

from autograder.overview import alike_words
from autograder.overview.alike import Alike
from autograder.overview.class_data import Result
from autograder.overview.statistics import CheckFigures
from autograder.overview.summary import Summary
from autograder.report.counts import rounded
from autograder.terminal.console import plain
from autograder.terminal.tables import table

MOST_ROWS = 10
MOST_LEARNERS = 40
MORE = "and {count} more; the page has them"
COUNTS = ["full", "partly", "0 points", *map(str, (Result.NO_VERDICT, Result.NOT_GRADED)), "late"]


def show(out: Console, summary: Summary) -> None:
    """Print a class at a glance."""
    for sentence in summary.headline:
        out.print(plain(sentence, "bold"))
    _show_steps(out, summary)
    named = [[each.assignment, str(len(each.learners)), str(each.answers), each.sentence] for each in summary.mistakes]
    _show(out, "Mistakes, commonest first", ["step", "learners", "of answers", "mistake"], named, MOST_ROWS)
    _show(out, "Hardest checks", ["step", "check", "failed", "of tried", "difficulty"], _checks(summary), MOST_ROWS)
    if not summary.anonymous:
        needing = [[summary.labels[each.student], "; ".join(each.reasons)] for each in summary.needs_help]
        _show(out, "Who may need help", ["learner", "why"], needing, MOST_LEARNERS)
    if summary.alike:
        _show_alike(out, summary, summary.alike)


def _show_alike(out: Console, summary: Summary, found: Alike) -> None:
    rows = [
        [
            ", ".join(summary.labels[each] for each in group.learners),
            "\n".join(map(alike_words.sentence, group.findings)),
        ]
        for group in found.groups
    ]
    out.print()
    out.print(plain(alike_words.TITLE, "bold"))
    out.print(plain(alike_words.CAUTION))
    if rows:
        out.print(table("", ["learners", "what they share"], rows[:MOST_ROWS]))
    if len(rows) > MOST_ROWS:
        out.print(plain(MORE.format(count=len(rows) - MOST_ROWS)))
    for line in (*([alike_words.NOTHING] if found.compared and not rows else []), *alike_words.limits(found)):
        out.print(plain(line))


def _show_steps(out: Console, summary: Summary) -> None:
    rows = []
    for step in summary.used:
        own = step.figures
        counts = [str(count or "") for count in (*own.counts.values(), own.late)]
        mean = "" if own.mean is None else rounded(own.mean)
        rows.append([step.id, f"{own.handed_in} of {own.learners}", *counts, mean])
    _show(out, "Hand-ins, with final points", ["step", "handed in", *COUNTS, "mean"], rows, len(rows))


def _checks(summary: Summary) -> list[list[str]]:
    found = [(step.id, check) for step in summary.steps for check in step.figures.checks if check.difficulty]
    found.sort(key=lambda each: -_difficulty(each[1]))
    return [
        [step, check.title, str(check.failed), str(check.tried), f"{_difficulty(check):.0%}"] for step, check in found
    ]


def _difficulty(check: CheckFigures) -> float:
    return check.difficulty or 0.0


def _show(out: Console, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> None:
    """Print a table, unless it is empty; of a long one, the first rows."""
    if not rows:
        return
    words = {"step", "check", "mistake", "learner", "why"}
    out.print()
    out.print(plain(title, "bold"))
    out.print(table("", heads, rows[:most], numbers=[head for head in heads if head not in words]))
    if len(rows) > most:
        out.print(plain(MORE.format(count=len(rows) - most)))
