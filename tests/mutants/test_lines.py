"""The line that a report names is the line that was changed."""

import ast
import difflib

import pytest

from autograder.judge import judge
from tests.mutants.mutate import Mutant, mutants

COUNT, SEED = 30, 31
FEWEST = 6


def changed(mutant: Mutant) -> set[tuple[str, int]]:
    """Return the cells and lines in which a mutant differs from its origin, and the lines between two of a cell."""
    lines = set()
    own = mutant.submission.cells[-len(mutant.origin.sources) :]
    for source, cell in zip(mutant.origin.sources, own, strict=True):
        before, after = ast.unparse(ast.parse(source)).splitlines(), cell.source.rstrip("\n").splitlines()
        if before != after:
            codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
            spans = [(start, max(end, start + 1)) for tag, _, _, start, end in codes if tag != "equal"]
            lines |= {(cell.label, line + 1) for line in range(spans[0][0], spans[-1][1])}
    return lines


@pytest.mark.long
def test_no_other_line_is_named(the_course, sandbox) -> None:
    # The other cells of an origin are kept as they were written: only the changed one is unparsed.
    made = [mutant for mutant in mutants(COUNT, SEED) if len(mutant.origin.sources) == 1]
    reports = judge.grade(the_course, [mutant.submission for mutant in made], sandbox)
    named = 0
    for mutant, report in zip(made, reports, strict=True):
        told = {(check.slip.cell, check.slip.line) for check in report.checks if check.slip}
        assert told <= changed(mutant), (mutant.origin.name, mutant.changes)
        named += bool(told)
    assert named >= FEWEST
