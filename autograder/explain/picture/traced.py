"""Find the cells of a picture's matrices that the learner's function reads, and matrices to draw because of them."""

from collections.abc import Sequence
from itertools import product

from autograder.explain.picture.panels import Cell
from autograder.report.report import Trace

# The most matrices that are drawn only because the function reads them.
MOST_OTHERS = 2


def read(trace: Trace | None, name: str, index: Sequence[int], first: Cell = (0, 0)) -> frozenset[Cell]:
    """Return the cells that are read of the matrix at these leading indices, whose first number is in cell `first`."""
    cells = [(*cell[len(index) :],) for cell in _read(trace, name) if cell[: len(index)] == tuple(index)]
    # A signal is drawn as a matrix of one row.
    return frozenset((first[0] + (0, *cell)[-2], first[1] + cell[-1]) for cell in cells)


def others(trace: Trace | None, name: str, shown: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Return the leading indices of matrices that are read, and not among those shown."""
    count = len(shown[0]) if shown else 0
    indices = dict.fromkeys(cell[:count] for cell in _read(trace, name))
    return [index for index in indices if index not in shown][:MOST_OTHERS]


def _read(trace: Trace | None, name: str) -> list[tuple[int, ...]]:
    """Return the index of each number of an argument that is read, or that another one is multiplied by."""
    if trace is None:
        return []
    factor = [trace.factor.index] if trace.factor and trace.factor.name == name else []
    return [*(product(*trace.reads) if trace.argument == name else ()), *factor]
