"""The table of the gate: which wrong answers each hidden check catches, and what does not hold."""

from collections.abc import Mapping

from rich.console import Console

from autograder.authoring.answers_proof import Found
from autograder.suite.load import load_suite
from autograder.terminal.console import plain
from autograder.terminal.tables import table

SHOWN = 4


def show_found(out: Console, found: Mapping[str, Found]) -> None:
    """A line a check: how many wrong answers it catches as learners would see it, and some of their names."""
    rows = [row for step, one in found.items() if one.table_seeds for row in _rows(step, one)]
    if rows:
        seeds = max(one.seeds for one in found.values())
        out.print(table(f"known wrong answers, {seeds} seeds", ["step", "check", "catches", "such as"], rows))
    for step, one in found.items():
        for name, seed in one.survived[:SHOWN]:
            out.print(plain(f"{step}: the wrong answer {name} keeps its points under seed {seed}", "red"))
        for name, check, seed in one.refused[:SHOWN]:
            out.print(plain(f"{step}: the right answer {name} fails {check} under seed {seed}", "red"))


def _rows(step: str, one: Found) -> list[list[str]]:
    idle = one.dead_weight()
    rows = []
    for check in load_suite(step).checks:
        caught = one.killed_by(check.id)
        names = ", ".join(caught[:SHOWN]) + (", …" if len(caught) > SHOWN else "")
        rows.append(
            [
                step,
                check.id,
                str(len(caught)),
                names + (" (none that no other check catches)" if check.id in idle else ""),
            ]
        )
    return rows
